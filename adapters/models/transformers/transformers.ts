/** The adapter of local models: ONNX files in a folder or on the Hugging Face hub, run by Transformers.js. */
import { join, resolve } from "node:path";
import { ModelError } from "../../../core/ports/model.ts";
import type { AdapterContext, ModelAdapter } from "../../../core/ports/model_adapter.ts";
import { checkOptions, readOptions } from "../options.ts";
import { identifyModel } from "./identify.ts";
import { findModel, missingPart } from "./model_files.ts";
import { transformersSchema } from "./options.ts";

/** The adapter of local models. Transformers.js is loaded by the worker that the first request starts. */
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
        "Cannot run local models: the compiled program comes without them; run the source with deno",
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
  // A variable that is set to nothing is not set.
  const home = env("HOME") || env("USERPROFILE") || ".";
  return join(env("XDG_CACHE_HOME") || join(home, ".cache"), "syndisco", "models");
}
