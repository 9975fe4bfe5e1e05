/** The files of a local model: where they are, whether they are complete, and their hashes. */
import { isAbsolute, join, resolve } from "node:path";
import { ModelError } from "../../../core/ports/model.ts";
import { kindAt } from "../../path_info.ts";
import { hashOf, relativeHint } from "../shared/model_files.ts";
import { allowedDtypes, AUTO, type Dtype, DTYPE_SUFFIXES, type TransformersOptions } from "./options.ts";

/** What a folder must contain besides the weights. */
const FILES = ["config.json", "tokenizer.json", "tokenizer_config.json"] as const;

/** Where newer models keep their chat template: as plain text, or as a member of a JSON object. */
export const TEMPLATE_FILES = ["chat_template.jinja", "chat_template.json"] as const;

/** All files besides the weights that can change a reply. Some may be missing. */
export const SMALL_FILES: readonly string[] = [...FILES, "generation_config.json", ...TEMPLATE_FILES];

const WEIGHTS_FOLDER = "onnx";

/** A name on the hub: an owner and a model, or only a model. */
const HUB_NAME = /^[\w][\w.-]*(?:\/[\w][\w.-]*)?$/;

type ModelPlace = Readonly<{ model: string; isLocal: boolean; dtype: Dtype }>;

type Wanted = Pick<TransformersOptions, "model" | "dtype" | "device">;

/** Finds a model: in a folder if that exists, otherwise on the hub. */
export function findModel(wanted: Wanted, folder: string): ModelPlace {
  const missing = missingPart(wanted, folder);
  if (missing !== null) {
    throw new ModelError("unknown-model", `Cannot use the model "${wanted.model}": ${missing}`);
  }
  const path = resolve(folder, wanted.model);
  const allowed = allowedDtypes(wanted);
  return kindAt(path) === "folder"
    ? { model: path, isLocal: true, dtype: allowed.find((dtype) => hasWeights(path, dtype))! }
    : { model: wanted.model, isLocal: false, dtype: allowed[0]! };
}

/** Says which part of a model is missing; `null` if no part is missing, or if the model can only be on the hub. */
export function missingPart(wanted: Wanted, folder: string): string | null {
  const { model, dtype } = wanted;
  const path = resolve(folder, model);
  if (kindAt(path) !== "folder") {
    if (isAbsolute(model) || !HUB_NAME.test(model)) {
      return `there is no folder ${path}; expected a folder, or a name on the Hugging Face hub such as owner/name${
        relativeHint(model)
      }`;
    }
    return dtype === AUTO
      ? "dtype: auto needs a model in a folder; name a dtype for a model on the hub"
      : null;
  }
  const lost = FILES.find((name) => kindAt(join(path, name)) !== "file");
  if (lost !== undefined) return `the file ${join(path, lost)} is missing`;
  if (allowedDtypes(wanted).some((dtype) => hasWeights(path, dtype))) return null;
  const others = (Object.keys(DTYPE_SUFFIXES) as Dtype[]).filter((dtype) => hasWeights(path, dtype));
  const remedy = others.length === 0
    ? "export the model to ONNX first"
    : `set dtype to an existing one: ${others.join(", ")}`;
  const file = weightsFile(dtype === AUTO ? "fp32" : dtype);
  return `the file ${join(path, file)}, for dtype ${dtype}, is missing; ${remedy}`;
}

function hasWeights(folder: string, dtype: Dtype): boolean {
  return kindAt(join(folder, weightsFile(dtype))) === "file";
}

/** The path of the weights, relative to the model's folder. */
export function weightsFile(dtype: Dtype): string {
  return `${WEIGHTS_FOLDER}/model${DTYPE_SUFFIXES[dtype]}.onnx`;
}

/** Recorded for a model whose replies can change with the other requests in work. */
const NOT_ALONE = "a reply can depend on the other requests in work";

/**
 * Hashes all files that can change a reply: configuration, tokenizer, chat template, and the weights in one number
 * format, external data included. A model on the hub is not hashed: its revision identifies it. A branch or a tag can
 * change; only a commit always means the same files. A further entry names the number format, except for fp32. Another
 * entry has the format that `dtype: auto` chose: another device or a new file can change the choice, and then a resumed
 * run would use other weights.
 *
 * @returns The SHA-256 of each file by its name, or the revision by the name of the model on the hub; and the
 *   further entries.
 */
export async function identifyModel(
  wanted: Wanted & Pick<TransformersOptions, "revision">,
  base: string,
): Promise<Readonly<Record<string, string>>> {
  const { model: folder, isLocal, dtype } = findModel(wanted, base);
  const { model, revision } = wanted;
  const parts: Record<string, string> = dtype === "fp32" ? {} : { [`${model}: dtype ${dtype}`]: NOT_ALONE };
  if (wanted.dtype === AUTO) parts[`${model}: dtype ${AUTO}`] = dtype;
  if (!isLocal) return { ...parts, [model]: `revision ${revision}` };
  for (const name of [...SMALL_FILES, ...await weightsOf(folder, weightsFile(dtype))]) {
    parts[`${model.replace(/[/\\]+$/, "")}/${name}`] = await hashOf(join(folder, name));
  }
  return parts;
}

/** The file, and its external data under names such as model.onnx_data, model.onnx_data_1 or model.onnx.data. */
async function weightsOf(folder: string, file: string): Promise<string[]> {
  const names = await Array.fromAsync(Deno.readDir(join(folder, WEIGHTS_FOLDER)), ({ name }) => name);
  return names.map((name) => `${WEIGHTS_FOLDER}/${name}`).filter((name) => name.startsWith(file)).sort();
}
