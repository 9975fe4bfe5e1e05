/** The worker of a local model in Transformers.js. Work that would block the program's own thread runs here. */
import { serveModel } from "../shared/serve_model.ts";
import type { LoadOrder } from "./options.ts";

// If `location` is set, Transformers.js assumes a browser and reads no files.
Object.defineProperty(globalThis, "location", { value: undefined });

const BYTES_PER_MEGABYTE = 1_000_000;

/** A prompt for the check of masks. */
const CHECKED = [{ role: "user", content: "Should buses run at night?" }] as const;

serveModel<LoadOrder>(async (send) => {
  const [{ ModelService }, { loadModel }, { Batcher }, { readsMasks }] = await Promise.all([
    import("../shared/model_service.ts"),
    import("./load.ts"),
    import("./batcher.ts"),
    import("./mask_check.ts"),
  ]);
  return new ModelService(async (order) => {
    const { forward, ...model } = await loadModel(order);
    const batcher = new Batcher(forward, {
      rows: order.batch,
      prefixBytes: order.prefixMegabytes * BYTES_PER_MEGABYTE,
      areJoined: await readsMasks(forward, model.encodePrompt(CHECKED)),
    });
    return { ...model, answer: (row) => batcher.answer(row) };
  }, send);
});
