/** Finds what withdrawal cannot reach: replies of others that repeat a person's words. */
import { Passages } from "../../analysis/texts/mod.ts";
import type { Envelope } from "../../core/events/mod.ts";
import { DamagedStream } from "../../core/engine/mod.ts";
import type { RunLogs } from "../shared/logs.ts";

/** A reply that repeats words of a person. */
export type Quote = Readonly<{ person: string; discussion: string; seq: number; by: string }>;

/** The people's words in a run, and the replies of others that repeat them. */
export type FoundWords = Readonly<{
  /** Person → how many events have words of this person. */
  events: ReadonlyMap<string, number>;
  quotes: readonly Quote[];
}>;

/** Reads all logs twice: once for the words of these people, and once for replies that repeat them. Skips damaged logs. */
export async function findWords(logs: RunLogs, persons: readonly string[]): Promise<FoundWords> {
  const said = new Map(persons.map((person) => [person, [] as string[]]));
  const events = new Map<string, number>();
  for await (const envelope of allEvents(logs)) {
    const own = said.get(envelope.person ?? "");
    if (own === undefined) continue;
    events.set(envelope.person!, (events.get(envelope.person!) ?? 0) + 1);
    own.push(...textsOf(envelope));
  }
  const passages = [...said].map(([person, texts]) => ({ person, passages: new Passages(texts) }));
  const quotes: Quote[] = [];
  for await (const envelope of allEvents(logs)) {
    const texts = textsOf(envelope);
    for (const { person, passages: own } of passages) {
      if (envelope.person === person || !texts.some((text) => own.areIn(text))) continue;
      quotes.push({ person, discussion: envelope.stream, seq: envelope.seq, by: speakerOf(envelope) });
    }
  }
  return { events, quotes };
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

/** The texts of an event that someone said. */
function textsOf({ data }: Envelope): string[] {
  const { text, raw, thoughts, removed, values } = data as Readonly<Record<string, unknown>>;
  const answers = typeof values === "object" && values !== null ? Object.values(values) : [];
  return [text, raw, thoughts, ...Array.isArray(removed) ? removed : [], ...answers]
    .filter((one) => typeof one === "string");
}

function speakerOf({ data }: Envelope): string {
  const { participant, moderator, annotator, author } = data as Readonly<Record<string, unknown>>;
  return String(participant ?? moderator ?? annotator ?? author ?? "");
}
