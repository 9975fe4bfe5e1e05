/** The files of local models: their kind, their hashes, and the folder for models of the Hugging Face hub. */
import { createHash } from "node:crypto";
import { isAbsolute, join, resolve } from "node:path";
import type { AdapterContext } from "../../../core/ports/model.ts";
import { isMissing } from "../../path_info.ts";

/** Recorded instead of a hash if a file does not exist, because adding the file is a change, too. */
const ABSENT = "absent";

/** Weights can be larger than the memory, so they are read in chunks. */
const CHUNK_BYTES = 1 << 20;

/** The SHA-256 of a file in hexadecimal digits; `absent` if there is no such file. */
export async function hashOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  const chunk = new Uint8Array(CHUNK_BYTES);
  try {
    using file = await Deno.open(path);
    for (let size = await file.read(chunk); size !== null; size = await file.read(chunk)) {
      hash.update(chunk.subarray(0, size));
    }
  } catch (error) {
    if (isMissing(error)) return ABSENT;
    throw error;
  }
  return hash.digest("hex");
}

/** Where models of the hub are kept: in the given folder, or in the user's own cache. */
export function cacheFolderOf(given: string | undefined, { env, folder = "." }: AdapterContext): string {
  if (given !== undefined) return resolve(folder, given);
  // An empty variable counts as not set.
  const home = env("HOME") || env("USERPROFILE") || ".";
  return join(env("XDG_CACHE_HOME") || join(home, ".cache"), "syndisco", "models");
}

/** What follows the message that a model is missing, if its path is relative. */
export function relativeHint(model: string): string {
  return isAbsolute(model)
    ? ""
    : ". A relative path begins at the folder of this file. To resume a run, give the experiment file that it was " +
      "started with, or put the model, or a link to it, at this place";
}
