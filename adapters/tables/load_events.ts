/** Brings the logs of a run into a table of events. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { resolve } from "node:path";
import { DamagedStream, readStream } from "../../core/engine/mod.ts";
import { nativeSha256 } from "../system.ts";
import { writeAll } from "../stores/durable_files.ts";
import type { JsonlEventStore } from "../stores/mod.ts";
import { sqlText } from "./duckdb.ts";
import { tableJson } from "./cell_texts.ts";

const LOGS_MAX = 100_000;

/** Text that is gathered before it is written to the copy. */
const PIECE_CHARS = 256 * 1024;

/**
 * The longest line of a log that is read where it is: DuckDB sets twice as much aside for each of its readers. A log
 * with a longer one is copied, and read with the larger limit.
 */
const LINE_BYTES = 2 * 1024 * 1024;
const LINE_BYTES_MAX = 16 * 1024 * 1024;

const encoder = new TextEncoder();

/**
 * How events are kept: in a file of rows in small groups, so that reading takes little memory however long texts are.
 * A table of the database's own reads thousands of rows at a time.
 */
const EVENTS_FILE = "FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE 20480, ROW_GROUP_SIZE_BYTES '16MB'";

/** What every event has; without it, the line is none. */
const needed = (column: string) => `coalesce(${column}, error('a line is no event'))`;

export type Loading = Readonly<{
  run: string;
  store: JsonlEventStore;
  /** A folder for files of its own. */
  folder: string;
  /** Told about every damaged log; what stands before the damage is loaded. */
  onDamage: (damage: DamagedStream) => void;
}>;

/**
 * Loads all logs of a run.
 *
 * DuckDB reads the files where they are, several times faster than anything can hand it lines. The chain of hashes is
 * not checked then. Logs that it would not read right are copied for it, event by event through the store: those with
 * a last line that is not finished, with damaged lines, and with characters that tables cannot hold.
 */
export async function loadEvents(connection: DuckDBConnection, loading: Loading): Promise<readonly string[]> {
  const files: string[] = [];
  const streams = (await Array.fromAsync(loading.store.streams())).sort();
  for (let at = 0; at < streams.length; at += LOGS_MAX) {
    files.push(...await loadStreams(connection, streams.slice(at, at + LOGS_MAX), loading));
  }
  return files;
}

async function loadStreams(
  connection: DuckDBConnection,
  streams: readonly string[],
  loading: Loading,
): Promise<readonly string[]> {
  const { store, run, folder } = loading;
  const plain: string[] = [];
  let copied: readonly string[] = streams.filter((stream) => {
    const path = store.locate(stream);
    // What stands in a log's place, such as a folder, is left to the store, which says what is wrong.
    const isPlain = Deno.statSync(path).isFile && isPlainLog(path, stream);
    if (isPlain) plain.push(path);
    return !isPlain;
  });
  const files: string[] = [];
  try {
    files.push(...await convert(connection, plain, { run, folder, lineBytesMax: LINE_BYTES }));
  } catch (error) {
    if (!UNREADABLE.test((error as Error).message)) throw error;
    // One of them is damaged, or grew meanwhile: the store tells lines that were written from those that were not.
    copied = streams;
  }
  if (copied.length === 0) return files;
  const copy = `${folder}/${crypto.randomUUID()}.jsonl`;
  await copyStreams(copied, { ...loading, copy });
  files.push(...await convert(connection, [copy], { run, folder, lineBytesMax: LINE_BYTES_MAX }));
  await Deno.remove(copy);
  return files;
}

/** What DuckDB says of lines that are no events, and of those that are too long. */
const UNREADABLE = /^(?:Invalid Input|Constraint|Conversion) Error/;

type Conversion = Readonly<{ run: string; folder: string; lineBytesMax: number }>;

