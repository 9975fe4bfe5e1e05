/** Writes the folder of an export or a report, and the list of its files. Other files in the folder stay. */
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { EXPORT_NOTE, isExportNote } from "../../adapters/exports/mod.ts";
import { infoAt } from "../../adapters/path_info.ts";
import { hashOf, readSums, type Sums, SUMS_FILE, sumsText } from "../../adapters/sums.ts";
import { syncFolder, writeAtomically } from "../../adapters/stores/durable_files.ts";
import { storeError } from "../../adapters/stores/store_errors.ts";
import { realPath, refuseRunsOwn } from "./files.ts";
import { UsageError } from "./program.ts";
import { unfinishedFolder } from "./unfinished_folder.ts";

/** A kind of folder, such as an export or a report. */
type FolderKind = Readonly<{
  /** The file that identifies folders of this kind, and describes their content. */
  note: string;
  /** The name of the kind in messages, such as `an export`. */
  called: string;
  /** Whether an earlier export or report in the folder is replaced. */
  replaced: boolean;
}>;

/** The folder of an export. */
export const EXPORT_FOLDER: FolderKind = { note: EXPORT_NOTE, called: "an export", replaced: false };

/** The folder of a report. An earlier report is replaced, because the logs can make it again. */
export const REPORT_FOLDER: FolderKind = { note: "report.json", called: "a report", replaced: true };

/** A folder of figures. Earlier figures are replaced, because the logs can make them again. */
export const FIGURES_FOLDER: FolderKind = { note: "figures.json", called: "figures", replaced: true };

/** The folder of an exported page. An earlier page is replaced, because the logs can make it again. */
export const PAGE_FOLDER: FolderKind = { note: "page.json", called: "an exported page", replaced: true };

/**
 * Fills a folder. A new folder appears only when it is complete. If the folder has an earlier export or report, its files
 * are replaced one by one, and all other files stay.
 *
 * @param fill Writes files to the folder in its argument. Its result becomes the content of the note.
 * @throws {UsageError} When the folder holds something that must not be replaced.
 * @throws {StoreError} When the folder cannot be written.
 */
export async function fillFolder<T>(
  to: string,
  kind: FolderKind,
  fill: (folder: string) => Promise<T>,
): Promise<T> {
  refuseFolder(to, kind);
  // A link is followed, not replaced.
  const path = realPath(to);
  try {
    using unfinished = unfinishedFolder(path);
    const told = await fill(unfinished.path);
    await Deno.writeTextFile(join(unfinished.path, kind.note), `${JSON.stringify(told, null, 2)}\n`);
    const sums = sumsOf(unfinished.path);
    await Deno.writeTextFile(join(unfinished.path, SUMS_FILE), sumsText(sums));
    // The second check is needed because the folder may have appeared meanwhile.
    const before = refuseFolder(to, kind);
    if (before === null) {
      if (existsSync(path)) Deno.removeSync(path);
      Deno.renameSync(unfinished.path, path);
      await syncFolder(dirname(path));
    } else {
      refuseForeignFiles(to, { path, before, sums });
      await replaceFiles(unfinished.path, { path, before, sums });
    }
    return told;
  } catch (error) {
    throw error instanceof Error && "code" in error && typeof error.code === "string"
      ? storeError("write to", to, error)
      : error;
  }
}

/**
 * The path of a folder, and the SHA-256 sums of its earlier files (`before`) and of its new files (`sums`).
 */
type Replacement = Readonly<{ path: string; before: Sums; sums: Sums }>;

/**
 * Replaces files one by one. Meanwhile, the list of sums has the old and the new sums. So both old and new
 * files count as the program's own, and a replacement that was stopped can be repeated.
 */
async function replaceFiles(from: string, { path, before, sums }: Replacement): Promise<void> {
  const list = join(path, SUMS_FILE);
  await writeAtomically(list, sumsText(before) + sumsText(sums));
  for (const name of sums.keys()) {
    Deno.mkdirSync(dirname(join(path, name)), { recursive: true });
    Deno.renameSync(join(from, name), join(path, name));
  }
  const gone = [...before.keys()].filter((name) => !sums.has(name));
  for (const name of gone) removeIfThere(join(path, name));
  for (const folder of [...new Set(gone.map(dirname))].filter((name) => name !== ".")) {
    removeIfThere(join(path, folder));
  }
  await writeAtomically(list, sumsText(sums));
}

