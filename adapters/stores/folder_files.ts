/** Reads the files of a run folder, except for the logs of its discussions. */
import { join } from "node:path";
import { type ChosenFiles, isCopiedFile, type Recorded, type RunFile } from "../../core/ports/mod.ts";
import { manifestText } from "../../core/run_log/mod.ts";
import { infoAt } from "../path_info.ts";
import { isKeyName, RUN_FILES } from "./run_files.ts";
import { unusable } from "./store_errors.ts";

/** The sub-folders of a run's folder that contain files of the run. The other files are in the run's folder itself. */
const FOLDERS = [RUN_FILES.annotations, RUN_FILES.people, RUN_FILES.inputs, RUN_FILES.vectors] as const;

const NEWLINE = 10;

/** The files of a run folder, sorted by name. Follows no links, and leaves out everything that is not the run's own. */
export function* folderFiles(
  folder: string,
  { manifest }: Pick<Recorded, "manifest">,
  { below = "", keys = false }: ChosenFiles = {},
): Generator<RunFile> {
  for (const name of namesIn(folder).sort()) {
    if (!name.startsWith(below) || !isCopiedFile(name) || (!keys && isKeyName(name))) continue;
    // The manifest in the folder can be older than the log, and another process may be writing it.
    const content = name === RUN_FILES.manifest ? encoder.encode(manifestText(manifest)) : read(folder, name);
    yield { name, content: name.endsWith(".jsonl") ? wholeLines(content) : content };
  }
}

const encoder = new TextEncoder();

function namesIn(folder: string): string[] {
  const names = [...Deno.readDirSync(folder)].flatMap(({ name, isFile }) => isFile ? [name] : []);
  const add = (within: string) => {
    const path = join(folder, within);
    if (!infoAt(path, Deno.lstatSync)?.isDirectory) return;
    for (const { name, isFile, isDirectory } of Deno.readDirSync(path)) {
      if (isFile) names.push(`${within}/${name}`);
      else if (isDirectory) add(`${within}/${name}`);
    }
  };
  for (const within of FOLDERS) add(within);
  return names;
}

function read(folder: string, name: string): Uint8Array {
  const path = join(folder, name);
  try {
    return Deno.readFileSync(path);
  } catch (cause) {
    throw unusable("read", path, cause);
  }
}

/** The whole lines of a file. A killed process can leave an unfinished line at the end. */
function wholeLines(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1);
}
