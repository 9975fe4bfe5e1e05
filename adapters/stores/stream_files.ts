/** Finds the file of a stream, and the stream of a file. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join, sep } from "node:path";
import { StoreError, type StreamSize } from "../../core/ports/mod.ts";
import { infoAt, isMissing, kindAt } from "../path_info.ts";
import { readFailure, reasonOf, storeError } from "./store_errors.ts";

/** The number of sub-folders for streams: none, or one for each pair of hexadecimal digits. */
export type Shards = 0 | 256;

/** File systems allow names of up to 255 bytes. The rest is for endings such as `.jsonl.damaged-1`. */
const NAME_BYTES_MAX = 200;

const ENDING = ".jsonl";
const SHARD = /^[0-9a-f]{2}$/;
const PLAIN = /^[A-Za-z0-9+_=-][A-Za-z0-9+._=-]*$/;

const encoder = new TextEncoder();

/** A log that is open for reading. */
type OpenedLog = Readonly<{ path: string; file: Deno.FsFile }>;

export interface StreamFiles {
  pathOf(stream: string): string;
  /** The path of the stream's file, in either layout; `null` if there is no file. */
  find(stream: string): string | null;
  /**
   * Opens the stream's file, in either layout, for reading, and for syncing if `durable` is true. Returns `null` if there
   * is no file.
   */
  openForReading(stream: string, durable: boolean): OpenedLog | null;
  /** All streams with a file, in either layout, and the paths of their files. Follows links. */
  list(): Iterable<readonly [stream: string, path: string]>;
  /**
   * The lengths of the streams' files in bytes.
   *
   * @param streams Default: all streams.
   */
  sizes(streams?: Iterable<string>): Iterable<StreamSize>;
}

/**
 * The file name of a stream. Letters, digits and `+._=-` stay; any other byte becomes `%` and two hexadecimal
 * digits, as in URLs. So no name leads out of the folder, and `streamOf()` restores each name.
 */
export function fileNameOf(stream: string): string {
  const name = PLAIN.test(stream) ? stream : escaped(stream);
  if (name === "" || name.length > NAME_BYTES_MAX) {
    throw new RangeError(
      `Cannot store the stream "${stream}": its file name would have ${name.length} bytes, ` +
        `expected 1 to ${NAME_BYTES_MAX}`,
    );
  }
  return name + ENDING;
}

/** The stream with this file name; `null` if no stream has it. */
export function streamOf(fileName: string): string | null {
  if (!fileName.endsWith(ENDING)) return null;
  const name = fileName.slice(0, -ENDING.length);
  if (PLAIN.test(name) && name.length <= NAME_BYTES_MAX) return name;
  try {
    const stream = decodeURIComponent(name);
    return fileNameOf(stream) === fileName ? stream : null;
  } catch {
    return null;
  }
}

/**
 * The files of the streams in a folder. Finds existing streams in both layouts.
 *
 * @param shards With 0, new streams go to the folder itself. With 256, they go to sub-folders named by the first two
 *   hexadecimal digits of the SHA-256 of the stream's name.
 */
export function streamFiles(folder: string, shards: Shards): StreamFiles {
  const flat = (stream: string) => join(folder, fileNameOf(stream));
  const sharded = (stream: string) => join(folder, shardOf(stream), fileNameOf(stream));
  const [pathOf, otherPathOf] = shards === 0 ? [flat, sharded] : [sharded, flat];
  const files: StreamFiles = {
    pathOf,
    find(stream) {
      const path = pathOf(stream);
      if (existsSync(path)) return path;
      const otherPath = otherPathOf(stream);
      return existsSync(otherPath) ? otherPath : null;
    },
    openForReading(stream, durable) {
      const path = pathOf(stream);
      try {
        // Finding the file first would take as long as opening it.
        return { path, file: opened(path, durable) };
      } catch {
        const found = files.find(stream);
        return found === null ? null : { path: found, file: openForReading(found, durable) };
      }
    },
    *sizes(streams) {
      for (const [stream, path] of streams === undefined ? files.list() : found(files, streams)) {
        const size = sizeOf(path);
        if (size !== null) yield { stream, size };
      }
    },
    *list() {
      const paths = new Map<string, string>();
      const strays: (readonly [stream: string, path: string])[] = [];
      for (const { stream, path, shard } of logsIn(folder)) {
        const other = paths.get(stream);
        if (other !== undefined) throw twice(stream, [other, path]);
        if (shard !== null && shard !== shardOf(stream)) strays.push([stream, path]);
        else paths.set(stream, path);
      }
      for (const [stream, path] of strays) {
        const other = paths.get(stream);
        throw other === undefined ? astray(path, pathOf(stream)) : twice(stream, [other, path]);
      }
      yield* paths;
    },
  };
  return files;
}

