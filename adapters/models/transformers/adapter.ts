/** The adapter for local models: ONNX files in a folder or on the Hugging Face hub, run by Transformers.js. */
import { join, resolve } from "node:path";
import { type AdapterContext, type ModelAdapter, ModelError } from "../../../core/ports/model.ts";
import { checkOptions, readOptions } from "../shared/options.ts";
import { findModel, identifyModel, missingPart } from "./model_files.ts";
import { transformersSchema } from "./options.ts";

/** The adapter for local models. The first request starts a worker, which loads Transformers.js. */
export const transformersAdapter: ModelAdapter = {
  checkOptions(options, folder) {
    const problems = checkOptions(transformersSchema, options);
    if (problems.length > 0 || folder === undefined) return problems;
    const { model, dtype } = readOptions(transformersSchema, options);
    const missing = missingPart(model, folder, dtype);
    return missing === null ? [] : [{ path: ["model"], part: "value", message: missing, found: model }];
  },
  serviceOptions: [
    "device",
    "threads",
    "cacheFolder",
    "batch",
    "concurrency",
    "prefixMegabytes",
    "timeoutSeconds",
  ],
  addressOf: () => [],
  concurrencyOf(options) {
    const { concurrency, batch } = readOptions(transformersSchema, options);
    return concurrency ?? 2 * batch;
  },
  timeoutMsOf: (options) => readOptions(transformersSchema, options).timeoutSeconds * 1000,
  async create(spec, context) {
    if (Deno.build.standalone) {
      throw new ModelError(
        "unknown-model",
        "Cannot run local models: the compiled program does not contain them; run the source with deno",
      );
    }
    const { concurrency: _, timeoutSeconds, cacheFolder, model, ...rest } = readOptions(
      transformersSchema,
      spec.options,
    );
    const { folder = ".", clock } = context;
    const place = findModel(model, folder, rest.dtype);
    const { TransformersModel } = await import("./model.ts");
    const cache = cacheFolder === undefined ? defaultCache(context) : resolve(folder, cacheFolder);
    return new TransformersModel({ order: { ...rest, ...place, cacheFolder: cache }, timeoutSeconds, clock });
  },
  identify({ options }, { folder = "." }) {
    const read = readOptions(transformersSchema, options);
    return identifyModel(findModel(read.model, folder, read.dtype), read);
  },
};

function defaultCache({ env }: AdapterContext): string {
  // An empty variable counts as not set.
  const home = env("HOME") || env("USERPROFILE") || ".";
  return join(env("XDG_CACHE_HOME") || join(home, ".cache"), "syndisco", "models");
}
