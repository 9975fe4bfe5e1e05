/** The options that an experiment file can give to a model in a GGUF file. */
import { z } from "../../../core/zod.ts";
import { above0, probability, REQUESTS_IN_FLIGHT_MAX, timeoutSeconds, whole } from "../shared/options.ts";
import type { ModelPlace } from "./gguf_files.ts";

/** Requests in work at once. Each one reserves memory for a whole context. */
const BATCH_DEFAULT = 16;
const BATCH_MAX = 256;
const CONTEXT_TOKENS_DEFAULT = 4096;
const CONTEXT_TOKENS_MIN = 256;
const CONTEXT_TOKENS_MAX = 10_000_000;
const CONTEXTS_MAX = 64;
const TIMEOUT_SECONDS_DEFAULT = 600;
const PREFIX_MEGABYTES_DEFAULT = 512;
const PREFIX_MEGABYTES_MAX = 1_000_000;
const THREADS_MAX = 512;
const TOP_K_MAX = 1_000_000;
const REPETITION_PENALTY_MAX = 10;

const GPUS = ["auto", "cuda", "metal", "vulkan"] as const;

const modelError =
  "a .gguf file, relative to the experiment file, or one on the Hugging Face hub such as hf:owner/name/file.gguf";
const revisionError = "a branch, a tag or a commit, such as main";
const gpuError = `false, ${GPUS.join(", ")}`;
const penaltyError = `a number above 0 and up to ${REPETITION_PENALTY_MAX}; 1 changes nothing`;

export const llamaSchema = z.strictObject({
  model: z.string({ error: modelError }).min(1, { error: modelError }).max(1000, { error: modelError }),
  revision: z.string({ error: revisionError }).regex(/^(?!.*\.\.)[\w./-]{1,200}$/, { error: revisionError })
    .default("main").describe("Which version of a file on the hub"),
  contextTokens: whole(CONTEXT_TOKENS_MIN, CONTEXT_TOKENS_MAX).default(CONTEXT_TOKENS_DEFAULT)
    .describe("The most tokens of prompt and reply together, at most as many as the model was trained for"),
  topK: whole(0, TOP_K_MAX).default(0)
    .describe("How many of the likeliest tokens can be drawn; 0 for all"),
  minP: probability.default(0)
    .describe(
      "Tokens are not drawn if their probability is below this share of the likeliest token's probability",
    ),
  repetitionPenalty: above0(REPETITION_PENALTY_MAX, penaltyError).default(1)
    .describe("Above 1: tokens that are already in the prompt or the reply become less likely"),
  gpu: z.union([z.literal(false), z.enum(GPUS)], { error: gpuError }).default(false)
    .describe("The kind of graphics processor that runs the model; false for none"),
  threads: whole(1, THREADS_MAX).optional()
    .describe("Processor threads in all; by default one for every second core"),
  contexts: whole(1, CONTEXTS_MAX).default(1)
    .describe(
      "Into how many groups the requests and the threads are divided; each group computes separately",
    ),
  cacheFolder: z.string({ error: "a folder" }).min(1, { error: "a folder" }).optional()
    .describe("Where files of the hub are kept"),
  batch: whole(1, BATCH_MAX).default(BATCH_DEFAULT).describe("The most requests in work at once"),
  concurrency: whole(1, REQUESTS_IN_FLIGHT_MAX).optional()
    .describe("Requests in flight at once; by default as many as batch"),
  prefixMegabytes: whole(0, PREFIX_MEGABYTES_MAX).default(PREFIX_MEGABYTES_DEFAULT)
    .describe("Memory for reusing the common beginnings of prompts; 0 turns reuse off"),
  timeoutSeconds: timeoutSeconds.default(TIMEOUT_SECONDS_DEFAULT)
    .describe("The time limit of one request, waiting included"),
});

export type LlamaOptions = Readonly<z.output<typeof llamaSchema>>;

/** What the worker needs to load a model. */
export type LoadOrder =
  & Omit<LlamaOptions, "model" | "revision" | "cacheFolder" | "concurrency" | "timeoutSeconds">
  & Readonly<{ place: ModelPlace }>;
