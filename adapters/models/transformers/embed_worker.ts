/** The worker of a model that returns vectors of texts, in Transformers.js. */
import { serveModel } from "../shared/serve_model.ts";
import type { LoadOrder } from "./options.ts";

// If `location` is set, Transformers.js assumes a browser and reads no files.
Object.defineProperty(globalThis, "location", { value: undefined });

serveModel<LoadOrder>(async (send) => {
  const [{ EmbedService }, { loadEmbedder }] = await Promise.all([
    import("./embed_service.ts"),
    import("./load_embedder.ts"),
  ]);
  return new EmbedService(loadEmbedder, send);
});
