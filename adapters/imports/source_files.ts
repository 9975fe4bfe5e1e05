/** The files that an import is given, by themselves or in folders. */
import { basename, dirname, extname, join, resolve } from "node:path";
import { EXPORT_NOTE, isExportNote } from "../exports/mod.ts";
import type { TableFormat } from "../formats/table_rows.ts";

/** The formats of discussions. */
export type DiscussionFormat = "python-library" | TableFormat;

/** A file to be imported. */
export type SourceFile = Readonly<{
  path: string;
  format: DiscussionFormat;
  bytes: number;
  /** The name of the folder that it lies in. */
  folder: string;
}>;

const FORMATS: Readonly<Record<string, DiscussionFormat>> = {
  ".json": "python-library",
  ".csv": "csv",
  ".tsv": "csv",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
};

/** A note has some hundred bytes; what is larger is none. */
const EXPORT_NOTE_BYTES_MAX = 64 * 1024;

/** The endings of files that are looked for in folders. */
export const FILE_ENDINGS: string = Object.keys(FORMATS).join(", ");

/** How files are listed. */
export type ListingOptions = Readonly<{
  /** The format of all of them, where the names do not tell it. */
  format: DiscussionFormat | undefined;
  /** A folder that is passed over: the one that they are imported to. */
  except?: string;
  /** Told that a path leads nowhere, or to a file of an unknown kind. */
  unusable: (path: string, message: string) => void;
}>;

/**
 * Lists files, those of folders and their sub-folders in the order of their names.
 *
 * @param paths Files and folders.
 * @param options See there.
 */
export async function sourceFiles(
  paths: readonly string[],
  { format, except, unusable }: ListingOptions,
): Promise<SourceFile[]> {
  const files = new Map<string, SourceFile>();
  const add = (path: string, bytes: number, kind: DiscussionFormat) =>
    files.set(resolve(path), { path, format: kind, bytes, folder: basename(dirname(resolve(path))) });
  for (const path of paths) {
    const found = await statOf(path);
    if (found === null) unusable(path, "there is no such file or folder");
    else if (found.isDirectory) {
      for await (const file of filesIn(path, except)) {
        const kind = FORMATS[extname(file).toLowerCase()];
        if (kind === undefined || await saysWhereFrom(file)) continue;
        add(file, (await Deno.stat(file)).size, format ?? kind);
      }
    } else {
      const kind = format ?? FORMATS[extname(path).toLowerCase()];
      if (kind !== undefined) add(path, found.size, kind);
      else unusable(path, "its name does not tell its format: give --format");
    }
  }
  return [...files.values()];
}

/** Whether `export` wrote it beside the files that are to be imported. */
async function saysWhereFrom(file: string): Promise<boolean> {
  if (basename(file) !== EXPORT_NOTE || (await Deno.stat(file)).size > EXPORT_NOTE_BYTES_MAX) return false;
  return isExportNote(await Deno.readTextFile(file));
}

async function statOf(path: string): Promise<Deno.FileInfo | null> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function* filesIn(folder: string, except: string | undefined): AsyncGenerator<string> {
  if (except !== undefined && resolve(folder) === resolve(except)) return;
  const entries = (await Array.fromAsync(Deno.readDir(folder))).sort((a, b) => a.name < b.name ? -1 : 1);
  for (const { name, isDirectory, isFile, isSymlink } of entries) {
    const path = join(folder, name);
    if (name.startsWith(".")) continue;
    if (isDirectory) yield* filesIn(path, except);
    // Links to files are followed; those to folders could lead round in circles.
    else if (isFile || (isSymlink && (await statOf(path))?.isFile)) yield path;
  }
}
