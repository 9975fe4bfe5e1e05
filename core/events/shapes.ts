/** Schemas that several events share. */
import { z } from "../zod.ts";
import type { Json } from "../json.ts";
import { FINISH_REASONS, MODEL_ERROR_KINDS, SILENCE_REASONS } from "./models.ts";

/** A count, an ordinal or a turn. */
export const count = z.int().nonnegative();

export const hash = z.string().regex(/^[0-9a-f]{64}$/, "expected 64 hexadecimal digits");

const json: z.ZodType<Json> = z.json();

export const jsonRecord = z.record(z.string(), json);

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

/** How a reply came about, and which texts were removed from it. */
export const reply = {
  generation: generation.optional(),
  thoughts: z.string().optional(),
  removed: z.array(z.string()).optional(),
  sealed: z.object({ person: z.string(), box: z.string(), withdrawn: z.literal(true).optional() }).optional(),
};

export const said = { turn: count, comment: count, text: z.string(), raw: z.string().optional(), ...reply };

export const silent = { turn: count, reason: z.enum(SILENCE_REASONS), raw: z.string(), ...reply };

export const failure = { model: z.string(), kind: z.enum(MODEL_ERROR_KINDS), retryable: z.boolean() };

export const ending = { turns: count, comments: count };

export const annotated = { pass: z.string(), comment: count, annotator: z.string() };

export const values = z.record(z.string(), z.union([z.number(), z.string(), z.boolean()]));

export const models = z.record(
  z.string(),
  z.object({
    adapter: z.string(),
    sampling: z.object({
      temperature: z.number().optional(),
      topP: z.number().optional(),
      maxTokens: z.number().optional(),
      stop: z.array(z.string()).optional(),
    }),
    options: jsonRecord,
    thoughts: z.enum(["strip", "keep"]).optional(),
  }),
);

export const source = z.object({ format: z.string(), file: z.string(), sha256: hash });
