/** Where a local model's files are, and whether they are all there. */
import { isAbsolute, join, resolve } from "node:path";
import { ModelError } from "../../../core/ports/model.ts";
import { type Dtype, DTYPE_SUFFIXES } from "./options.ts";

/** What a folder must hold besides the weights. */
const FILES = ["config.json", "tokenizer.json", "tokenizer_config.json"] as const;

/** Where newer models keep their chat template: as it is, or as a member of that name. */
export const TEMPLATE_FILES = ["chat_template.jinja", "chat_template.json"] as const;

/** Everything besides the weights that what a model says depends on, there or not. */
export const SMALL_FILES: readonly string[] = [...FILES, "generation_config.json", ...TEMPLATE_FILES];

/** The folder of the weights, below the model's own. */
export const WEIGHTS_FOLDER = "onnx";

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
export function findModel(model: string, folder: string, dtype: Dtype): ModelPlace {
  const missing = missingPart(model, folder, dtype);
  if (missing !== null) throw new ModelError("unknown-model", `Cannot use the model "${model}": ${missing}`);
  const path = resolve(folder, model);
  return kindOf(path) === "folder" ? { model: path, isLocal: true } : { model, isLocal: false };
}

/**
 * What of a model is not there, in words; `null` when all is well, or when it can only be on the hub.
 *
 * @param model As the experiment names it.
 * @param folder What paths are relative to.
 * @param dtype The number format whose weights are to be there.
 */
export function missingPart(model: string, folder: string, dtype: Dtype): string | null {
  const path = resolve(folder, model);
  if (kindOf(path) !== "folder") {
    return !isAbsolute(model) && HUB_NAME.test(model)
      ? null
      : `there is no folder ${path}; expected one, or a name on the Hugging Face hub such as owner/name`;
  }
  const lost = FILES.find((name) => kindOf(join(path, name)) !== "file");
  if (lost !== undefined) return `the file ${join(path, lost)} is missing`;
  return missingWeights(path, dtype);
}

/** The name of the file that holds a model's weights, below its folder. */
export function weightsFile(dtype: Dtype): string {
  return `${WEIGHTS_FOLDER}/model${DTYPE_SUFFIXES[dtype]}.onnx`;
}

function missingWeights(folder: string, dtype: Dtype): string | null {
  const isThere = (dtype: Dtype) => kindOf(join(folder, weightsFile(dtype))) === "file";
  if (isThere(dtype)) return null;
  const there = (Object.keys(DTYPE_SUFFIXES) as Dtype[]).filter(isThere);
  const remedy = there.length === 0
    ? "a model must have been exported to ONNX"
    : `set dtype to one that is there: ${there.join(", ")}`;
  return `the file ${join(folder, weightsFile(dtype))}, for dtype ${dtype}, is missing; ${remedy}`;
}

function kindOf(path: string): "file" | "folder" | null {
  try {
    return Deno.statSync(path).isDirectory ? "folder" : "file";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return null;
    throw error;
  }
}
