/** GGUF files: where they are, whether they can be used, and their hashes. */
import { join, resolve } from "node:path";
import { ModelError } from "../../../core/ports/model.ts";
import { kindAt } from "../../path_info.ts";
import { hashOf, relativeHint } from "../shared/model_files.ts";

/** The first bytes of every GGUF file. */
const MAGIC = "GGUF";

const HUB_PREFIX = "hf:";
const HUB_NAME = /^hf:([\w.-]+)\/([\w.-]+)\/([\w./-]+\.gguf)$/;

/** A large model comes in several files. Their names end like this. */
const PART_NAME = /-(\d{5})-of-(\d{5})\.gguf$/;

/** Where the files of a model are. llama.cpp gets only the first file, and finds the others. */
export type ModelPlace = Readonly<{
  /** The name in the experiment file. */
  model: string;
  paths: readonly string[];
  /** Where each file can be fetched; `null` if the model is not on the hub. */
  addresses: readonly string[] | null;
}>;

export type HubAccess = Readonly<{
  /** Where fetched files are kept. */
  cacheFolder: string;
  /** The address of the hub, without a slash at its end. */
  hub: string;
  revision: string;
}>;

/** Finds a model's files. Throws a `ModelError` if there are none. */
export function findModel(
  model: string,
  folder: string,
  { cacheFolder, hub, revision }: HubAccess,
): ModelPlace {
  const problem = fileProblem(model, folder);
  if (problem !== null) throw new ModelError("unknown-model", `Cannot use the model "${model}": ${problem}`);
  const named = HUB_NAME.exec(model);
  if (named === null) return { model, paths: partsOf(resolve(folder, model)), addresses: null };
  const [, owner, name, file] = named as unknown as [string, string, string, string];
  const parts = partsOf(file);
  return {
    model,
    paths: parts.map((part) => join(cacheFolder, owner, name, revision.replaceAll("/", "-"), part)),
    addresses: parts.map((part) => `${hub}/${owner}/${name}/resolve/${revision}/${part}`),
  };
}

/** Says why a model cannot be used; `null` if it can be used, or if it is on the hub. */
export function fileProblem(model: string, folder: string): string | null {
  if (model.startsWith(HUB_PREFIX)) {
    const isSafe = HUB_NAME.test(model) &&
      model.slice(HUB_PREFIX.length).split("/").every((part) => /[^.]/.test(part));
    return isSafe ? null : "expected a file on the Hugging Face hub such as hf:owner/name/file.gguf";
  }
  const path = resolve(folder, model);
  const kind = kindAt(path);
  if (kind === null) {
    return `there is no file ${path}; expected a .gguf file, or one on the Hugging Face hub such as ` +
      `hf:owner/name/file.gguf${relativeHint(model)}`;
  }
  if (kind === "folder") return `${path} is a folder; name the .gguf file in it`;
  const lost = partsOf(path).find((part) => kindAt(part) !== "file");
  if (lost !== undefined) return `the file ${lost} is missing; the model has several files`;
  return beginningOf(path) === MAGIC
    ? null
    : `the file ${path} is not a GGUF file; convert the model, or download its GGUF version`;
}

/** The paths of all files of a model, from the path of its first file. */
function partsOf(first: string): string[] {
  const [ending, , count] = PART_NAME.exec(first) ?? [];
  if (ending === undefined) return [first];
  return Array.from({ length: Number(count) }, (_, index) => {
    const number = String(index + 1).padStart(5, "0");
    return `${first.slice(0, -ending.length)}-${number}-of-${count}.gguf`;
  });
}

function beginningOf(path: string): string {
  const bytes = new Uint8Array(MAGIC.length);
  using file = Deno.openSync(path);
  const size = file.readSync(bytes) ?? 0;
  return new TextDecoder().decode(bytes.subarray(0, size));
}

/**
 * Hashes the files of a model. A model on the hub is not hashed: its revision identifies it. A branch or a tag can
 * change; only a commit always means the same file.
 *
 * @returns The SHA-256 of each file by its name, or the revision by the name of the model on the hub.
 */
export async function identifyModel(
  { model, paths, addresses }: ModelPlace,
  revision: string,
): Promise<Readonly<Record<string, string>>> {
  if (addresses !== null) return { [model]: `revision ${revision}` };
  const names = partsOf(model);
  const hashes = await Promise.all(paths.map(hashOf));
  return Object.fromEntries(hashes.map((hash, index) => [names[index]!, hash]));
}
