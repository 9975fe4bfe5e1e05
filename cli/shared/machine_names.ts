/** Names that tell which machine and which user wrote a run. */
import { dirname } from "node:path";
import type { Names } from "../../adapters/stores/archive/anonymise.ts";
import { readVariable } from "../terminal/text_sink.ts";

/**
 * The names of this machine and its user.
 *
 * @param paths The paths of runs' folders, with and without links.
 */
export function namesOfThisMachine(paths: readonly string[]): Names {
  const known = (...names: readonly string[]) =>
    names.map(readVariable).filter((value) => value !== undefined && value !== "") as string[];
  return {
    users: known("USER", "LOGNAME", "USERNAME"),
    hosts: hostNames(),
    folders: [...new Set([...known("HOME", "USERPROFILE"), ...paths.flatMap(foldersAbove)])],
  };
}

/** The folders above a path, except the root and folders directly in it: many machines have a `/home`. */
function foldersAbove(path: string): string[] {
  const folder = dirname(path);
  return dirname(folder) === dirname(dirname(folder)) ? [] : [folder, ...foldersAbove(folder)];
}

function hostNames(): string[] {
  try {
    return [Deno.hostname()];
  } catch {
    // Deno was started without the permission to read the host name.
    return [];
  }
}
