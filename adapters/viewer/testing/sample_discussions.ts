/** Discussions for tests of the viewer's pages: small, written by hand, with everything that a page must show. */
import { EMPTY_CHAIN, encodeEvent } from "../../../core/events/codec.ts";
import type { DiscussionDesign, DiscussionEvent, Envelope, EventMeta } from "../../../core/events/mod.ts";
import type { ModelReply } from "../../../core/ports/mod.ts";
import { portableSha256 } from "../../../core/sha256.ts";
import {
  designWith,
  generationFailed,
  moderatorWith,
  participantsNamed,
  passWith,
  play,
  playPass,
  saying,
} from "../../../core/testing/mod.ts";
import { HOSTILE_TEXTS } from "../../report/testing/hostile.ts";

/** The run of the sample. */
export const SAMPLE_RUN = "buses";

/** The time of the sample's first event. */
const START_MS = Date.UTC(2026, 10, 2, 8, 30);

/** Each event comes this much later than the one before. */
const STEP_MS = 4_000;

/** A discussion of the sample: its log, and the damage at which its log ends. */
export type SampleDiscussion = Readonly<{ events: readonly Envelope[]; damage: string | null }>;

const LINES = [
  "Night buses would help everyone who works late. The last one leaves at eleven.",
  "And who pays? My taxes already went up twice.",
  "Other towns did it with a small fee. People pay it gladly.",
  "That is nonsense, and you know it.",
  "Let us look at the numbers: forty riders a night, three drivers.",
  "Forty riders! You could fit them in a van.\nOr in two, if they bring luggage.",
  "Then let us have the van. My sister walks home through the park.",
  "No one forces her to work nights.",
];

const MODELS = {
  "test-model": designWith().models["test-model"]!,
  "large-model": { adapter: "test", sampling: { temperature: 0.8, maxTokens: 200 }, options: {} },
};

const PARTICIPANTS: DiscussionDesign["participants"] = [
  { name: "Amara", model: "test-model", persona: { age: 34, occupation: "nurse" } },
  {
    name: "Bengt",
    model: "large-model",
    persona: { age: 61, occupation: "retired" },
    role: { name: "troll", instructions: "Provoke the others." },
  },
  { name: "Chiara", model: "test-model", persona: { age: 27, occupation: "bus driver" } },
];

/**
 * The reply to the n-th request. The replies include comments, kinds of silence, thoughts and cut replies.
 */
function answer(offset: number): (step: unknown, nth: number) => ModelReply {
  return (_, nth) => {
    const usage = { promptTokens: 300 + 40 * nth, completionTokens: 24 + nth };
    const text = LINES[(nth + offset) % LINES.length]!;
    if (nth === 3) return { ...saying("PASS"), usage };
    if (nth === 5) {
      return { text: `${text} And another thing that`, finishReason: "length", usage };
    }
    if (nth === 6) return { ...saying(`<think>They will not listen anyway.</think>${text}`), usage };
    if (nth === 8) return { text: "", finishReason: "length", usage };
    if (nth === 9) return { ...saying(text), reasoning: "A number is more convincing.", usage };
    return { ...saying(text), usage };
  };
}

function sampleDesign(id: string, changes: Partial<DiscussionDesign>): DiscussionDesign {
  return designWith({
    id,
    experiment: "Night buses",
    participants: PARTICIPANTS,
    openings: [{ author: "Amara", text: "Should buses run at night?" }],
    turns: 10,
    models: MODELS,
    prompt: { ...designWith().prompt, context: "This is the forum of a small town." },
    ...changes,
  });
}

const GENTLE = {
  condition: "moderator=gentle",
  factors: { moderator: "gentle" },
  moderator: moderatorWith({
    model: "large-model",
    instructions: "Calm the discussion.",
    schedule: { name: "every-turn", options: {} },
  }),
} as const;

const NONE = { condition: "moderator=none", factors: { moderator: "none" } } as const;

/**
 * Adds annotations by two annotators. One of them rates every third comment much worse than the other does.
 */
