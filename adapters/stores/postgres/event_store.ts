/** The discussions of a run in a database: rows that are only ever added. */
import {
  checkLines,
  type EventStore,
  followByReading,
  type FollowOptions,
  type PersonKeys,
  type StreamSize,
} from "../../../core/ports/mod.ts";
import type { StoredLine } from "../../../core/events/mod.ts";
import type { AppendQueue } from "./append_queue.ts";
import type { Connection } from "./connection.ts";
import { storeError } from "./database_errors.ts";
import type { Notices } from "./notices.ts";
import { ReadAhead } from "./read_ahead.ts";
import { readLines } from "./read_lines.ts";
import { isStorable, nameOf, storedName, textArray } from "./stored_names.ts";

/** What a store is made of. */
export type StoreParts = Readonly<{
  connection: Connection;
  /** The number of the run. */
  run: number;
  notices: Notices;
  keys: PersonKeys;
  /** Missing if nothing can be appended. */
  queue?: AppendQueue;
}>;

/** At most this many streams are listed with one statement. */
const STREAMS_PER_PAGE = 2_000;

/**
 * The streams of discussions of a run. The table keeps the run's own log under the name "", so this class hides
 * that name.
 */
export class PostgresEventStore implements EventStore {
  readonly #parts: StoreParts;
  /** See `EventStore`. */
  readonly keys: PersonKeys;

  /** Reads nothing yet. */
  constructor(parts: StoreParts) {
    this.#parts = parts;
    this.keys = parts.keys;
  }

  /** See `EventStore`. */
  append(stream: string, expectedSeq: number, lines: readonly StoredLine[]): Promise<void> {
    return Promise.try(() => {
      checkLines(stream, lines);
      if (stream === "") throw new RangeError('Cannot append to "": a stream needs a name');
      storedName(stream);
      if (!lines.every(isStorable)) {
        throw new RangeError(
          `Cannot append to "${stream}": a line contains U+0000 or half of a pair of surrogates. In correct JSON they are escaped`,
        );
      }
      const { queue } = this.#parts;
      if (queue === undefined) {
        throw new TypeError(`Cannot append to "${stream}": the run is open for reading`);
      }
      return queue.append(stream, expectedSeq, lines);
    });
  }

  /** See `EventStore`. */
  async *read(stream: string, from = 0): AsyncGenerator<StoredLine> {
    if (stream === "") return;
    yield* readLines(this.#parts.connection, this.#parts.run, { stream, from });
  }

  /** See `EventStore`. */
  readAhead(streams: readonly string[]): EventStore["read"] {
    const ahead = new ReadAhead(this.#parts, streams);
    return (stream, from) => stream === "" ? this.read(stream) : ahead.read(stream, from);
  }

  /** See `EventStore`. */
  async *follow(stream: string, { from, signal }: FollowOptions): AsyncGenerator<StoredLine> {
    const { notices } = this.#parts;
    const left = new AbortController();
    const ended = AbortSignal.any([signal, left.signal]);
    try {
      const wait = notices.waitFor(stream, ended);
      yield* followByReading((seq) => this.read(stream, seq), { from, signal: ended }, wait);
    } finally {
      left.abort();
    }
  }

  /** See `EventStore`. */
  onGrowth(told: (streams: readonly string[] | null) => void, signal: AbortSignal): void {
    this.#parts.notices.follow(signal, told);
  }

  /** See `EventStore`. */
  async *streams(): AsyncGenerator<string> {
    for await (const { stream } of this.#pages(false)) yield stream;
  }

  /** See `EventStore`: the numbers of events. */
  async *sizes(streams?: Iterable<string>): AsyncGenerator<StreamSize> {
    if (streams === undefined) return yield* this.#pages(true);
    for (const page of pagesOf([...streams].filter((stream) => stream !== ""))) {
      const rows = await this.#asked("read the sizes of", (sql, run) =>
        sql`
          select name, (
            select event.seq + 1 from syndisco.events as event
            where event.run = ${run} and event.stream = name order by event.seq desc limit 1
          ) as size
          from unnest(${textArray(page.map(storedName))}::text[]) as name`);
      for (const { name, size } of rows) if (size !== null) yield { stream: nameOf(name), size };
    }
  }

  /** See `EventStore`. There is nothing to free. */
  release(): void {}

  /** The place of the run, and the stream. */
  locate(stream: string): string {
    return `${this.#parts.connection.address.place}, ${stream}`;
  }

  /** Jumps from stream to stream in the index, because a run has many more events than streams. */
  async *#pages(withSizes: boolean): AsyncGenerator<StreamSize> {
    for (let last = "";;) {
      const after = last;
      const rows = await this.#asked("list the streams of", (sql, run) =>
        sql`
          with recursive found as (
            (
              select stream, 1 as nr from syndisco.events
              where run = ${run} and stream > ${after} order by stream limit 1
            )
            union all
            select (
              select event.stream from syndisco.events as event
              where event.run = ${run} and event.stream > found.stream order by event.stream limit 1
            ), found.nr + 1
            from found where found.stream is not null and found.nr < ${STREAMS_PER_PAGE}
          )
          select found.stream as name, ${
          withSizes
            ? sql`(
              select event.seq + 1 from syndisco.events as event
              where event.run = ${run} and event.stream = found.stream order by event.seq desc limit 1
            )`
            : sql`0`
        } as size
          from found where found.stream is not null order by found.stream`);
      for (const { name, size } of rows) yield { stream: nameOf(name), size: size ?? 0 };
      if (rows.length < STREAMS_PER_PAGE) return;
      last = rows.at(-1)!.name;
    }
  }

  async #asked(
    action: string,
    ask: (sql: Parameters<Parameters<Connection["run"]>[0]>[0], run: number) => Promise<readonly Row[]>,
  ): Promise<readonly Row[]> {
    const { connection, run } = this.#parts;
    try {
      return await connection.run((sql) => ask(sql, run));
    } catch (cause) {
      throw storeError(action, connection.address.place, cause);
    }
  }
}

type Row = Readonly<{ name: string; size: number | null }>;

function* pagesOf(streams: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < streams.length; at += STREAMS_PER_PAGE) {
    yield streams.slice(at, at + STREAMS_PER_PAGE);
  }
}
