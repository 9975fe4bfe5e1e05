/** What an experiment file can say of the scripted model. */
import { z } from "zod";
import { MODEL_ERROR_KINDS } from "../../core/events/models.ts";
import { listed } from "../../core/experiment/problems.ts";
import { concurrencySchema } from "./concurrency.ts";
import { PLACEHOLDERS, unknownPlaceholders } from "./script_template.ts";

/** Longest latency, in milliseconds. */
export const LATENCY_MS_MAX = 3_600_000;

const probability = z.number({ error: "a probability from 0 to 1" })
  .min(0, { error: "a probability from 0 to 1" })
  .max(1, { error: "a probability from 0 to 1" });

const latency = `a number of milliseconds from 0 to ${LATENCY_MS_MAX}, or two: the least and the most`;
const milliseconds = z.number({ error: latency }).min(0, { error: latency }).max(LATENCY_MS_MAX, {
  error: latency,
});

const line = z.string({ error: "a text" }).refine((text) => unknownPlaceholders(text).length === 0, {
  error: `a text whose placeholders are ${listed(PLACEHOLDERS.map((name) => `{{${name}}}`))}`,
});
const lines = z.array(line, { error: "a list of texts" }).min(1, { error: "at least one text" });

const turn = "the number of a turn, counted from 1";
const failure = z.strictObject({
  kind: z.enum(MODEL_ERROR_KINDS, { error: listed(MODEL_ERROR_KINDS) }),
  probability: probability.default(1),
  turns: z.array(z.int({ error: turn }).min(1, { error: turn }), { error: "a list of turns" }).optional(),
}, { error: "{ kind, probability, turns }" });

/** Options of the scripted model. */
export const scriptedSchema = z.strictObject({
  replies: lines.optional().describe("What participants say"),
  moderatorReplies: lines.optional().describe("What moderators say; replies, where only these are given"),
  annotatorReplies: lines.optional().describe(
    "What annotators reply, whether it can be read or not; where left out, valid answers drawn at random",
  ),
  order: z.enum(["seed", "cycle"], { error: "seed or cycle" }).default("seed").describe(
    "Whether a line is picked by the request's seed, or by the turn",
  ),
  silence: probability.default(0).describe("How probable an empty reply is, where any text is one"),
  cut: probability.default(0).describe(
    "How probable it is that a reply breaks off in its middle, as one does that reaches its limit of tokens",
  ),
  latencyMs: z.union([
    milliseconds,
    z.tuple([milliseconds, milliseconds]).refine(([least, most]) => least <= most, { error: latency }),
  ], { error: latency }).optional().describe("How long an answer takes"),
  failures: z.array(failure, { error: "a list of failures" }).default([]).describe(
    "Failures by kind: how probable each attempt's is, and in which turns",
  ),
  concurrency: concurrencySchema,
});

/** Options of the scripted model, with their defaults. */
export type ScriptedOptions = Readonly<z.output<typeof scriptedSchema>>;