/** Writes the events of logs to a Parquet file; none where there are no logs. */
async function convert(
  connection: DuckDBConnection,
  logs: readonly string[],
  { run, folder, lineBytesMax }: Conversion,
): Promise<readonly string[]> {
  if (logs.length === 0) return [];
  const file = `${folder}/${crypto.randomUUID()}.parquet`;
  await connection.run(`COPY (
    SELECT ${sqlText(run)} AS run, ${needed("stream")} AS stream, ${needed("seq")} AS seq,
      ${needed('"at"')} AS recorded_at, ${needed("type")} AS type, ${needed("data")} AS data, meta
    FROM read_json([${logs.map(fileLiteral).join(", ")}],
      format = 'newline_delimited', compression = 'uncompressed', hive_partitioning = false,
      maximum_object_size = ${lineBytesMax},
      columns = { stream: 'VARCHAR', seq: 'INTEGER', "at": 'TIMESTAMP', type: 'VARCHAR', data: 'JSON', meta: 'JSON' }))
    TO ${sqlText(file)} (${EVENTS_FILE})`);
  return [file];
}

/** DuckDB takes file names for patterns: a character in brackets stands for itself. */
function fileLiteral(path: string): string {
  return sqlText(resolve(path).replaceAll(/[*?[]/g, "[$&]"));
}

async function copyStreams(
  streams: readonly string[],
  { store, copy, onDamage }: Loading & Readonly<{ copy: string }>,
): Promise<void> {
  using file = await Deno.open(copy, { write: true, create: true, truncate: true });
  let piece = "";
  const write = () => {
    writeAll(file, encoder.encode(piece));
    piece = "";
  };
  for (const stream of streams) {
    try {
      for await (const envelope of readStream(store, stream, nativeSha256)) {
        piece += `${tableJson(JSON.stringify(envelope))}\n`;
        if (piece.length > PIECE_CHARS) write();
      }
    } catch (error) {
      if (!(error instanceof DamagedStream)) throw error;
      onDamage(error);
    }
    store.release(stream);
  }
  write();
}

const BUFFER_BYTES = 1024 * 1024;

const NEWLINE = 10;
const BACKSLASH = 0x5c;

/** The first byte of the plane that stand-ins come from. */
const STAND_IN_PLANE = 0xf4;

/** The beginnings, after the backslash, of U+0000 and of surrogates, which JSON escapes when they are half a pair. */
const TELLTALES = /^u(?:0000|[dD])/;

/** What a piece shares with the next, so that no escape is cut in two. */
const OVERLAP_BYTES = 5;

const buffer = new Uint8Array(BUFFER_BYTES);

/**
 * Whether a log begins as its stream's, ends with a finished line and holds nothing that tables cannot hold.
 *
 * @param stream Its stream: a log under another one's name is damaged, or a copy.
 */
function isPlainLog(path: string, stream: string): boolean {
  using file = Deno.openSync(path);
  const beginning = encoder.encode(`{"stream":${JSON.stringify(stream)},`);
  let isFirst = true;
  let held = 0;
  let last = NEWLINE;
  while (true) {
    const count = file.readSync(buffer.subarray(held));
    if (count === null) return last === NEWLINE;
    const piece = buffer.subarray(0, held + count);
    if (isFirst && !beginning.every((byte, at) => piece[at] === byte)) return false;
    isFirst = false;
    if (piece.includes(STAND_IN_PLANE) || holdsTelltale(piece)) return false;
    last = piece.at(-1)!;
    held = Math.min(OVERLAP_BYTES, piece.length);
    buffer.copyWithin(0, piece.length - held, piece.length);
  }
}

function holdsTelltale(piece: Uint8Array): boolean {
  for (let at = piece.indexOf(BACKSLASH); at !== -1; at = piece.indexOf(BACKSLASH, at + 1)) {
    if (TELLTALES.test(String.fromCharCode(...piece.subarray(at + 1, at + 1 + OVERLAP_BYTES)))) return true;
  }
  return false;
}
