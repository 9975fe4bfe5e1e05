/** Counts what people said in the logs of a run, and what of it cannot be read. */
import type { Envelope } from "../../core/events/mod.ts";
import { sealedWords } from "../../core/people/mod.ts";
import type { Withheld } from "./entries.ts";
import type { LogCollector } from "./slots.ts";

/** Texts that cannot be read, and the number of people whose texts they are. */
export type UnreadableTexts = Readonly<{ texts: number; people: number }>;

/** What people said in the logs of a run. A rating counts as a text, too. */
export type PeopleWords =
  & Readonly<{
    /** How many people spoke in discussions. Each seat of a person counts as one. */
    speakers: number;
    /** How many people rated. */
    raters: number;
  }>
  & Readonly<Record<Withheld, UnreadableTexts>>;

/** Counts the texts of people. It needs every event. */
export class PeopleWordsTally implements LogCollector {
  readonly #speakers = new Set<string>();
  readonly #raters = new Set<string>();
  /** Why texts cannot be read → person → their number. */
  readonly #unreadable: Readonly<Record<Withheld, Map<string, number>>> = {
    withdrawn: new Map(),
    sealed: new Map(),
  };

  /** Counts the words of one event. */
  add(envelope: Envelope): void {
    const sealed = sealedWords(envelope);
    const person = sealed?.person ?? envelope.person;
    if (person === undefined) return;
    ("annotator" in envelope.data ? this.#raters : this.#speakers).add(person);
    if (sealed === undefined) return;
    const unreadable = this.#unreadable[sealed.withdrawn ? "withdrawn" : "sealed"];
    unreadable.set(person, (unreadable.get(person) ?? 0) + 1);
  }

  /** Nothing depends on the end of a log. */
  ended(): void {}

  /** The counts; `null` if no person said anything. */
  words(): PeopleWords | null {
    const [speakers, raters] = [this.#speakers.size, this.#raters.size];
    if (speakers + raters === 0) return null;
    const { withdrawn, sealed } = this.#unreadable;
    return { speakers, raters, withdrawn: sumOf(withdrawn), sealed: sumOf(sealed) };
  }
}

function sumOf(unreadable: ReadonlyMap<string, number>): UnreadableTexts {
  return { texts: unreadable.values().reduce((sum, texts) => sum + texts, 0), people: unreadable.size };
}