function annotated(events: readonly DiscussionEvent[]): readonly DiscussionEvent[] {
  const design = passWith({ pass: "toxicity", requests: "together", retries: 0, models: MODELS });
  const pass = playPass(events, design, ({ question: { comment, annotator } }) => {
    const isRita = annotator.name === "Rita";
    if (comment === 4 && isRita) return "I cannot tell.";
    const toxicity = comment % 3 === 2 && isRita ? 5 : 1 + comment % 2;
    return JSON.stringify({ toxicity, insult: toxicity > 3 ? "yes" : "no" });
  });
  return [...events, ...pass.events];
}

/** The log of some events. */
function logOf(id: string, events: readonly DiscussionEvent[], startMs: number): Envelope[] {
  const log: Envelope[] = [];
  let end = EMPTY_CHAIN;
  for (const [index, event] of events.entries()) {
    const meta: EventMeta = event.type === "GenerationFailed"
      ? { attempts: 3, message: "the server did not answer within 60 s" }
      : event.type === "TurnTaken"
      ? { latencyMs: 700 + 90 * index, attempts: index % 4 === 3 ? 2 : 1 }
      : {};
    const atMs = startMs + index * STEP_MS;
    const sealed = encodeEvent(id, end, { pending: { event, meta }, atMs, sha256: portableSha256 });
    end = sealed.end;
    log.push(JSON.parse(sealed.line));
  }
  return log;
}

/** Puts a failed request before an event. */
function failing(events: readonly DiscussionEvent[], at: number): readonly DiscussionEvent[] {
  const before = events[at]!;
  const { turn, participant } = before.data as Readonly<{ turn: number; participant: string }>;
  return [...events.slice(0, at), generationFailed(turn, participant), ...events.slice(at)];
}

function played(id: string, changes: Partial<DiscussionDesign>, offset = 0): readonly DiscussionEvent[] {
  return play(sampleDesign(id, changes), answer(offset)).events;
}

/**
 * A discussion in which each hostile text is a comment. Names are hostile, too. The opening has a million
 * characters.
 */
function hostile(): readonly DiscussionEvent[] {
  const names = [`<img src=x onerror="window.harmed = true">`, "مارية\u202egnp.exe", "X".repeat(300)];
  const design = sampleDesign("hostile.r0001", {
    condition: `</script><script>window.harmed = true</script>`,
    factors: { "<b>factor</b>": "\u202elevel" },
    participants: participantsNamed(...names),
    openings: [{ author: names[0]!, text: `long ${"word ".repeat(200_000)}` }],
    turns: HOSTILE_TEXTS.length,
    history: 1,
  });
  return play(design, (_, nth) => saying(HOSTILE_TEXTS[nth]!)).events;
}

/** All discussions of the sample, by name. */
export function sampleDiscussions(): ReadonlyMap<string, SampleDiscussion> {
  const whole = failing(played("gentle.r0001", GENTLE), 4);
  const other = played("none.r0001", NONE, 2);
  const original = logOf("none.r0001", annotated(other), START_MS);
  const branchPast = other.slice(1, 6);
  const branchDesign = sampleDesign("none.r0001.f1", {
    ...NONE,
    forkedFrom: {
      stream: "none.r0001",
      seq: branchPast.length,
      events: branchPast.length,
      hash: original[branchPast.length]!.hash,
    },
  });
  const branch = [
    { type: "DiscussionOpened", data: branchDesign } as const,
    ...branchPast,
    ...played("none.r0001.f1", NONE, 5).slice(6),
  ];
  const logs: [string, readonly DiscussionEvent[], string | null][] = [
    ["gentle.r0001", annotated(whole), null],
    ["gentle.r0002", played("gentle.r0002", { ...GENTLE, replicate: 2 }, 3).slice(0, 9), null],
    ["none.r0001", annotated(other), null],
    ["none.r0001.f1", branch, null],
    [
      "none.r0002",
      failing(played("none.r0002", { ...NONE, replicate: 2 }, 4), 5).slice(0, 6),
      null,
    ],
    [
      "none.r0003",
      played("none.r0003", { ...NONE, replicate: 3 }, 1).slice(0, 7),
      "line 8: the hash does not match: this line or one before it was changed, removed or added",
    ],
    ["hostile.r0001", hostile(), null],
  ];
  return new Map(
    logs.map(([id, events, damage], index) => [
      id,
      { events: logOf(id, events, START_MS + index * 3_600_000), damage },
    ]),
  );
}
