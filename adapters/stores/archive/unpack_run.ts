/** Reads an archive into a folder. Trusts nothing in the archive. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createTarDecoder, type ParsedTarEntry } from "npm:modern-tar@0.8.6";
import { StoreError } from "../../../core/ports/mod.ts";
import { readSums, SUMS_FILE } from "../../sums.ts";
import { writeAll } from "../durable_files.ts";
import { isKeyFile, KEY_MODE } from "../person_keys.ts";
import { RUN_FILES } from "../run_files.ts";
import { errorCode, storeError } from "../store_errors.ts";
import {
  type ArchiveNote,
  BYTES_MAX,
  Collisions,
  ENTRIES_MAX,
  isLock,
  LIST_BYTES_MAX,
  NOTE_FILE,
  parseNote,
  pathProblem,
} from "./archive_format.ts";

/** The limits on one archive. */
export type ArchiveLimits = Readonly<{ bytesMax: number; entriesMax: number }>;

const LIMITS: ArchiveLimits = { bytesMax: BYTES_MAX, entriesMax: ENTRIES_MAX };

/** What was unpacked. */
export type Unpacked = Readonly<{
  /** The name of the folder in the archive. */
  name: string;
  files: number;
  bytes: number;
  note: ArchiveNote;
}>;

/** An archive was refused. Its message gives only the reason. */
class Refused extends Error {}

/**
 * Writes the files of an archive to an empty folder, and compares each with the SHA-256 in the archive's list. The
 * folder then has all files except for locks and the list, which would become wrong when the run is resumed. If
 * this fails, the caller removes the folder.
 *
 * @throws {StoreError} When the archive is damaged, hostile, or was not made by `packRun()`.
 * @throws {Error} The operating system's error, if a file cannot be written.
 */
export async function unpackRun(file: string, folder: string, limits = LIMITS): Promise<Unpacked> {
  try {
    const found = await writeEntries(file, folder, limits);
    const files = compareSums(folder, found.hashes);
    const note = noteOf(folder);
    if (![RUN_FILES.manifest, RUN_FILES.runLog].some((name) => existsSync(join(folder, name)))) {
      throw new Refused("it contains no run");
    }
    Deno.removeSync(join(folder, SUMS_FILE));
    return { name: found.name, bytes: found.bytes, files, note };
  } catch (error) {
    if (error instanceof Refused) throw refusal(file, error.message);
    if (error instanceof StoreError || errorCode(error) !== undefined) throw error;
    // Both the decompression and the tar library throw errors without a class of their own.
    throw refusal(file, `it is damaged or incomplete (${error instanceof Error ? error.message : error})`);
  }
}

function refusal(file: string, reason: string): StoreError {
  return new StoreError(
    `Cannot unpack "${file}": ${reason}. Nothing was written. Get the archive again from its sender`,
  );
}

type Written = Readonly<{ name: string; bytes: number; hashes: ReadonlyMap<string, string> }>;

async function writeEntries(file: string, folder: string, limits: ArchiveLimits): Promise<Written> {
  const hashes = new Map<string, string>();
  const collisions = new Collisions();
  let name: string | null = null;
  let entries = 0;
  let bytes = 0;
  for await (const entry of entriesOf(file, limits)) {
    if (++entries > limits.entriesMax) throw new Refused(`it has more than ${limits.entriesMax} files`);
    const path = pathOf(entry);
    const [top, ...rest] = path.split("/");
    name ??= top!;
    if (top !== name) throw new Refused(`it has two folders, "${name}" and "${top}"`);
    const inner = rest.join("/");
    const other = collisions.add(path);
    if (other !== null) {
      throw new Refused(`"${other}" and "${path}" are one file on systems that ignore case`);
    }
    if (entry.header.type === "directory") {
      if (!isLock(inner)) await once(path, () => Deno.mkdirSync(join(folder, ...rest), { recursive: true }));
      await entry.body.cancel();
      continue;
    }
    if (rest.length === 0) throw new Refused(`the file "${path}" is not in a folder`);
    if (hashes.has(inner)) throw new Refused(`it contains "${path}" twice`);
    const to = isLock(inner) ? null : join(folder, inner);
    hashes.set(inner, await once(path, () => writeEntry(to, entry.body)));
    bytes += entry.header.size;
  }
  if (name === null) throw new Refused("it is empty");
  return { name, hashes, bytes };
}

