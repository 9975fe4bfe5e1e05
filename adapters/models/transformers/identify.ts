/** What a local model consists of, so that another one in its place is noticed. */
import { createHash } from "node:crypto";
import { join } from "node:path";
import { type ModelPlace, SMALL_FILES, WEIGHTS_FOLDER, weightsFile } from "./model_files.ts";
import type { TransformersOptions } from "./options.ts";

/** What stands for a file that is not there: that one appears is a change, too. */
const ABSENT = "absent";

/** Weights can be larger than the memory: so many bytes of them are read at once. */
const CHUNK_BYTES = 1 << 20;

/**
 * Hashes everything that what a model says depends on: its configuration, its tokenizer, its chat template, and the
 * weights of one number format, those in files beside the graph included. A model of the hub is named by its revision;
 * only a commit cannot be moved.
 *
 * @param place Where the model was found.
 * @param options What the experiment says of it; names in the answer begin with the model as it is written there.
 * @returns File → SHA-256, or the model on the hub → its revision.
 */
export async function identifyModel(
  { model: folder, isLocal }: ModelPlace,
  { model, revision, dtype }: Pick<TransformersOptions, "model" | "revision" | "dtype">,
): Promise<Readonly<Record<string, string>>> {
  if (!isLocal) return { [model]: `revision ${revision}` };
  const parts: Record<string, string> = {};
  for (const name of [...SMALL_FILES, ...await weightsOf(folder, weightsFile(dtype))]) {
    parts[`${model.replace(/[/\\]+$/, "")}/${name}`] = await hashOf(join(folder, name));
  }
  return parts;
}

/** The file itself and those that exporters put beside it: model.onnx_data, model.onnx_data_1, model.onnx.data. */
async function weightsOf(folder: string, file: string): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(join(folder, WEIGHTS_FOLDER)), ({ name }) => name);
  return names.map((name) => `${WEIGHTS_FOLDER}/${name}`).filter((name) => name.startsWith(file)).sort();
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  const chunk = new Uint8Array(CHUNK_BYTES);
  try {
    using file = await Deno.open(path);
    for (let size = await file.read(chunk); size !== null; size = await file.read(chunk)) {
      hash.update(chunk.subarray(0, size));
    }
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return ABSENT;
    throw error;
  }
  return hash.digest("hex");
}
