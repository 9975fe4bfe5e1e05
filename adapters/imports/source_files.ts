/** Lists the files of an import. */
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { EXPORT_NOTE, isExportNote } from "../exports/mod.ts";
import { CORPUS_FILES, UTTERANCE_FILES } from "../formats/convokit_corpus.ts";
import { FormatError } from "../formats/format_error.ts";
import type { TableFormat } from "../formats/table_rows.ts";
import { infoAt } from "../path_info.ts";

/** The formats of discussions. A corpus is listed as one file, its file of utterances. */
export type DiscussionFormat = "python-library" | "convokit" | "deliberate-lab" | TableFormat;

export type SourceFile = Readonly<{
  path: string;
  /**
   * The file's path, beginning with the name of the file or folder that the user gave: `logs/a.json` for the folder
   * `data/logs`. If the user gave a file of a corpus, the path begins with the name of the corpus's folder.
   */
  name: string;
  format: DiscussionFormat;
  bytes: number;
  /** The name of the folder that holds the file, without its path. */
  folder: string;
}>;

const FORMATS: Readonly<Record<string, DiscussionFormat>> = {
  ".json": "python-library",
  ".csv": "csv",
  ".tsv": "csv",
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
};

const ARCHIVE = /\.(?:zip|gz|tgz|bz2|xz|zst|7z|tar)$/i;

/** The largest size of a note that `export` writes. */
const EXPORT_NOTE_BYTES_MAX = 64 * 1024;

type ListingOptions = Readonly<{
  /** The format of all files; if `undefined`, it is recognised for each file. */
  format: Exclude<DiscussionFormat, "convokit"> | undefined;
  /** A folder to skip: the target of the import. */
  except?: string;
  /** Called for each of the `paths` that does not exist or has an unknown format. */
  unusable: (path: string, message: string) => void;
}>;

/** Lists files, and the files of folders and sub-folders in the order of their names. */
export async function sourceFiles(
  paths: readonly string[],
  { format, except, unusable }: ListingOptions,
): Promise<SourceFile[]> {
  const files = new Map<string, SourceFile>();
  for (const path of paths) {
    const add = (file: string, bytes: number, kind: DiscussionFormat) => {
      const full = resolve(file);
      const root = kind === "convokit" && !found?.isDirectory
        ? dirname(dirname(full))
        : dirname(resolve(path));
      const folder = basename(dirname(full));
      files.set(full, { path: file, name: relative(root, full), format: kind, bytes, folder });
    };
    const found = infoAt(path);
    if (found === null) unusable(path, "there is no such file or folder");
    else if (found.isDirectory) {
      for await (const file of filesIn(path, { except, corpora: format === undefined })) {
        const kind = format ?? file.kind ?? await kindOf(file.path);
        if (kind === undefined || await saysWhereFrom(file.path)) continue;
        add(file.path, (await Deno.stat(file.path)).size, kind);
      }
    } else {
      const utterances = format === undefined ? utterancesBeside(path) : undefined;
      if (utterances !== undefined) {
        add(utterances, (await Deno.stat(utterances)).size, "convokit");
        continue;
      }
      const kind = format ?? await kindOf(path);
      if (kind !== undefined) add(path, found.size, kind);
      else if (ARCHIVE.test(path)) unusable(path, "it is an archive: unpack it, and import its files");
      else unusable(path, "its name does not show its format: give --format");
    }
  }
  if (files.size > 0) return [...files.values()];
  const endings = Object.keys(FORMATS).join(", ");
  throw new FormatError(`Cannot import anything from ${paths.join(", ")}: expected files (${endings})`);
}

/**
 * The format of a file, by its name. A JSON file with a list is a table of comments. A JSON file that begins with
 * `{ "experiment": {` is an experiment of Deliberate Lab. Any other JSON file is a discussion of the Python library.
 */
async function kindOf(path: string): Promise<DiscussionFormat | undefined> {
  const kind = FORMATS[extname(path).toLowerCase()];
  if (kind !== "python-library") return kind;
  const beginning = await beginningOf(path);
  if (/^\ufeff?\s*\[/.test(beginning)) return "json";
  return /^\ufeff?\s*\{\s*"experiment"\s*:\s*\{/.test(beginning) ? "deliberate-lab" : kind;
}

const BEGINNING_BYTES = 256;

async function beginningOf(path: string): Promise<string> {
  using file = await Deno.open(path);
  const buffer = new Uint8Array(BEGINNING_BYTES);
  const read = await file.read(buffer);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(buffer.subarray(0, read ?? 0));
}

/** Whether a file is the note that `export` writes beside its files. */
async function saysWhereFrom(file: string): Promise<boolean> {
  if (basename(file) !== EXPORT_NOTE || (await Deno.stat(file)).size > EXPORT_NOTE_BYTES_MAX) return false;
  return isExportNote(await Deno.readTextFile(file));
}

type Listed = Readonly<{ path: string; kind?: DiscussionFormat }>;

async function* filesIn(
  folder: string,
  options: Readonly<{ except: string | undefined; corpora: boolean }>,
): AsyncGenerator<Listed> {
  if (options.except !== undefined && resolve(folder) === resolve(options.except)) return;
  const entries = (await Array.fromAsync(Deno.readDir(folder))).sort((a, b) => a.name < b.name ? -1 : 1);
  const utterances = options.corpora ? utterancesAmong(entries.map(({ name }) => name)) : undefined;
  if (utterances !== undefined) yield { path: join(folder, utterances), kind: "convokit" };
  for (const { name, isDirectory, isFile, isSymlink } of entries) {
    const path = join(folder, name);
    if (name.startsWith(".")) continue;
    if (isDirectory) yield* filesIn(path, options);
    // Links to files are followed. Links to folders are not: they could make circles.
    else if (utterances === undefined && (isFile || (isSymlink && infoAt(path)?.isFile))) {
      yield { path };
    }
  }
}

/**
 * If the path is a file of a corpus, the corpus's file of utterances; otherwise `undefined`. A user can name any file of a
 * corpus. Then the whole corpus is imported.
 */
function utterancesBeside(path: string): string | undefined {
  const folder = dirname(path);
  const name = basename(path);
  if (!UTTERANCE_FILES.includes(name) && !(CORPUS_FILES as readonly string[]).includes(name)) {
    return undefined;
  }
  const utterances = utterancesAmong([...Deno.readDirSync(folder)].map(({ name }) => name));
  return utterances === undefined ? undefined : join(folder, utterances);
}

/**
 * The file of utterances among the files of a folder; `undefined` if the folder is not a corpus. A corpus has a file of
 * utterances and at least one of the `CORPUS_FILES`.
 */
function utterancesAmong(names: readonly string[]): string | undefined {
  if (!CORPUS_FILES.some((name) => names.includes(name))) return undefined;
  return UTTERANCE_FILES.find((name) => names.includes(name));
}
