/** Packs a run folder into an archive. */
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { realpathSync } from "node:fs";
import { createTarPacker, type TarPackController } from "npm:modern-tar@0.8.6";
import { headOf, RunError } from "../../../core/run_log/mod.ts";
import { VERSION } from "../../../core/version.ts";
import { SUMS_FILE, sumsText } from "../../sums.ts";
import { writeAll } from "../durable_files.ts";
import type { RunReader } from "../../../core/ports/mod.ts";
import { isMissing } from "../../path_info.ts";
import { readRunFolder } from "../run_folder.ts";
import { KEY_MODE } from "../person_keys.ts";
import { runHolders } from "../run_lock.ts";
import { unusable } from "../store_errors.ts";
import { anonymise, type Anonymised, type Names } from "./anonymise.ts";
import { ARCHIVE_FORMAT, type ArchiveNote, BYTES_MAX, NOTE_FILE, parseNote } from "./archive_format.ts";
import { hashOfList, isKey, type Listed, listFiles, mayHoldPrompts } from "./list_files.ts";
import { PrivateWords } from "./private_words.ts";

const READ_BYTES = 256 * 1024;

/** How a run is packed. */
export type PackOptions = Readonly<{
  /** Whether the operations log is packed. */
  promptsLog: boolean;
  /** Whether the keys of people are packed. Without a key, no one can read the person's words. */
  keys?: boolean;
  /** The names to look for, and an empty folder for changed copies; `null` keeps all files unchanged. */
  anonymise: Readonly<{ names: Names; scratch: string }> | null;
}>;

/** What was packed. */
export type Packed = Readonly<{
  files: number;
  bytes: number;
  /** The files that were left out because they can contain prompts. */
  leftOut: readonly string[];
  /** How many keys of people were packed, and how many were left out. */
  keys: number;
  keysLeftOut: number;
  /** `null` if nothing was anonymised. */
  anonymised: Anonymised | null;
}>;

/** A file of the archive. */
type Entry = Readonly<{ path: string; size: number; isFolder: boolean; chunks: () => Iterable<Uint8Array> }>;

/**
 * Packs a run. The same folder with the same name gives the same bytes: names are sorted, and all files get the
 * time at which the run was made.
 *
 * @param to The path of the archive, which must not exist.
 * @throws {RunError} When the folder holds no run, is in use or changes meanwhile, or contains a link.
 */
export async function packRun(
  folder: string,
  to: string,
  { promptsLog, keys = false, anonymise: anonymising }: PackOptions,
): Promise<Packed> {
  const run = readRunFolder(folder);
  refuseUsed(folder);
  const name = basename(realpathSync(folder));
  const top = anonymising === null ? name : new PrivateWords(anonymising.names).replace(name);
  const before = hashOfList(listFiles(folder, top));
  const isPacked = ({ path }: Listed) => (promptsLog || !mayHoldPrompts(path)) && (keys || !isKey(path));
  const others = listFiles(folder, top).filter((file) => !file.isFolder && !isPacked(file)).toArray();
  const leftOut = others.map(({ path }) => path).filter((path) => !isKey(path));
  const files = () => listFiles(folder, top).filter(isPacked);
  const anonymised = anonymising === null ? null : anonymise(folder, [...files()], anonymising);
  const note = noteOf(run, { leftOut, anonymised });
  const text = new TextEncoder().encode(`${JSON.stringify(note, null, 2)}\n`);
  const entries = function* (): Generator<Entry> {
    yield inMemory(NOTE_FILE, text);
    for (const file of files()) yield entryOf(folder, file, anonymised);
  };
  let [count, bytes, keysPacked] = [0, 0, 0];
  for (const { path, isFolder, size } of entries()) {
    if (!isFolder) count++;
    if (!isFolder && isKey(path)) keysPacked++;
    bytes += size;
  }
  if (bytes > BYTES_MAX) {
    throw new RunError(
      "unusable",
      `Cannot pack "${folder}": its files have ${bytes} bytes, and an archive holds at most ${BYTES_MAX}. Use tar`,
    );
  }
  // If a file changed, packing can fail because of that. So a change is reported first.
  const failure = await writeArchive(to, entries(), {
    top,
    at: new Date(run.manifest.createdAt),
    isPrivate: keysPacked > 0,
  })
    .then(() => null, (error: unknown) => error);
  if (hashOfList(listFiles(folder, top)) !== before) throw inUse(folder, "it changed while it was packed");
  if (failure !== null) throw failure;
  refuseUsed(folder);
  return {
    files: count,
    bytes,
    leftOut,
    keys: keysPacked,
    keysLeftOut: others.length - leftOut.length,
    anonymised,
  };
}

/** Refuses to pack a run that is in use. Logs that grow while they are copied could contradict each other. */
function refuseUsed(folder: string): void {
  const [holder] = runHolders(folder);
  if (holder !== undefined) throw inUse(folder, `it is in use by ${holder}`);
}

function inUse(folder: string, why: string): RunError {
  return new RunError(
    "in-use",
    `Cannot pack "${folder}": ${why}. Wait until the run ends, or stop it; it can be resumed later`,
  );
}

