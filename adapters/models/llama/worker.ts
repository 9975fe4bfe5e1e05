/** The worker of a model in a GGUF file. The native code runs here, apart from the program's own thread. */
import { serveModel } from "../shared/serve_model.ts";

serveModel(async (send) => {
  const [{ ModelService }, { loadModel }] = await Promise.all([
    import("../shared/model_service.ts"),
    import("./load.ts"),
  ]);
  return new ModelService(loadModel, send);
});
