/** The worker of a local model in Transformers.js. Work that would block the program's own thread runs here. */
import { serveModel } from "../shared/serve_model.ts";
import type { LoadOrder } from "./options.ts";

// If `location` is set, Transformers.js assumes a browser and reads no files.
Object.defineProperty(globalThis, "location", { value: undefined });

const BYTES_PER_MEGABYTE = 1_000_000;

serveModel<LoadOrder>(async (send) => {
  const [{ ModelService }, { loadModel }, { Batcher }] = await Promise.all([
    import("../shared/model_service.ts"),
    import("./load.ts"),
    import("./batcher.ts"),
  ]);
  return new ModelService(async (order) => {
    const { forward, ...model } = await loadModel(order);
    const limits = { rows: order.batch, prefixBytes: order.prefixMegabytes * BYTES_PER_MEGABYTE };
    const batcher = new Batcher(forward, limits);
    return { ...model, answer: (row) => batcher.answer(row) };
  }, send);
});