async function* entriesOf(file: string, { bytesMax }: ArchiveLimits): AsyncGenerator<ParsedTarEntry> {
  const handle = await Deno.open(file).catch((cause) => {
    throw storeError("read", file, cause);
  });
  let bytes = 0;
  // Counts headers and padding, too: a small archive can unpack to any number of them.
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.length;
      if (bytes > bytesMax) throw tooLarge(bytesMax);
      controller.enqueue(chunk);
    },
  });
  const entries = handle.readable
    .pipeThrough(new DecompressionStream("gzip") as TransformStream<Uint8Array, Uint8Array>)
    .pipeThrough(counter)
    .pipeThrough(createTarDecoder({ strict: true }));
  for await (const entry of entries) {
    if (entry.header.size > bytesMax) throw tooLarge(bytesMax);
    yield entry;
  }
}

function tooLarge(bytesMax: number): Refused {
  return new Refused(
    `its content has more than ${bytesMax} bytes. If you trust it, open it with "tar xzf", then check it with "verify"`,
  );
}

/** The path of an entry, without the slash after a folder. */
function pathOf({ header: { name, type } }: ParsedTarEntry): string {
  if (type !== "file" && type !== "directory") {
    throw new Refused(`"${name}" is a ${type}, not a file or a folder`);
  }
  const path = type === "directory" ? name.replace(/\/$/, "") : name;
  const problem = pathProblem(path);
  if (problem !== null) throw new Refused(`it contains the path ${JSON.stringify(path)}: ${problem}`);
  return path;
}

/** Writes a new file or folder. Refuses one that exists already: on some file systems, two names can be one file. */
async function once<T>(path: string, write: () => T | Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    if (cause instanceof Deno.errors.AlreadyExists || cause instanceof Deno.errors.NotADirectory) {
      throw new Refused(`it contains "${path}" twice`);
    }
    throw cause;
  }
}

/**
 * @param path `null` writes nothing.
 * @returns The file's SHA-256.
 */
async function writeEntry(path: string | null, body: ParsedTarEntry["body"]): Promise<string> {
  if (path !== null) Deno.mkdirSync(dirname(path), { recursive: true });
  const mode = path !== null && isKeyFile(path) ? { mode: KEY_MODE } : {};
  using file = path === null ? null : await Deno.open(path, { write: true, createNew: true, ...mode });
  const hash = createHash("sha256");
  for await (const chunk of body) {
    hash.update(chunk);
    if (file !== null) writeAll(file, chunk);
  }
  return hash.digest("hex");
}

/**
 * Compares all files with the archive's list.
 *
 * @returns The number of files that were written.
 */
function compareSums(folder: string, hashes: ReadonlyMap<string, string>): number {
  const sums = isSmall(join(folder, SUMS_FILE)) ? readSums(folder) : null;
  if (sums === null) throw new Refused(`it has no list "${SUMS_FILE}", so "pack" did not make it`);
  for (const [path, [expected]] of sums) {
    const hash = hashes.get(path);
    if (hash === undefined) throw new Refused(`"${path}" is in its list, but not in the archive`);
    if (hash !== expected) throw new Refused(`"${path}" differs from its list`);
  }
  const extra = [...hashes.keys()].find((path) => path !== SUMS_FILE && !sums.has(path));
  if (extra !== undefined) throw new Refused(`"${extra}" is not in its list`);
  return [...sums.keys()].filter((path) => !isLock(path)).length;
}

function noteOf(folder: string): ArchiveNote {
  const file = join(folder, NOTE_FILE);
  const note = isSmall(file) ? parseNote(Deno.readTextFileSync(file)) : null;
  if (note === null) {
    throw new Refused(`its "${NOTE_FILE}" is missing or damaged, or a newer version of this program made it`);
  }
  return note;
}

function isSmall(file: string): boolean {
  return existsSync(file) && Deno.statSync(file).size <= LIST_BYTES_MAX;
}
