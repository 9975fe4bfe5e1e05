/** The options of a local model in an experiment file. */
import { z } from "zod";
import { REQUESTS_IN_FLIGHT_MAX } from "../shared/options.ts";

/** The default batch size: larger batches gain little on a CPU. */
const BATCH_DEFAULT = 16;

/** The largest batch size. */
const BATCH_MAX = 256;

/** The default time limit of a request, with its wait for a batch. */
export const TIMEOUT_SECONDS_DEFAULT = 600;

export const TIMEOUT_SECONDS_MAX = 7_200;

/** The default size of the prefix cache. */
const PREFIX_MEGABYTES_DEFAULT = 512;

const PREFIX_MEGABYTES_MAX = 1_000_000;
const THREADS_MAX = 1024;
const TOP_K_MAX = 1_000_000;
const REPETITION_PENALTY_MAX = 10;

/** The number formats of weights, with the suffixes of their file names. */
export const DTYPE_SUFFIXES = {
  fp32: "",
  fp16: "_fp16",
  q8: "_quantized",
  int8: "_int8",
  uint8: "_uint8",
  q4: "_q4",
  q4f16: "_q4f16",
  bnb4: "_bnb4",
} as const;

/** A number format of weights. */
export type Dtype = keyof typeof DTYPE_SUFFIXES;

const DEVICES = ["cpu", "cuda", "webgpu", "dml", "coreml"] as const;

const pathError =
  "a folder, relative to the experiment file, or a name on the Hugging Face hub such as owner/name";
const revisionError = "a branch, a tag or a commit, such as main";
const dtypeError = Object.keys(DTYPE_SUFFIXES).join(", ");
const whole = (least: number, most: number, description: string) => {
  const error = `a whole number from ${least} to ${most}`;
  return z.int({ error }).min(least, { error }).max(most, { error }).describe(description);
};
const minPError = "a probability from 0 to 1";
const penaltyError = `a number above 0 and up to ${REPETITION_PENALTY_MAX}; 1 changes nothing`;
const timeoutError = `a number of seconds above 0 and up to ${TIMEOUT_SECONDS_MAX}`;

/** Options of local models. */
export const transformersSchema = z.strictObject({
  model: z.string({ error: pathError }).min(1, { error: pathError }).max(1000, { error: pathError }),
  revision: z.string({ error: revisionError }).regex(/^[\w./-]{1,200}$/, { error: revisionError }).default(
    "main",
  )
    .describe("Which version of a model on the hub"),
  dtype: z.enum(Object.keys(DTYPE_SUFFIXES) as [Dtype, ...Dtype[]], { error: dtypeError }).default("fp32")
    .describe("The number format of the weights; only in fp32 is a reply the same alone and in a batch"),
  topK: whole(0, TOP_K_MAX, "Only this many of the likeliest tokens are drawn; 0 for all").optional(),
  minP: z.number({ error: minPError }).min(0, { error: minPError }).max(1, { error: minPError }).optional()
    .describe("Tokens are not drawn if they are less likely than this share of the likeliest one"),
  repetitionPenalty: z.number({ error: penaltyError }).gt(0, { error: penaltyError })
    .max(REPETITION_PENALTY_MAX, { error: penaltyError }).optional()
    .describe("Above 1: tokens that are already in the prompt or the reply become less likely"),
  device: z.enum(DEVICES, { error: DEVICES.join(", ") }).default("cpu").describe("What the model runs on"),
  threads: whole(1, THREADS_MAX, "Processor threads; by default one for each core")
    .optional(),
  cacheFolder: z.string({ error: "a folder" }).min(1, { error: "a folder" }).optional()
    .describe("Where models of the hub are kept"),
  batch: whole(1, BATCH_MAX, "The most requests in one batch").default(BATCH_DEFAULT),
  concurrency: whole(
    1,
    REQUESTS_IN_FLIGHT_MAX,
    "Requests in flight at once; by default two batches",
  )
    .optional(),
  prefixMegabytes: whole(
    0,
    PREFIX_MEGABYTES_MAX,
    "Memory for reusing the common beginnings of prompts; 0 turns reuse off",
  )
    .default(PREFIX_MEGABYTES_DEFAULT),
  timeoutSeconds: z.number({ error: timeoutError }).gt(0, { error: timeoutError })
    .max(TIMEOUT_SECONDS_MAX, { error: timeoutError }).default(TIMEOUT_SECONDS_DEFAULT)
    .describe("The time limit of one request, waiting included"),
});

/** Options of a local model, with their defaults. */
export type TransformersOptions = Readonly<z.output<typeof transformersSchema>>;
