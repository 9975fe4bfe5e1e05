/** The options of a local model in an experiment file. */
import { z } from "../../../core/zod.ts";
import { POOLINGS } from "./pooling.ts";
import { above0, probability, REQUESTS_IN_FLIGHT_MAX, timeoutSeconds, whole } from "../shared/options.ts";

/** Requests in one batch. On a CPU, larger batches are hardly faster. */
const BATCH_DEFAULT = 16;

const BATCH_MAX = 256;
const TIMEOUT_SECONDS_DEFAULT = 600;
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

export type Dtype = keyof typeof DTYPE_SUFFIXES;

/** With this `dtype`, the number format is chosen by the device, among the files of the model. */
export const AUTO = "auto";

/**
 * The number formats from fast to slow. On a processor, ONNX Runtime computes with 8-bit numbers in hardware, and
 * unpacks 4-bit and 16-bit numbers first. The order for processors was measured. The order for other devices was
 * not.
 */
const FAST_FIRST: Readonly<Record<"cpu" | "other", readonly Dtype[]>> = {
  cpu: ["q8", "int8", "uint8", "fp32", "q4", "bnb4", "fp16", "q4f16"],
  other: ["fp16", "q4f16", "q4", "fp32", "bnb4", "q8", "int8", "uint8"],
};

/** The number formats that `dtype` allows on a device; the first one that the model has is used. */
export function allowedDtypes(
  { dtype, device }: Pick<TransformersOptions, "dtype" | "device">,
): readonly Dtype[] {
  return dtype === AUTO ? FAST_FIRST[device === "cpu" ? "cpu" : "other"] : [dtype];
}

const DEVICES = ["cpu", "cuda", "webgpu", "dml", "coreml"] as const;

const pathError =
  "a folder, relative to the experiment file, or a name on the Hugging Face hub such as owner/name";
const revisionError = "a branch, a tag or a commit, such as main";
const DTYPES = [...Object.keys(DTYPE_SUFFIXES) as Dtype[], AUTO] as const;
const dtypeError = DTYPES.join(", ");
const penaltyError = `a number above 0 and up to ${REPETITION_PENALTY_MAX}; 1 changes nothing`;

export const transformersSchema = z.strictObject({
  model: z.string({ error: pathError }).min(1, { error: pathError }).max(1000, { error: pathError }),
  revision: z.string({ error: revisionError }).regex(/^[\w./-]{1,200}$/, { error: revisionError })
    .default("main").describe("Which version of a model on the hub"),
  dtype: z.enum(DTYPES, { error: dtypeError }).default("fp32").describe(
    "The number format of the weights; auto takes the fastest one in the folder. In fp32, a reply is always " +
      "the same; in other formats, it can depend on the other requests in work",
  ),
  topK: whole(0, TOP_K_MAX).optional()
    .describe("How many of the likeliest tokens can be drawn; 0 for all"),
  minP: probability.optional()
    .describe(
      "Tokens are not drawn if their probability is below this share of the likeliest token's probability",
    ),
  repetitionPenalty: above0(REPETITION_PENALTY_MAX, penaltyError).optional()
    .describe("Above 1: tokens that are already in the prompt or the reply become less likely"),
  device: z.enum(DEVICES, { error: DEVICES.join(", ") }).default("cpu").describe(
    "The device that runs the model",
  ),
  threads: whole(1, THREADS_MAX).optional().describe("Processor threads; by default one for each core"),
  cacheFolder: z.string({ error: "a folder" }).min(1, { error: "a folder" }).optional()
    .describe("Where models of the hub are kept"),
  batch: whole(1, BATCH_MAX).default(BATCH_DEFAULT).describe("The most requests in one batch"),
  concurrency: whole(1, REQUESTS_IN_FLIGHT_MAX).optional()
    .describe("Requests in flight at once; by default two batches"),
  pooling: z.enum(POOLINGS, { error: POOLINGS.join(" or ") }).default("mean").describe(
    "For vectors of comments: the mean of the vectors of all tokens, or cls, the vector of the first token",
  ),
  prefixMegabytes: whole(0, PREFIX_MEGABYTES_MAX).default(PREFIX_MEGABYTES_DEFAULT)
    .describe("Memory for reusing the common beginnings of prompts; 0 turns reuse off"),
  timeoutSeconds: timeoutSeconds.default(TIMEOUT_SECONDS_DEFAULT)
    .describe("The time limit of one request, waiting included"),
});

export type TransformersOptions = Readonly<z.output<typeof transformersSchema>>;

/** All that the worker needs to load a model. */
export type LoadOrder =
  & Omit<TransformersOptions, "model" | "dtype" | "cacheFolder" | "concurrency" | "timeoutSeconds">
  & Readonly<{
    /** The folder's absolute path, or the name on the hub. */
    model: string;
    isLocal: boolean;
    dtype: Dtype;
    cacheFolder: string;
  }>;
