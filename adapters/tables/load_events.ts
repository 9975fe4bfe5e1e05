/** Brings the logs of a run into a table of events. */
import type { DuckDBConnection } from "@duckdb/node-api";
import { resolve } from "node:path";
import { DamagedStream, readStream } from "../../core/engine/mod.ts";
import { nativeSha256 } from "../local/native_sha256.ts";
import type { JsonlEventStore } from "../stores/mod.ts";
import { sqlText } from "./duckdb.ts";
import { isPlainLog } from "./plain_log.ts";
import { tableJson } from "./stand_ins.ts";

/** Logs that one statement reads. */
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

/** Makes the table that everything else is a view of. */
export const CREATE_EVENTS = `CREATE TABLE events (
  run VARCHAR NOT NULL, stream VARCHAR NOT NULL, seq INTEGER NOT NULL, recorded_at TIMESTAMP NOT NULL,
  type VARCHAR NOT NULL, data JSON NOT NULL, meta JSON
)`;

/** What is loaded, and with what. */
export type Loading = Readonly<{
  /** What the column `run` says. */
  run: string;
  store: JsonlEventStore;
  /** A file that copies can be written to. */
  copy: string;
  /** Told about every damaged log; what stands before the damage is loaded. */
  onDamage: (damage: DamagedStream) => void;
}>;

/**
 * Loads all logs of a run.
 *
 * DuckDB reads the files where they are, several times faster than anything can hand it lines. The chain of hashes is
 * not checked then. Logs that it would not read right are copied for it, event by event through the store: those with
 * a last line that is not finished, with damaged lines, and with characters that tables cannot hold.
 *
 * @param connection A database with the table of events.
 * @param loading See there.
 * @throws {Error} DuckDB's, or the store's.
 */
export async function loadEvents(connection: DuckDBConnection, loading: Loading): Promise<void> {
  let streams: string[] = [];
  for await (const stream of loading.store.streams()) {
    streams.push(stream);
    if (streams.length < LOGS_MAX) continue;
    await loadStreams(connection, streams, loading);
    streams = [];
  }
  await loadStreams(connection, streams, loading);
}

async function loadStreams(
  connection: DuckDBConnection,
  streams: readonly string[],
  loading: Loading,
): Promise<void> {
  const { store, run, copy } = loading;
  const plain: string[] = [];
  let copied: readonly string[] = streams.filter((stream) => {
    const path = store.locate(stream);
    const isPlain = isPlainLog(path, stream);
    if (isPlain) plain.push(path);
    return !isPlain;
  });
  try {
    await insert(connection, plain, { run, lineBytesMax: LINE_BYTES });
  } catch (error) {
    if (!UNREADABLE.test((error as Error).message)) throw error;
    // One of them is damaged, or grew meanwhile: the store tells lines that were written from those that were not.
    copied = streams;
  }
  if (copied.length === 0) return;
  await copyStreams(copied, loading);
  await insert(connection, [copy], { run, lineBytesMax: LINE_BYTES_MAX });
  await Deno.remove(copy);
}

/** What DuckDB says of lines that are no events, and of those that are too long. */
const UNREADABLE = /^(?:Invalid Input|Constraint|Conversion) Error/;

type Insertion = Readonly<{ run: string; lineBytesMax: number }>;

async function insert(
  connection: DuckDBConnection,
  files: readonly string[],
  { run, lineBytesMax }: Insertion,
): Promise<void> {
  if (files.length === 0) return;
  await connection.run(`INSERT INTO events
    SELECT ${sqlText(run)}, stream, seq, "at", type, data, meta
    FROM read_json([${files.map(fileLiteral).join(", ")}],
      format = 'newline_delimited', compression = 'uncompressed', hive_partitioning = false,
      maximum_object_size = ${lineBytesMax},
      columns = { stream: 'VARCHAR', seq: 'INTEGER', "at": 'TIMESTAMP', type: 'VARCHAR', data: 'JSON', meta: 'JSON' })`);
}

/** DuckDB takes file names for patterns: a character in brackets stands for itself. */
function fileLiteral(path: string): string {
  return sqlText(resolve(path).replaceAll(/[*?[]/g, "[$&]"));
}

async function copyStreams(
  streams: readonly string[],
  { store, copy, onDamage }: Loading,
): Promise<void> {
  using file = await Deno.open(copy, { write: true, create: true, truncate: true });
  let piece = "";
  const write = () => {
    const bytes = encoder.encode(piece);
    for (let written = 0; written < bytes.length;) written += file.writeSync(bytes.subarray(written));
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
