/** Loads the logs of a run into a table of events. */
import type { DuckDBConnection } from "npm:@duckdb/node-api@1.5.5-r.5";
import { resolve } from "node:path";
import { DamagedStream, readStream } from "../../core/engine/mod.ts";
import { nativeSha256 } from "../system.ts";
import { writeAll } from "../stores/durable_files.ts";
import { type EventStore, readingAhead } from "../../core/ports/mod.ts";
import { infoAt } from "../path_info.ts";
import { lineFileOf } from "../stores/mod.ts";
import { sqlText } from "./duckdb.ts";
import { tableJson } from "./cell_texts.ts";

const LOGS_MAX = 100_000;

/** How many characters are collected before they are written to the copy of the logs. */
const PIECE_CHARS = 256 * 1024;

/**
 * The longest line that DuckDB reads from a log itself. It reserves twice this length for each reader. Logs with a
 * longer line are copied, and the copy is read with the larger limit.
 */
const LINE_BYTES = 2 * 1024 * 1024;
const LINE_BYTES_MAX = 16 * 1024 * 1024;

const encoder = new TextEncoder();

/** The format of the events' files. Small groups of rows keep the memory small when long texts are read. */
const EVENTS_FILE = "FORMAT parquet, COMPRESSION lz4, ROW_GROUP_SIZE 20480, ROW_GROUP_SIZE_BYTES '16MB'";

/** A column that every event must have. */
const needed = (column: string) => `coalesce(${column}, error('a line is not an event'))`;

type Loading = Readonly<{
  run: string;
  store: EventStore;
  folder: string;
  /** Called for each damaged log. Its lines before the damage are loaded. */
  onDamage: (damage: DamagedStream) => void;
}>;

/**
 * Loads all logs of a run, and returns the Parquet files with the events.
 *
 * DuckDB reads most log files itself. This is several times faster than reading them through the store, but does
 * not check the hashes. Logs with an unfinished last line, damaged lines, or characters that tables cannot hold are
 * read through the store, and so are all logs of a run with people.
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
  // Only the store can decrypt the words of people, and knows who withdrew.
  const isSealed = ((await store.keys?.persons())?.size ?? 0) > 0;
  let copied: readonly string[] = streams.filter((stream) => {
    const path = isSealed ? null : lineFileOf(store, stream);
    if (path === null) return true;
    // If the path is not a file, the store reports the problem.
    const isPlain = infoAt(path)?.isFile === true && isPlainLog(path, stream);
    if (isPlain) plain.push(path);
    return !isPlain;
  });
  const files: string[] = [];
  try {
    files.push(...await convert(connection, plain, { run, folder, lineBytesMax: LINE_BYTES }));
  } catch (error) {
    if (!UNREADABLE.test((error as Error).message)) throw error;
    // A log is damaged, has a very long line, or grew in the meantime. The store handles all three, so it reads all
    // logs.
    copied = streams;
  }
  if (copied.length === 0) return files;
  const copy = `${folder}/${crypto.randomUUID()}.jsonl`;
  await copyStreams(copied, { ...loading, copy });
  files.push(...await convert(connection, [copy], { run, folder, lineBytesMax: LINE_BYTES_MAX }));
  await Deno.remove(copy);
  return files;
}

/** DuckDB's errors for lines that are too long or are not events. */
const UNREADABLE = /^(?:Invalid Input|Constraint|Conversion) Error/;

type Conversion = Readonly<{ run: string; folder: string; lineBytesMax: number }>;

/** Writes the events of logs to a Parquet file. Returns the file, or an empty list if there are no logs. */
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

/** A path as an SQL text. DuckDB reads it as a pattern, in which special characters have no meaning within brackets. */
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
  const ahead = readingAhead(store, streams);
  for (const stream of streams) {
    try {
      for await (const envelope of readStream(ahead, stream, nativeSha256)) {
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

/** The first byte of every stand-in of `tableText()` in UTF-8. */
const STAND_IN_PLANE = 0xf4;

/** The part after the backslash of JSON's escapes for U+0000, for surrogates and for a few other characters. */
const TELLTALES = /^u(?:0000|[dD])/;

/** The pieces of a file overlap by this much, so that each escape is whole in one of them. */
const OVERLAP_BYTES = 5;

const buffer = new Uint8Array(BUFFER_BYTES);

/**
 * Whether a log begins with its stream's name, ends with a whole line, and has no characters that tables cannot
 * hold.
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
