/** Models in GGUF files, for tests. */
import type { Clock } from "../../../../core/ports/clock.ts";
import type { AdapterOptions, Model } from "../../../../core/ports/model.ts";
import { modelInFolder, patientClock } from "../../transformers/testing/local_models.ts";
import { llamaAdapter } from "../adapter.ts";
import { type GgufChanges, randomGguf } from "./random_gguf.ts";

/** Opens the model of a file in a folder with these options besides `model`. */
export async function openGguf(
  folder: string,
  options: AdapterOptions,
  clock: Clock = patientClock,
): Promise<Model> {
  const spec = { adapter: "llama", sampling: {}, options: { model: "model.gguf", ...options } };
  return await llamaAdapter.create(spec, { env: () => undefined, clock, folder });
}

/** Writes a model of random weights into a temporary folder, and opens it with these options. */
export async function ggufModel(
  options: AdapterOptions = {},
  changes: GgufChanges = {},
): ReturnType<typeof modelInFolder> {
  return await modelInFolder(async (folder) => {
    await Deno.writeFile(`${folder}/model.gguf`, randomGguf(changes));
    return await openGguf(folder, options);
  });
}
