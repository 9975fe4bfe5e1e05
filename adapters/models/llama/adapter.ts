/** The adapter for models in GGUF files, which llama.cpp runs on this machine. */
import { type AdapterContext, type ModelAdapter, ModelError } from "../../../core/ports/model.ts";
import { cacheFolderOf } from "../shared/model_files.ts";
import { checkOptions, readOptions } from "../shared/options.ts";
import { fileProblem, findModel, identifyModel, type ModelPlace } from "./gguf_files.ts";
import { type LlamaOptions, llamaSchema, type LoadOrder } from "./options.ts";

const HUB = "https://huggingface.co";

/** The adapter for GGUF files. The first request starts a worker, which loads llama.cpp. */
export const llamaAdapter: ModelAdapter = {
  checkOptions(options, folder) {
    const problems = checkOptions(llamaSchema, options);
    if (problems.length > 0 || folder === undefined) return problems;
    const { model } = readOptions(llamaSchema, options);
    const problem = fileProblem(model, folder);
    return problem === null ? [] : [{ path: ["model"], part: "value", message: problem, found: model }];
  },
  serviceOptions: [
    "gpu",
    "threads",
    "contexts",
    "cacheFolder",
    "batch",
    "concurrency",
    "prefixMegabytes",
    "timeoutSeconds",
  ],
  addressOf: () => [],
  concurrencyOf(options) {
    const { concurrency, batch } = readOptions(llamaSchema, options);
    return concurrency ?? batch;
  },
  timeoutMsOf: (options) => readOptions(llamaSchema, options).timeoutSeconds * 1000,
  async create(spec, context) {
    if (Deno.build.standalone) {
      throw new ModelError(
        "unknown-model",
        "Cannot run local models: the compiled program does not contain them; run the source with deno",
      );
    }
    const read = readOptions(llamaSchema, spec.options);
    const {
      model: _,
      revision: _revision,
      cacheFolder: _folder,
      concurrency: _most,
      timeoutSeconds,
      ...rest
    } = read;
    const place = placeOf(read, context);
    const { LocalModel } = await import("../shared/local_model.ts");
    return new LocalModel({
      worker: new URL("./worker.ts", import.meta.url),
      order: { ...rest, place } satisfies LoadOrder,
      timeoutSeconds,
      clock: context.clock,
    });
  },
  identify({ options }, context) {
    const read = readOptions(llamaSchema, options);
    return identifyModel(placeOf(read, context), read.revision);
  },
};

function placeOf({ model, revision, cacheFolder }: LlamaOptions, context: AdapterContext): ModelPlace {
  return findModel(model, context.folder ?? ".", {
    revision,
    cacheFolder: cacheFolderOf(cacheFolder, context),
    hub: (context.env("HF_ENDPOINT") || HUB).replace(/\/+$/, ""),
  });
}