/** Makes the note. If the folder itself comes from an archive, the note also says what the earlier archive left out. */
function noteOf(
  { place, manifest, log }: RunReader,
  { leftOut, anonymised }: Readonly<{ leftOut: readonly string[]; anonymised: Anonymised | null }>,
): ArchiveNote {
  const earlier = earlierNote(place);
  return {
    format: ARCHIVE_FORMAT,
    syndisco: VERSION,
    run: {
      experiment: manifest.experiment.name,
      fingerprint: manifest.fingerprint,
      head: log.kind === "kept" ? headOf(log.log) : null,
    },
    leftOut: [...new Set([...earlier?.leftOut ?? [], ...leftOut])].sort(),
    anonymised: anonymised === null ? earlier?.anonymised ?? null : {
      changed: [...new Set([...earlier?.anonymised?.changed ?? [], ...anonymised.copies.keys()])].sort(),
      remaining: anonymised.remaining.map(({ text: _, ...place }) => place),
      remainingCount: anonymised.remainingCount,
    },
  };
}

function earlierNote(folder: string): ArchiveNote | null {
  try {
    return parseNote(Deno.readTextFileSync(join(folder, NOTE_FILE)));
  } catch (error) {
    if (isMissing(error)) return null;
    throw unusable("read", join(folder, NOTE_FILE), error);
  }
}

function inMemory(path: string, bytes: Uint8Array): Entry {
  return { path, size: bytes.length, isFolder: false, chunks: () => [bytes] };
}

function entryOf(folder: string, { path, size, isFolder }: Listed, anonymised: Anonymised | null): Entry {
  const copy = anonymised?.copies.get(path);
  const file = copy ?? join(folder, path);
  const packedSize = copy === undefined ? size : Deno.statSync(copy).size;
  return {
    path,
    isFolder,
    size: packedSize,
    *chunks() {
      if (isFolder) return;
      using handle = open(file);
      // A run can have very many small logs, so the buffer for a log is only as large as the log.
      const bytes = new Uint8Array(Math.max(1, Math.min(packedSize, READ_BYTES)));
      for (let count = handle.readSync(bytes); count !== null; count = handle.readSync(bytes)) {
        yield bytes.slice(0, count);
      }
    },
  };
}

function open(file: string): Deno.FsFile {
  try {
    return Deno.openSync(file);
  } catch (cause) {
    throw unusable("read", file, cause);
  }
}

/** `isPrivate`: only the user may read the archive, because it has keys. */
type ArchiveOptions = Readonly<{ top: string; at: Date; isPrivate: boolean }>;

/** Writes the archive, and makes it durable. */
async function writeArchive(to: string, entries: Iterable<Entry>, options: ArchiveOptions): Promise<void> {
  const mode = options.isPrivate ? { mode: KEY_MODE } : {};
  using file = await Deno.open(to, { write: true, createNew: true, ...mode });
  const { readable, controller } = createTarPacker();
  const adding = addEntries(controller, entries, options).catch((error) => controller.error(error));
  await readable
    .pipeThrough(new CompressionStream("gzip") as TransformStream<Uint8Array, Uint8Array>)
    .pipeTo(new WritableStream({ write: (chunk) => writeAll(file, chunk) }));
  await adding;
  await file.sync();
}

async function addEntries(
  controller: TarPackController,
  entries: Iterable<Entry>,
  options: ArchiveOptions,
): Promise<void> {
  const encoder = new TextEncoder();
  const sums: Uint8Array[] = [];
  for (const entry of entries) {
    const hash = await addEntry(controller, entry, options);
    if (!entry.isFolder) sums.push(encoder.encode(sumsText(new Map([[entry.path, [hash]]]))));
  }
  const size = sums.reduce((sum, { length }) => sum + length, 0);
  await addEntry(controller, { path: SUMS_FILE, size, isFolder: false, chunks: () => sums }, options);
  controller.finalize();
}

/** @returns The file's SHA-256. */
async function addEntry(
  controller: TarPackController,
  { path, size, isFolder, chunks }: Entry,
  { top, at }: ArchiveOptions,
): Promise<string> {
  const name = `${top}/${path}${isFolder ? "/" : ""}`;
  const writer = controller.add({
    name,
    size,
    type: isFolder ? "directory" : "file",
    mode: isFolder ? 0o755 : isKey(path) ? KEY_MODE : 0o644,
    mtime: Number.isNaN(at.getTime()) ? new Date(0) : at,
    uid: 0,
    gid: 0,
    // For letters outside ASCII, all programs use the same encoding only in this record.
    // deno-lint-ignore no-control-regex -- all letters of ASCII
    ...(/^[\x00-\x7f]*$/.test(name) ? {} : { pax: { path: name } }),
  }).getWriter();
  const hash = createHash("sha256");
  for (const chunk of chunks()) {
    hash.update(chunk);
    await writer.write(chunk);
  }
  await writer.close();
  return hash.digest("hex");
}
