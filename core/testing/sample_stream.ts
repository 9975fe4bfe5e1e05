/** Small, valid streams and logs, for tests of code that reads or stores events. */
import { portableSha256 } from "../sha256.ts";
import { EMPTY_CHAIN, encodeEvent } from "../events/codec.ts";
import type { DiscussionEvent, Generation, StoredLine } from "../events/mod.ts";
import { type EventStore, memoryEventStore } from "../ports/mod.ts";

const generation: Generation = {
  model: "tiny",
  promptHash: "0123456789abcdef".repeat(4),
  seed: 7,
  finishReason: "stop",
  usage: { promptTokens: 12, completionTokens: 3 },
};

const schedule = { name: "every-turn", options: {} };

/**
 * The events of a finished discussion with two participants, a moderator and three turns. It has every event
 * type that a discussion without scripted interventions can have.
 */
export function sampleEvents(id: string): DiscussionEvent[] {
  return [
    {
      type: "DiscussionOpened",
      data: {
        id,
        experiment: "sample",
        condition: "base",
        factors: { moderator: "gentle" },
        varied: {},
        replicate: 1,
        seed: "42",
        participants: [
          { name: "Ada", model: "tiny", persona: { age: 36, tags: ["a", null, true] } },
          { name: "Bob", model: "tiny", persona: {}, role: { name: "troll", instructions: "Provoke." } },
        ],
        moderator: { name: "Mo", model: "tiny", persona: {}, instructions: "Be kind.", schedule },
        openings: [{ author: "Ada", text: "Grüße 😀" }],
        turns: 3,
        history: null,
        turnTaking: { name: "respond", options: { probability: 0.4 } },
        passWord: "PASS",
        prompt: { layout: "transcript", version: 1, context: "A forum.", instructions: "Write." },
        models: { tiny: { adapter: "scripted", sampling: { temperature: 0.7, stop: ["\n"] }, options: {} } },
      },
    },
    { type: "SeedCommentPosted", data: { comment: 0, author: "Ada", text: "Grüße 😀" } },
    {
      type: "TurnTaken",
      data: { turn: 0, comment: 1, participant: "Bob", text: "No.", raw: " No. ", generation },
    },
    {
      type: "ModeratorIntervened",
      data: { turn: 0, comment: 2, moderator: "Mo", text: "Calm.", generation },
    },
    {
      type: "GenerationFailed",
      data: {
        turn: 1,
        speaker: "Ada",
        role: "participant",
        model: "tiny",
        kind: "time-out",
        retryable: true,
      },
    },
    { type: "TurnPassed", data: { turn: 1, participant: "Ada", reason: "empty", raw: '""', generation } },
    {
      type: "ModeratorAbstained",
      data: { turn: 1, moderator: "Mo", reason: "pass-word", raw: "PASS", generation },
    },
    {
      type: "TurnTaken",
      data: { turn: 2, comment: 3, participant: "Bob", text: "Fine\n\ud800.", generation },
    },
    { type: "DiscussionCompleted", data: { reason: "turns", turns: 3, comments: 4 } },
  ];
}

/** The events of one pass over the comments of the sample, with every event type that a pass can have. */
export function annotationEvents(pass: string): DiscussionEvent[] {
  const asked = { pass, comment: 1, annotator: "Rita" };
  return [
    {
      type: "AnnotationPassStarted",
      data: {
        pass,
        codebook: {
          version: "1",
          hash: "fedcba9876543210".repeat(4),
          scales: [
            { name: "toxicity", type: "ordinal", min: 1, max: 5, question: "How toxic is the last comment?" },
            { name: "stance", type: "nominal", labels: ["for", "against"], question: "Which side is it on?" },
          ],
        },
        annotators: [{ name: "Rita", model: "tiny", persona: { age: 50 }, instructions: "Judge." }],
        models: { tiny: { adapter: "scripted", sampling: {}, options: {} } },
        history: 2,
        targets: { of: "participants" },
        requests: "together",
        retries: 1,
        seed: "42/r1",
        prompt: { version: 1 },
      },
    },
    {
      type: "CommentAnnotated",
      data: {
        ...asked,
        values: { toxicity: 4, stance: "against" },
        probabilities: { stance: { for: 0.25, against: 0.75 } },
        raw: "toxicity: 4\nstance: against",
        attempt: 1,
        generation,
      },
    },
    { type: "SilenceAnnotated", data: { pass, position: 3, annotator: "Rita", values: { toxicity: 1 } } },
    {
      type: "AnnotationUnparsed",
      data: {
        ...asked,
        comment: 3,
        scales: ["toxicity", "stance"],
        raw: "rather toxic",
        problem: "toxicity: no answer",
        attempt: 1,
        generation,
      },
    },
    {
      type: "AnnotationFailed",
      data: { ...asked, comment: 3, model: "tiny", kind: "time-out", retryable: true },
    },
    { type: "AnnotationPassCompleted", data: { pass, annotated: 2, unparsed: 1 } },
  ];
}

/** Encodes events as the lines of a stream. All of them have the time `atMs`. */
export function sealedLines(
  stream: string,
  events: Iterable<DiscussionEvent> = sampleEvents(stream),
  atMs = 0,
): StoredLine[] {
  const lines: StoredLine[] = [];
  let end = EMPTY_CHAIN;
  for (const event of events) {
    const sealed = encodeEvent(stream, end, { pending: { event }, atMs, sha256: portableSha256 });
    lines.push(sealed.line);
    end = sealed.end;
  }
  return lines;
}

/** The lines of a log of these events, recorded at the beginning of 2026. */
export function linesOf(stream: string, events: Iterable<DiscussionEvent>): StoredLine[] {
  return sealedLines(stream, events, Date.UTC(2026, 0, 1));
}

/** A store in memory with one stream of these events. If there are no events, the store has no stream. */
export async function storeHolding(stream: string, events: readonly DiscussionEvent[]): Promise<EventStore> {
  const store = memoryEventStore();
  if (events.length > 0) await store.append(stream, 0, linesOf(stream, events));
  return store;
}

/**
 * A store whose appends can fail.
 *
 * @param failure The error of the n-th append, 0-based; `null` if it succeeds.
 */
export function failingStore(store: EventStore, failure: (nth: number) => Error | null): EventStore {
  let appends = 0;
  return {
    ...store,
    append(stream, expectedSeq, lines) {
      const error = failure(appends++);
      return error === null ? store.append(stream, expectedSeq, lines) : Promise.reject(error);
    },
  };
}
