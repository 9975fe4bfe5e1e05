/** Reads, writes and extends the texts of a run folder; see `RUN_TEXTS`. */
import { dirname, join } from "node:path";
import { checkTextName } from "../../core/ports/mod.ts";
import { isMissing } from "../path_info.ts";
import { makeFolderOnce, syncFolder, writeAll, writeAtomically } from "./durable_files.ts";
import { lineChunks } from "./lines.ts";
import { unusable } from "./store_errors.ts";

/** Reads a text of a run folder; `null` if there is none. */
export async function readRunText(run: string, name: string): Promise<string | null> {
  checkTextName(name);
  const path = join(run, name);
  try {
    return await Deno.readTextFile(path);
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw unusable("read", path, cause);
  }
}

/** Writes a text of an open run folder atomically. */
export async function writeRunText(run: string, name: string, text: string): Promise<void> {
  checkTextName(name);
  const path = join(run, name);
  try {
    await makeFoldersOf(run, name);
    await writeAtomically(path, text);
  } catch (cause) {
    throw unusable("write", path, cause);
  }
}

/** Adds a line to a text of an open run folder. Removes an unfinished line, which a killed process can leave. */
export async function appendRunText(run: string, name: string, line: string): Promise<void> {
  checkTextName(name);
  if (line.includes("\n")) throw new RangeError(`Cannot append to "${name}": the line contains a newline`);
  const path = join(run, name);
  try {
    await makeFoldersOf(run, name);
    using file = Deno.openSync(path, { read: true, write: true, create: true });
    const end = endOfLines(file);
    file.truncateSync(end);
    file.seekSync(end, Deno.SeekMode.Start);
    try {
      writeAll(file, new TextEncoder().encode(`${line}\n`));
      await file.syncData();
    } catch (cause) {
      file.truncateSync(end);
      throw cause;
    }
    if (end === 0) await syncFolder(dirname(path));
  } catch (cause) {
    throw unusable("append to", path, cause);
  }
}

/** Makes missing sub-folders, but fails if the run folder itself has disappeared. */
async function makeFoldersOf(run: string, name: string): Promise<void> {
  let folder = run;
  for (const part of name.split("/").slice(0, -1)) {
    folder = join(folder, part);
    for (const changed of makeFolderOnce(folder)) await syncFolder(changed);
  }
}

/** The length of the whole lines of a file. */
function endOfLines(file: Deno.FsFile): number {
  const size = file.seekSync(0, Deno.SeekMode.End);
  if (size === 0) return 0;
  const last = new Uint8Array(1);
  file.seekSync(size - 1, Deno.SeekMode.Start);
  file.readSync(last);
  if (last[0] === "\n".charCodeAt(0)) return size;
  file.seekSync(0, Deno.SeekMode.Start);
  let end = 0;
  for (const { bytes, offset } of lineChunks(file)) end = offset + bytes.length;
  return end;
}
