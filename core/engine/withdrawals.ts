/**
 * Finds out when people withdraw while a discussion or an annotation pass runs. Has the error for a run that
 * lacks a person's key.
 */
import type { DiscussionEvent, Envelope } from "../events/mod.ts";
import { sealedWords } from "../people/mod.ts";
import type { ModelReply } from "../ports/model.ts";
import type { PersonKeys } from "../ports/person_keys.ts";
import { RunError } from "../run_log/mod.ts";
import type { Asked } from "./request.ts";

/** The speaker of an event; empty if no one spoke. */
export function speakerOf({ data }: DiscussionEvent): string {
  if ("participant" in data) return data.participant;
  return "moderator" in data && typeof data.moderator === "string" ? data.moderator : "";
}

/**
 * The person whose words in an event are still encrypted, although this person has not withdrawn: the key is
 * missing. `null` for all other events.
 */
export function lockedPerson(envelope: Envelope): string | null {
  const sealed = sealedWords(envelope);
  return sealed === undefined || sealed.withdrawn ? null : sealed.person;
}

/** The error for a missing key. Without the key, later prompts would lack the words of this person. */
export function withoutKey(action: string, person: string): RunError {
  return new RunError(
    "unusable",
    `Cannot ${action}: the run does not have the key of the words of "${person}". Copy the folder "people/keys" from ` +
      "the original run. If the key is lost, use the command withdraw for this person",
  );
}

/** The people whose words a running discussion or pass has in memory. */
export class Withdrawals<Words> {
  readonly #keys: PersonKeys | undefined;
  /** Person → what this person said. */
  readonly #said = new Map<string, Words[]>();

  /** Starts without words. If `keys` is missing, no person can withdraw. */
  constructor(keys: PersonKeys | undefined) {
    this.#keys = keys;
  }

  /** Remembers words of a person. */
  note(person: string, words: Words): void {
    if (this.#keys === undefined) return;
    const said = this.#said.get(person);
    if (said === undefined) this.#said.set(person, [words]);
    else said.push(words);
  }

  /** Whether a person withdrew. */
  has(person: string): boolean {
    return this.#keys?.hasWithdrawn(person) ?? false;
  }

  /**
   * The words of all people who have withdrawn since the last call. Only people with remembered words are
   * checked.
   */
  latest(): readonly Words[] {
    const latest: Words[] = [];
    for (const [person, said] of this.#said) {
      if (!this.has(person)) continue;
      latest.push(...said);
      this.#said.delete(person);
    }
    return latest;
  }

  /**
   * Asks a model or a person. If the person has withdrawn before or during the request, the reply has no
   * words.
   */
  async asking<Step>(
    step: Step,
    person: string,
    ask: () => Promise<Asked<Step> | null>,
  ): Promise<Asked<Step> | null> {
    if (this.has(person)) return notAsked(step);
    const asked = await ask();
    return asked !== null && this.has(person) ? notAsked(step) : asked;
  }

  /** Whether no person's words are in memory. */
  get isEmpty(): boolean {
    return this.#said.size === 0;
  }
}

/** The reply to a question that is not asked because a person withdrew. */
const WITHDRAWN_REPLY: ModelReply = { text: "", finishReason: "declined" };

/** The answer to a question that was not sent, because a person withdrew. */
export function notAsked<Step>(step: Step): Asked<Step> {
  return { sent: step, reply: WITHDRAWN_REPLY, trace: { attempts: 0, latencyMs: 0 } };
}