/** The length of a file; `null` if it has gone. A folder with a log's name has no length of its own. */
function sizeOf(path: string): number | null {
  try {
    const info = infoAt(path);
    return info === null ? null : info.isFile ? info.size : 0;
  } catch (cause) {
    throw storeError("look at", path, cause);
  }
}

function* found(
  files: StreamFiles,
  streams: Iterable<string>,
): Generator<readonly [stream: string, path: string]> {
  for (const stream of streams) {
    const path = files.find(stream);
    if (path !== null) yield [stream, path];
  }
}

/** Opens a log for reading, and for syncing if `durable` is true. */
export function openForReading(path: string, durable: boolean): Deno.FsFile {
  try {
    return opened(path, durable);
  } catch (cause) {
    throw readFailure(path, cause);
  }
}

function opened(path: string, durable: boolean): Deno.FsFile {
  // Windows syncs only files that are open for writing.
  return Deno.openSync(path, { read: true, write: durable && Deno.build.os === "windows" });
}

function escaped(stream: string): string {
  let name = "";
  for (const byte of encoder.encode(stream)) {
    const char = String.fromCharCode(byte);
    // A leading dot would hide the file, or name this folder or its parent.
    const plain = name === "" ? /[A-Za-z0-9+_=-]/ : /[A-Za-z0-9+._=-]/;
    name += plain.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return name;
}

function shardOf(stream: string): string {
  return createHash("sha256").update(stream).digest("hex").slice(0, 2);
}

/** A log, and the sub-folder that it is in; `null` for the folder itself. */
type FoundLog = Readonly<{ stream: string; path: string; shard: string | null }>;

function* logsIn(folder: string, shard: string | null = null): Generator<FoundLog> {
  for (const entry of entriesOf(folder)) {
    // join() would take more time than all other work of this function.
    const path = `${folder}${sep}${entry.name}`;
    const stream = streamOf(entry.name);
    if (stream !== null) yield { stream, path: checked(path, entry), shard };
    else if (shard === null && SHARD.test(entry.name) && leadsTo(path, entry).isDirectory) {
      yield* logsIn(path, entry.name);
    }
  }
}

function checked(path: string, entry: Deno.DirEntry): string {
  // A folder with a log's name counts as a damaged log. Reading it reports the reason.
  if (entry.isDirectory || leadsTo(path, entry).isFile) return path;
  const what = entry.isSymlink ? "the link leads to something that" : "it";
  throw new StoreError(
    `Cannot read "${path}": it has a log's name, but ${what} is not a file. Move it out of the run's folder`,
  );
}

type Kind = Readonly<{ isFile: boolean; isDirectory: boolean }>;

function leadsTo(path: string, entry: Deno.DirEntry): Kind {
  if (!entry.isSymlink) return entry;
  try {
    return Deno.statSync(path);
  } catch (cause) {
    const target = Deno.readLinkSync(path);
    throw new StoreError(
      `Cannot follow the link "${path}" to "${target}": ${reasonOf(cause)}. ` +
        `Put the file back, or move the link out of the run's folder`,
      { cause },
    );
  }
}

function twice(stream: string, paths: readonly string[]): StoreError {
  return new StoreError(
    `Cannot read the log of "${stream}": there are two files, ${
      paths.map((path) => `"${path}"`).join(" and ")
    }. ` +
      `Move the copy out of the run's folder`,
  );
}

function astray(path: string, expected: string): StoreError {
  return new StoreError(
    `Cannot read the log "${path}": it is in the wrong folder. Move it to "${expected}"`,
  );
}

function* entriesOf(folder: string): Generator<Deno.DirEntry> {
  try {
    yield* Deno.readDirSync(folder);
  } catch (error) {
    if (!isMissing(error) || kindAt(folder) === "file") throw storeError("read", folder, error);
  }
}
