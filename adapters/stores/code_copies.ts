/** A run's copies of code as files on this machine, because code is imported from files. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inputName, isCopiedFile, type RunReader } from "../../core/ports/mod.ts";
import type { RecordedCode } from "../../core/run_log/mod.ts";
import { isAddress } from "./address.ts";
import { codeCopy } from "./run_files.ts";

/**
 * The copy of code of a run.
 *
 * @param code As in the run's record. It may be damaged.
 * @returns The code file, and the folder with all of its local imports; `null` if the record is damaged.
 */
export async function copyOfCode(
  run: RunReader,
  { copy, sha256 }: RecordedCode,
): Promise<Readonly<{ file: string; folder: string }> | null> {
  const below = codeCopy(sha256, "");
  if (!copy.startsWith(below) || inputName(copy, sha256) !== copy) return null;
  const folder = await folderWith(run, below);
  return { file: join(folder, copy), folder: join(folder, below) };
}

/**
 * The file of a run's copy of an input. It need not exist.
 *
 * @param path As in the run's record. It may be damaged.
 * @param sha256 As in the run's record. It may be damaged.
 * @returns `null` if `sha256` is not a hash.
 */
export async function copyOfInput(run: RunReader, path: string, sha256: string): Promise<string | null> {
  const name = inputName(path, sha256);
  return name === null ? null : join(await folderWith(run, name), name);
}

/** The temporary folders with files of runs. The key is the run's place and the beginning of the files' names. */
const FETCHED = new Map<string, string>();

/** A folder with the files of a run whose names begin with `below`: the run's own folder, or a temporary one. */
async function folderWith(run: RunReader, below: string): Promise<string> {
  if (!isAddress(run.place)) return run.place;
  const key = `${run.place}\n${below}`;
  const before = FETCHED.get(key);
  if (before !== undefined) return before;
  const folder = mkdtempSync(join(tmpdir(), "syndisco-code-"));
  addEventListener("unload", () => rmSync(folder, { recursive: true, force: true }));
  for await (const { name, content } of run.files({ below })) {
    // A name from a database must not lead out of the folder.
    if (!isCopiedFile(name)) continue;
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  FETCHED.set(key, folder);
  return folder;
}
