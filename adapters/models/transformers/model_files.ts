/** Where a local model's files are, and whether they are all there. */
import { isAbsolute, join, resolve } from "node:path";
import { ModelError } from "../../../core/ports/model.ts";
import { type Dtype, DTYPE_SUFFIXES } from "./options.ts";

/** What a folder must hold besides the weights. */
const FILES = ["config.json", "tokenizer.json", "tokenizer_config.json"] as const;

/** A name on the hub: an owner and a model, or a model alone. */
const HUB_NAME = /^[\w][\w.-]*(?:\/[\w][\w.-]*)?$/;

/** A model that was found: a folder, or a name on the hub. */
export type ModelPlace = Readonly<{ model: string; isLocal: boolean }>;

/**
 * Finds a model: a folder where there is one, a name on the hub otherwise.
 *
 * @param model As the experiment names it.
 * @param folder What paths are relative to.
 * @param dtype The number format whose weights are to be there.
 * @throws {ModelError} `unknown-model` when there is neither, or when a file is missing.
 */
export async function findModel(model: string, folder: string, dtype: Dtype): Promise<ModelPlace> {
  const path = resolve(folder, model);
  if (await kindOf(path) === "folder") {
    await checkFiles(path, dtype);
    return { model: path, isLocal: true };
  }
  if (!isAbsolute(model) && HUB_NAME.test(model)) return { model, isLocal: false };
  throw unknown(`Cannot use the model "${model}": there is no folder ${path}`);
}

async function checkFiles(folder: string, dtype: Dtype): Promise<void> {
  for (const name of FILES) {
    if (await kindOf(join(folder, name)) !== "file") {
      throw unknown(`Cannot use the model in "${folder}": the file ${name} is missing`);
    }
  }
  const weights = (dtype: Dtype) => `onnx/model${DTYPE_SUFFIXES[dtype]}.onnx`;
  if (await kindOf(join(folder, weights(dtype))) !== "file") {
    const there: string[] = [];
    for (const other of Object.keys(DTYPE_SUFFIXES) as Dtype[]) {
      if (await kindOf(join(folder, weights(other))) === "file") there.push(other);
    }
    const hint = there.length === 0
      ? "; it must have been exported to ONNX"
      : `; it has the dtype ${there.join(", ")}`;
    throw unknown(`Cannot use the model in "${folder}": the file ${weights(dtype)} is missing${hint}`);
  }
}

async function kindOf(path: string): Promise<"file" | "folder" | null> {
  try {
    return (await Deno.stat(path)).isDirectory ? "folder" : "file";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return null;
    throw error;
  }
}

function unknown(message: string): ModelError {
  return new ModelError("unknown-model", message);
}
