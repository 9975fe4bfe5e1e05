/**
 * The shapes of all events, for checking logs. Reading a log to go on from it does not need them: the chain already
 * tells that the lines are those that this program wrote.
 */
import { z } from "zod";
import { type Scale, SCALE_TYPES } from "../annotation/scales/mod.ts";
import type { Json } from "../json.ts";
import { FINISH_REASONS, MODEL_ERROR_KINDS } from "./models.ts";
import type { DiscussionEvent } from "./mod.ts";
import { SILENCE_REASONS } from "./turn_passed.ts";

const count = z.int().nonnegative();
const hash = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits");
const json: z.ZodType<Json> = z.json();
const jsonRecord = z.record(z.string(), json);

const generation = z.object({
  model: z.string(),
  promptHash: hash,
  commentsLeftOut: z.int().positive().optional(),
  seed: count,
  finishReason: z.enum(FINISH_REASONS),
  finishReasonGiven: z.string().optional(),
  usage: z.object({ promptTokens: count, completionTokens: count }).optional(),
  servedBy: z.string().optional(),
});

const taken = { thoughts: z.string().optional(), removed: z.array(z.string()).optional() };
const ending = { turns: count, comments: count };
const said = {
  turn: count,
  comment: count,
  text: z.string(),
  raw: z.string().optional(),
  generation: generation.optional(),
  ...taken,
};
const silent = {
  turn: count,
  reason: z.enum(SILENCE_REASONS),
  raw: z.string(),
  generation: generation.optional(),
  ...taken,
};
const rule = z.object({ name: z.string(), options: jsonRecord });
const source = z.object({ format: z.string(), file: z.string(), sha256: hash });
const origin = source.extend({
  id: z.string().optional(),
  members: jsonRecord,
  speakers: z.array(jsonRecord).optional(),
  entries: z.record(z.string(), jsonRecord),
});
const failure = { model: z.string(), kind: z.enum(MODEL_ERROR_KINDS), retryable: z.boolean() };

const spec = z.object({
  adapter: z.string(),
  sampling: z.object({
    temperature: z.number().optional(),
    topP: z.number().optional(),
    maxTokens: z.number().optional(),
    stop: z.array(z.string()).optional(),
  }),
  options: jsonRecord,
  thoughts: z.enum(["strip", "keep"]).optional(),
});

const design = z.object({
  id: z.string(),
  experiment: z.string(),
  condition: z.string(),
  factors: z.record(z.string(), z.string()),
  varied: z.record(z.string(), z.string()),
  replicate: z.int().positive(),
  seed: z.string(),
  participants: z.array(z.object({
    name: z.string(),
    model: z.string(),
    persona: jsonRecord,
    role: z.object({ name: z.string(), instructions: z.string() }).optional(),
  })),
  moderator: z.object({
    name: z.string(),
    model: z.string(),
    persona: jsonRecord,
    instructions: z.string(),
    schedule: rule,
  }).nullable(),
  openings: z.array(z.object({ author: z.string(), text: z.string() })),
  turns: count,
  history: count.nullable(),
  turnTaking: rule,
  passWord: z.string(),
  reading: z.int().positive().optional(),
  prompt: z.object({
    layout: z.enum(["transcript", "dialogue"]),
    version: z.int().positive(),
    context: z.string(),
    instructions: z.string(),
  }),
  models: z.record(z.string(), spec),
  forkedFrom: z.object({ stream: z.string(), seq: count, events: count }).optional(),
  imported: origin.optional(),
});

const named = {
  name: z.string(),
  question: z.string(),
  grammar: z.enum(["exact", "mention"]).optional(),
};
const scale = z.discriminatedUnion(
  "type",
  SCALE_TYPES.map(({ type, logged }) => z.object({ ...named, type: z.literal(type), ...logged })) as never,
) as unknown as z.ZodType<Scale>;

const pass = z.object({
  pass: z.string(),
  codebook: z.object({ version: z.string(), hash, scales: z.array(scale) }),
  annotators: z.array(z.object({
    name: z.string(),
    model: z.string().optional(),
    persona: jsonRecord,
    instructions: z.string(),
  })),
  models: z.record(z.string(), spec),
  history: count.nullable(),
  targets: z.object({
    of: z.enum(["all", "participants", "moderators"]),
    perDiscussion: z.int().positive().optional(),
  }),
  requests: z.enum(["together", "separate"]),
  retries: count,
  seed: z.string(),
  prompt: z.object({ version: z.int().positive() }),
  reading: z.int().positive().optional(),
  source: source.optional(),
  reparsedFrom: z.string().optional(),
});

const judged = { pass: z.string(), comment: count, annotator: z.string() };
const values = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]));

/** The schema of every event type's `data`. Members that are not named here are let through. */
export const EVENT_SCHEMAS: {
  readonly [T in DiscussionEvent["type"]]: z.ZodType<Extract<DiscussionEvent, { type: T }>["data"]>;
} = {
  DiscussionOpened: design,
  SeedCommentPosted: z.object({ comment: count, author: z.string(), text: z.string() }),
  TurnTaken: z.object({ ...said, participant: z.string() }),
  TurnPassed: z.object({ ...silent, participant: z.string() }),
  ModeratorIntervened: z.object({ ...said, moderator: z.string() }),
  ModeratorAbstained: z.object({ ...silent, moderator: z.string() }),
  GenerationFailed: z.object({
    turn: count,
    speaker: z.string(),
    role: z.enum(["participant", "moderator"]),
    ...failure,
  }),
  DiscussionCompleted: z.object({
    ...ending,
    reason: z.enum(["turns", "stopped-early"]),
    note: z.string().optional(),
  }),
  DiscussionAborted: z.object({ ...ending, reason: z.string() }),
  AnnotationPassStarted: pass,
  CommentAnnotated: z.object({
    ...judged,
    values,
    probabilities: z.record(z.string(), z.record(z.string(), z.number().min(0).max(1))).optional(),
    raw: z.string().optional(),
    attempt: z.int().positive().optional(),
    generation: generation.optional(),
    ...taken,
  }),
  SilenceAnnotated: z.object({ pass: z.string(), position: count, annotator: z.string(), values }),
  AnnotationUnparsed: z.object({
    ...judged,
    scales: z.array(z.string()),
    raw: z.string(),
    problem: z.string(),
    attempt: z.int().positive(),
    generation: generation.optional(),
    ...taken,
  }),
  AnnotationFailed: z.object({ ...judged, ...failure }),
  AnnotationPassCompleted: z.object({ pass: z.string(), annotated: count, unparsed: count }),
};

/**
 * What is wrong with the shape of an event's data.
 *
 * @param event The event, as it was read.
 * @returns The first finding, such as `data.turn: expected int`; `null` when the shape is right.
 */
export function shapeProblem({ type, data }: DiscussionEvent): string | null {
  const issue = EVENT_SCHEMAS[type].safeParse(data).error?.issues[0];
  return issue === undefined ? null : `${["data", ...issue.path].join(".")}: ${issue.message}`;
}
