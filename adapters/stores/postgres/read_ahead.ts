/**
 * Reads many streams in their order with few statements, because a request takes longer than reading a short
 * stream.
 */
import type { StoredLine } from "../../../core/events/mod.ts";
import type { Connection } from "./connection.ts";
import { storeError } from "./database_errors.ts";
import { readLines } from "./read_lines.ts";
import { storedName, textArray } from "./stored_names.ts";

/**
 * A statement reads at most this many streams and lines. It ends after the line with which it reaches this many
 * bytes. The lines of two statements are in memory: while one is used, the next is read.
 */
const STREAMS_MAX = 1_024;
const LINES_MAX = 5_000;
const BYTES_MAX = 4 * 1024 * 1024;

/** The lines of streams that follow each other. */
type Batch = Readonly<{
  /** The place of the first stream. */
  first: number;
  lines: readonly (readonly StoredLine[])[];
  /** Whether the last stream can have more lines. */
  isCut: boolean;
}>;

const NOTHING: Batch = { first: 0, lines: [], isCut: false };

/**
 * Streams that are read in a known order. The first statement reads one stream; while the order is kept, the next read
 * more.
 */
export class ReadAhead {
  readonly #source: Readonly<{ connection: Connection; run: number }>;
  readonly #streams: readonly string[];
  readonly #places: ReadonlyMap<string, number>;
  #batch = NOTHING;
  /** The batch after this one, if it is being read. */
  #next: Promise<Batch> | null = null;
  #streamsAtOnce = 1;

  /** Reads nothing yet. */
  constructor(source: Readonly<{ connection: Connection; run: number }>, streams: readonly string[]) {
    this.#source = source;
    this.#streams = streams;
    this.#places = new Map(streams.map((stream, place) => [stream, place]));
  }

  /** See `EventStore`. Streams outside of the order, and the ends of streams that a batch cuts, are read alone. */
  async *read(stream: string, from = 0): AsyncGenerator<StoredLine> {
    const place = this.#places.get(stream);
    let seq = from;
    if (place !== undefined && from === 0) {
      const { first, lines, isCut } = await this.#batchWith(place);
      const found = lines[place - first]!;
      yield* found;
      if (!isCut || place < first + lines.length - 1) return;
      seq = found.length;
    }
    yield* readLines(this.#source.connection, this.#source.run, { stream, from: seq });
  }

  async #batchWith(place: number): Promise<Batch> {
    const { first, lines: { length } } = this.#batch;
    if (place >= first && place < first + length) return this.#batch;
    const isInOrder = place === first + length;
    this.#streamsAtOnce = isInOrder ? Math.min(2 * this.#streamsAtOnce, STREAMS_MAX) : 1;
    const batch = await (isInOrder && this.#next !== null ? this.#next : this.#fetch(place));
    const after = batch.first + batch.lines.length;
    this.#batch = batch;
    this.#next = isInOrder && after < this.#streams.length ? this.#fetch(after) : null;
    // The reader of the next batch gets the error.
    this.#next?.catch(() => {});
    return batch;
  }

  async #fetch(first: number): Promise<Batch> {
    const names = this.#streams.slice(first, first + this.#streamsAtOnce);
    try {
      return batchOf(await this.#rows(names), { first, streams: names.length });
    } catch (cause) {
      throw storeError("read", names[0]!, cause);
    }
  }

  /**
   * The server goes from stream to stream, and stops when it has enough lines. Lines beyond the limit of bytes are cut
   * off.
   */
  #rows(names: readonly string[]): Promise<readonly Row[]> {
    const { connection, run } = this.#source;
    return connection.run((sql) =>
      sql<Row[]>`
        select nr::int, line, bytes::float8 from (
          select nr, line, octet_length(line) as own,
            sum(octet_length(line)) over (rows ${LINES_MAX} preceding) as bytes
          from (
            select name.nr, event.line
            from unnest(${textArray(names.map(storedName))}::text[]) with ordinality as name (stream, nr)
            cross join lateral (
              select line from syndisco.events where run = ${run} and stream = name.stream order by seq
            ) as event
            limit ${LINES_MAX}
          ) as found
        ) as summed
        where bytes - own < ${BYTES_MAX}`
    );
  }
}

/** A line, the number of its stream from 1, and the bytes of all lines up to this one. */
type Row = Readonly<{ nr: number; line: string; bytes: number }>;

function batchOf(
  rows: readonly Row[],
  { first, streams }: Readonly<{ first: number; streams: number }>,
): Batch {
  const last = rows.at(-1);
  const isCut = last !== undefined && (rows.length >= LINES_MAX || last.bytes >= BYTES_MAX);
  const lines = Array.from({ length: isCut ? last.nr : streams }, (): StoredLine[] => []);
  for (const [index, { nr, line }] of rows.entries()) {
    // In any other order, the limit could have cut several streams, not only the last.
    if (index > 0 && nr < rows[index - 1]!.nr) throw new Error("the server gives streams in another order");
    lines[nr - 1]!.push(line);
  }
  return { first, lines, isCut };
}