/** Removes a file or an empty folder, if it exists. */
function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!existsSync(path)) return;
    if (!Deno.statSync(path).isDirectory) throw error;
  }
}

/** Refuses to overwrite files that were not written by an earlier export or report. */
function refuseForeignFiles(to: string, { path, before, sums }: Replacement): void {
  for (const name of sums.keys()) {
    const parts = name.split("/");
    for (let count = 1; count <= parts.length; count++) {
      const part = parts.slice(0, count).join("/");
      const info = infoAt(join(path, part), Deno.lstatSync);
      if (info === null || (count < parts.length ? info.isDirectory : before.has(name))) continue;
      throw new UsageError(
        `Cannot write to "${to}": it holds "${part}", which was not written there before. Move it elsewhere, ` +
          `or name another folder`,
      );
    }
  }
}

/**
 * Returns the earlier files of a folder, with their sums; `null` if there are none.
 *
 * @throws {UsageError} When the folder holds something that must not be replaced.
 */
export function refuseFolder(to: string, { note, called, replaced }: FolderKind): Sums | null {
  refuseRunsOwn(to);
  const path = resolve(to);
  if (!existsSync(path)) return null;
  if (!Deno.statSync(path).isDirectory) {
    throw new UsageError(`Cannot write to "${to}": it is a file. Name a folder that does not exist yet`);
  }
  const names = [...Deno.readDirSync(path)].map(({ name }) => name);
  if (names.length === 0) return null;
  if (!names.includes(note) || !isOurs(join(path, note))) {
    const [name] = names.sort();
    throw new UsageError(
      `Cannot write to "${to}": it holds other files, such as "${name}". Name a folder that does not exist yet`,
    );
  }
  if (!replaced) {
    throw new UsageError(
      `Cannot write to "${to}": it already holds ${called}. Name another folder, or replace it with --force`,
    );
  }
  const sums = readSums(path);
  if (sums === null) {
    throw new UsageError(
      `Cannot replace ${called} in "${to}": its "${SUMS_FILE}" does not say which files are its own. ` +
        `Delete the folder, or name another folder`,
    );
  }
  for (const [name, hashes] of sums) {
    const hash = hashOf(join(path, name));
    if (hash === null || hashes.includes(hash)) continue;
    throw new UsageError(
      `Cannot replace ${called} in "${to}": "${name}" was changed since it was written. Move it elsewhere, ` +
        `or name another folder`,
    );
  }
  return sums;
}

/**
 * Refuses a folder of figures that is, contains or lies in the folder of their report.
 *
 * @throws {UsageError}
 */
export function refuseShared(figures: string, report: string): void {
  const [one, other] = [figures, report].map((path) => `${realPath(path)}/`) as [string, string];
  if (!one.startsWith(other) && !other.startsWith(one)) return;
  const how = one === other ? "is" : one.startsWith(other) ? "lies in" : "contains";
  throw new UsageError(
    `Cannot write the figures to "${figures}": it ${how} the folder of the report, "${report}". ` +
      "Name a folder beside it",
  );
}

/** Whether this program wrote a note. Other programs use the same file names, too. */
function isOurs(note: string): boolean {
  return Deno.statSync(note).isFile && isExportNote(Deno.readTextFileSync(note));
}

function sumsOf(folder: string): Sums {
  const sums = new Map<string, readonly string[]>();
  const add = (within: string) => {
    for (const { name, isDirectory } of Deno.readDirSync(join(folder, within))) {
      const path = within === "" ? name : `${within}/${name}`;
      if (isDirectory) add(path);
      else sums.set(path, [hashOf(join(folder, path))!]);
    }
  };
  add("");
  return new Map([...sums].sort(([a], [b]) => a < b ? -1 : 1));
}
