/** The adapter for local models: ONNX files in a folder or on the Hugging Face hub, run by Transformers.js. */
import { type ModelAdapter, ModelError } from "../../../core/ports/model.ts";
import { cacheFolderOf } from "../shared/model_files.ts";
import { checkOptions, readOptions } from "../shared/options.ts";
import { findModel, identifyModel, missingPart } from "./model_files.ts";
import { type LoadOrder, transformersSchema } from "./options.ts";

/** The adapter for local models. The first request starts a worker, which loads Transformers.js. */
export const transformersAdapter: ModelAdapter = {
  checkOptions(options, folder) {
    const problems = checkOptions(transformersSchema, options);
    if (problems.length > 0 || folder === undefined) return problems;
    const wanted = readOptions(transformersSchema, options);
    const missing = missingPart(wanted, folder);
    return missing === null
      ? []
      : [{ path: ["model"], part: "value", message: missing, found: wanted.model }];
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
    const options = readOptions(transformersSchema, spec.options);
    const { concurrency: _, timeoutSeconds, cacheFolder, ...rest } = options;
    const { folder = ".", clock } = context;
    const place = findModel(options, folder);
    const { LocalModel } = await import("../shared/local_model.ts");
    return new LocalModel({
      worker: new URL("./worker.ts", import.meta.url),
      embedWorker: new URL("./embed_worker.ts", import.meta.url),
      order: { ...rest, ...place, cacheFolder: cacheFolderOf(cacheFolder, context) } satisfies LoadOrder,
      timeoutSeconds,
      clock,
    });
  },
  identify({ options }, { folder = "." }) {
    return identifyModel(readOptions(transformersSchema, options), folder);
  },
};
