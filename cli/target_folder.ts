/** The folder that an export or a report goes to: it is there whole, or not at all. */
import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { EXPORT_NOTE, isExportNote } from "../adapters/exports/mod.ts";
import { folderSync } from "../adapters/stores/folder_sync.ts";
import { storeError } from "../adapters/stores/storage_error.ts";
import { scratchFolder } from "./scratch_folder.ts";
import { UsageError } from "./usage_error.ts";

/** What a folder holds, and how it is known for that. */
export type FolderKind = Readonly<{
  /** The file by which such a folder is known: it says what is in it. */
  note: string;
  /** What stands in messages, such as `an export`. */
  called: string;
  /** What else is in such a folder; `null` where anything can be. A folder that holds more is never replaced. */
  holds: readonly string[] | null;
  /** Whether one that is there already is replaced without being told to. */
  replaced: boolean;
}>;

/** The folder of an export. */
export const EXPORT_FOLDER: FolderKind = {
  note: EXPORT_NOTE,
  called: "an export",
  holds: null,
  replaced: false,
};

/** The folder of a report: it can be made again from the logs at any time. */
export const REPORT_FOLDER: FolderKind = {
  note: "report.json",
  called: "a report",
  holds: ["report.html", "report.md", "latex", "data"],
  replaced: true,
};

/**
 * Fills a folder that appears under its name once it is whole.
 *
 * @param to The folder.
 * @param kind What it is to hold; with `replaced`, one of that kind that is there already is replaced.
 * @param fill Writes into the folder that it is given; what it returns is written to the note.
 * @throws {UsageError} When the folder holds something that must not be replaced.
 * @throws {StoreError} When it cannot be written.
 */
export async function fillFolder<T>(
  to: string,
  kind: FolderKind,
  fill: (folder: string) => Promise<T>,
): Promise<T> {
  refuseFolder(to, kind);
  // Where a link leads, and not in the link's place: whoever made it wants the files there.
  const path = existsSync(to) ? realpathSync(to) : resolve(to);
  const besides = join(dirname(path), `.${basename(path)}.${crypto.randomUUID()}`);
  try {
    using unfinished = scratchFolder(`${besides}.tmp`);
    const told = await fill(unfinished.path);
    await Deno.writeTextFile(join(unfinished.path, kind.note), `${JSON.stringify(told, null, 2)}\n`);
    // Looked at once more: it may have come up meanwhile.
    refuseFolder(to, kind);
    await replace(path, unfinished.path, `${besides}.old`);
    return told;
  } catch (error) {
    throw error instanceof Error && "code" in error && typeof error.code === "string"
      ? storeError("write to", to, error)
      : error;
  }
}

/** Puts a folder into another's place; that of before is gone only when the new one is there. */
async function replace(path: string, by: string, aside: string): Promise<void> {
  const isThere = existsSync(path);
  if (isThere) Deno.renameSync(path, aside);
  try {
    Deno.renameSync(by, path);
  } catch (error) {
    if (isThere) Deno.renameSync(aside, path);
    throw error;
  }
  await folderSync().sync(dirname(path));
  if (isThere) await Deno.remove(aside, { recursive: true });
}

/**
 * Refuses a folder that holds something that must not be replaced.
 *
 * @param to The folder.
 * @param kind What it is to hold.
 * @throws {UsageError} When it does.
 */
export function refuseFolder(to: string, { note, called, holds, replaced }: FolderKind): void {
  const path = resolve(to);
  if (!existsSync(path)) return;
  if (!Deno.statSync(path).isDirectory) {
    throw new UsageError(`Cannot write to "${to}": it is a file. Name a folder that does not exist yet`);
  }
  const names = [...Deno.readDirSync(path)].map(({ name }) => name);
  if (names.length === 0) return;
  const isOfThisKind = names.includes(note) && isOurs(join(path, note));
  const others = names.filter((name) => !isOfThisKind || (holds?.includes(name) === false && name !== note));
  if (others.length > 0) {
    throw new UsageError(
      `Cannot write to "${to}": it holds other things, such as "${
        others.sort()[0]
      }". Name a folder that does not exist yet`,
    );
  }
  if (!replaced) {
    throw new UsageError(
      `Cannot write to "${to}": it holds ${called} already. Name another folder, or replace it with --force`,
    );
  }
}

/** Whether a note is this program's: others call files by such names, too, and have data of their own beside them. */
function isOurs(note: string): boolean {
  return Deno.statSync(note).isFile && isExportNote(Deno.readTextFileSync(note));
}
