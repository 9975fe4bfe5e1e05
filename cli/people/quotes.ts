/** Finds the words of people in a run, and what withdrawal cannot reach: replies of others that repeat these words. */
import { Passages } from "../../analysis/texts/mod.ts";
import { type Envelope, eventOf } from "../../core/events/mod.ts";
import { DamagedStream } from "../../core/engine/mod.ts";
import { RUN_TEXTS } from "../../core/ports/mod.ts";
import { storedRatings } from "../../core/rating/mod.ts";
import type { RunLogs } from "../shared/logs.ts";
import { AskedPeople } from "./asked_people.ts";

/**
 * A reply that repeats words of `person`. `seq` is the number of its event; `by` is the speaker of the reply.
 */
export type Quote = Readonly<{ person: string; discussion: string; seq: number; by: string }>;

/** How many texts of a person a run has. */
export type PersonWords = Readonly<{
  comments: number;
  /**
   * The number of rated comments, summed over passes. It includes ratings that are saved but not yet in the
   * log of a discussion.
   */
  ratings: number;
  /** All other replies, such as a reply that was not accepted as a comment. */
  others: number;
}>;

/** The people's words in a run, and the replies of others that repeat them. */
export type FoundWords = Readonly<{
  words: ReadonlyMap<string, PersonWords>;
  quotes: readonly Quote[];
}>;

/** Reads all logs twice: once for the words of these people, and once for replies that repeat them. Skips damaged logs. */
export async function findWords(logs: RunLogs, persons: readonly string[]): Promise<FoundWords> {
  const said = new Map(persons.map((person) => [person, new Said()]));
  const asked = new AskedPeople();
  for await (const envelope of allEvents(logs)) {
    asked.add(envelope);
    said.get(envelope.person ?? "")?.add(envelope);
  }
  for (const { pass, rater, number } of asked.raters) {
    const stored = await logs.run.readText(RUN_TEXTS.ratings(pass, number));
    if (stored !== null) said.get(rater)?.saved(pass, storedRatings(stored)?.all ?? 0);
  }
  const passages = [...said].map(([person, { texts }]) => ({
    person,
    passages: new Passages(texts, asked.labels),
  }));
  const quotes: Quote[] = [];
  for await (const envelope of allEvents(logs)) {
    const texts = textsOf(envelope);
    for (const { person, passages: own } of passages) {
      if (envelope.person === person || !texts.some((text) => own.areIn(text))) continue;
      quotes.push({ person, discussion: envelope.stream, seq: envelope.seq, by: speakerOf(envelope) });
    }
  }
  return { words: new Map([...said].map(([person, { count }]) => [person, count])), quotes };
}

/** What one person said. */
class Said {
  readonly texts: string[] = [];
  #comments = 0;
  #others = 0;
  /** Pass → the rated comments. */
  readonly #rated = new Map<string, Set<string>>();
  /** Pass → the number of saved ratings. */
  readonly #saved = new Map<string, number>();

  add(envelope: Envelope): void {
    const { type, data } = eventOf(envelope);
    // Of an annotation, only the values are searched: the raw reply has labels and numbers, which others
    // give, too.
    this.texts.push(...textsOf(type === "CommentAnnotated" ? { data: { values: data.values } } : envelope));
    if (type === "TurnTaken" || type === "ModeratorIntervened") this.#comments++;
    else if (type === "CommentAnnotated" || type === "AnnotationUnparsed") {
      const rated = this.#rated.get(data.pass) ?? new Set();
      this.#rated.set(data.pass, rated.add(JSON.stringify([envelope.stream, data.comment])));
    } else this.#others++;
  }

  /** Notes how many ratings the rater's log of a pass has. */
  saved(pass: string, ratings: number): void {
    this.#saved.set(pass, ratings);
  }

  get count(): PersonWords {
    const passes = new Set([...this.#rated.keys(), ...this.#saved.keys()]);
    const ratings = [...passes].map((pass) =>
      Math.max(this.#rated.get(pass)?.size ?? 0, this.#saved.get(pass) ?? 0)
    );
    return {
      comments: this.#comments,
      ratings: ratings.reduce((sum, count) => sum + count, 0),
      others: this.#others,
    };
  }
}

async function* allEvents(logs: RunLogs): AsyncGenerator<Envelope> {
  for await (const discussion of logs.discussions()) {
    try {
      yield* logs.events(discussion);
    } catch (error) {
      if (!(error instanceof DamagedStream)) throw error;
    }
  }
}

/** The texts of an event that a speaker or an annotator wrote. */
function textsOf({ data }: Readonly<{ data: unknown }>): string[] {
  const { text, raw, thoughts, removed, values } = data as Readonly<Record<string, unknown>>;
  const answers = typeof values === "object" && values !== null ? Object.values(values) : [];
  return [text, raw, thoughts, ...Array.isArray(removed) ? removed : [], ...answers]
    .filter((one) => typeof one === "string");
}

function speakerOf({ data }: Envelope): string {
  const { participant, moderator, annotator, author } = data as Readonly<Record<string, unknown>>;
  return String(participant ?? moderator ?? annotator ?? author ?? "");
}
