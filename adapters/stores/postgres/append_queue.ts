/** Appends lines of many streams with one statement, so that they share one commit. */
import { ClaimLost, type StoreError, StreamConflict } from "../../../core/ports/mod.ts";
import type { StoredLine } from "../../../core/events/mod.ts";
import type { Connection, Sql } from "./connection.ts";
import { codeOf, storeError } from "./database_errors.ts";
import { intArray, storedName, textArray } from "./stored_names.ts";

/**
 * The process that appends. A token proves that it may write; `tokenOf` returns `null` for a stream without a token.
 */
export type Appender = Readonly<{
  /** The number of the run. */
  run: number;
  /** The table with the tokens: `writers` has one for the whole run, `claims` has one for each stream. */
  tokensOf: "writers" | "claims";
  tokenOf: (stream: string) => number | null;
  /** Called with the streams that have grown. */
  onGrowth: (streams: readonly string[]) => void;
}>;

type Append = Readonly<{
  stream: string;
  seq: number;
  lines: readonly StoredLine[];
  resolve: () => void;
  reject: (error: unknown) => void;
}>;

/** A statement appends at most this much, unless a single append is larger. */
const BATCH_APPENDS_MAX = 1024;
const BATCH_CHARACTERS_MAX = 8 * 1024 * 1024;

/** The code of PostgreSQL for a row whose key exists. */
const ALREADY_THERE = "23505";

/**
 * What a statement found for append `nr`, from 1: whether the token is still valid, and how many lines the stream had.
 */
type Found = Readonly<{ nr: number; is_held: boolean; has: number }>;

/** The appends that wait for the database. Appends to one stream run one after the other. */
export class AppendQueue {
  readonly #connection: Connection;
  readonly #appender: Appender;
  #waiting: Append[] = [];
  /** Sends the appends that wait; `null` if there are none. It never rejects. */
  #sending: Promise<void> | null = null;

  /** Does not connect yet. */
  constructor(connection: Connection, appender: Appender) {
    this.#connection = connection;
    this.#appender = appender;
  }

  /** Appends lines; see `EventStore`. */
  append(stream: string, seq: number, lines: readonly StoredLine[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ stream, seq, lines, resolve, reject });
      this.#sending ??= this.#sendAll();
    });
  }

  /** Waits until no append is running. */
  async idle(): Promise<void> {
    await this.#sending;
  }

  /** Sends one batch after the other. While the server makes a batch durable, further appends join the next batch. */
  async #sendAll(): Promise<void> {
    // Appends that begin in the same moment share the first batch.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#settle(this.#nextBatch());
    this.#sending = null;
  }

  #nextBatch(): readonly Append[] {
    const batch: Append[] = [];
    const later: Append[] = [];
    const streams = new Set<string>();
    let characters = 0;
    for (const append of this.#waiting) {
      const isFull = batch.length >= BATCH_APPENDS_MAX || characters >= BATCH_CHARACTERS_MAX;
      if (isFull || streams.has(append.stream)) {
        later.push(append);
        continue;
      }
      streams.add(append.stream);
      batch.push(append);
      for (const line of append.lines) characters += line.length;
    }
    this.#waiting = later;
    return batch;
  }

  /** @param isAgain Whether an earlier try of these appends failed. It may have appended their lines even so. */
  async #settle(batch: readonly Append[], isAgain = false): Promise<void> {
    try {
      const errors = await this.#appendUntilKnown(batch, isAgain);
      const grown = batch.filter((_, nr) => errors[nr] === null);
      if (grown.length > 0) this.#appender.onGrowth(grown.map(({ stream }) => stream));
      for (const [nr, { resolve, reject }] of batch.entries()) {
        if (errors[nr] === null) resolve();
        else reject(errors[nr]);
      }
    } catch (cause) {
      // A single append may be the cause, such as one with a line that is too long. So each append is tried alone.
      if (batch.length > 1) { for (const append of batch) await this.#settle([append], true); }
      else batch[0]!.reject(storeError("append to", batch[0]!.stream, cause) as StoreError);
    }
  }

  /**
   * Appends a batch. When a connection breaks, the server can still be at work on the statement. If that statement
   * appends its lines while the next try runs, the next try fails, and is repeated.
   */
  async #appendUntilKnown(batch: readonly Append[], isAgain: boolean): Promise<readonly (Error | null)[]> {
    for (let failed = isAgain;;) {
      const before = failed;
      try {
        return await this.#connection.run((sql, tries) => this.#appendAll(sql, batch, before || tries > 0));
      } catch (error) {
        if (codeOf(error) !== ALREADY_THERE) throw error;
        failed = true;
      }
    }
  }

  /**
   * Appends a batch.
   *
   * @param isAgain Whether the connection broke in an earlier try. That try may have appended the batch even so.
   * @returns For each append, its error; `null` if its lines are durable.
   */
  async #appendAll(sql: Sql, batch: readonly Append[], isAgain: boolean): Promise<readonly (Error | null)[]> {
    const found = await appendBatch(sql, this.#appender, batch);
    const errors: (Error | null)[] = [];
    for (const [nr, append] of batch.entries()) {
      const { is_held, has } = found[nr]!;
      const isAppended = is_held && has === append.seq;
      const isThere = !isAppended && isAgain && await hasLines(sql, this.#appender.run, append);
      errors.push(isAppended || isThere ? null : errorOf(append, is_held, has));
    }
    return errors;
  }
}

function errorOf({ stream, seq }: Append, isHeld: boolean, has: number): Error {
  if (!isHeld) {
    return new ClaimLost(
      `Cannot append to "${stream}": this process does not have the stream, or another process has taken it`,
    );
  }
  return new StreamConflict(`Cannot append to "${stream}" at event ${seq}: the stream has ${has} events`);
}

/**
 * The whole append is one statement. It locks the token's row, so that no other process can take the stream until the
 * commit. It sees the lines of the stream's former owner: they were durable before this process got the token.
 */
async function appendBatch(
  sql: Sql,
  appender: Appender,
  batch: readonly Append[],
): Promise<readonly Found[]> {
  const names = batch.map(({ stream }) => storedName(stream));
  const tokens = batch.map(({ stream }) => appender.tokenOf(stream) ?? 0);
  const seqs = batch.map(({ seq }) => seq);
  const numbers: number[] = [];
  const lineNames: string[] = [];
  const lineSeqs: number[] = [];
  const lines: StoredLine[] = [];
  for (const [nr, append] of batch.entries()) {
    for (const [index, line] of append.lines.entries()) {
      numbers.push(nr + 1);
      lineNames.push(names[nr]!);
      lineSeqs.push(append.seq + index);
      lines.push(line);
    }
  }
  const { run } = appender;
  const held = appender.tokensOf === "claims"
    ? sql`
      select wanted.nr from wanted join syndisco.claims as claim
      on claim.run = ${run} and claim.stream = wanted.stream and claim.token = wanted.token
      for share of claim`
    : sql`
      select wanted.nr from wanted, (
        select token from syndisco.writers where token = ${tokens[0]!} for key share
      ) as writer`;
  return await sql<Found[]>`
    with wanted as materialized (
      select * from unnest(${textArray(names)}::text[], ${intArray(tokens)}::int[], ${intArray(seqs)}::int[])
        with ordinality as wanted (stream, token, seq, nr)
    ), held as materialized (${held}
    ), found as materialized (
      select wanted.nr, wanted.seq, wanted.nr in (select nr from held) as is_held, coalesce((
        select event.seq + 1 from syndisco.events as event
        where event.run = ${run} and event.stream = wanted.stream
        order by event.seq desc limit 1
      ), 0) as has
      from wanted
    ), fitting as materialized (
      select array_agg(is_held and has = seq order by nr) as all from found
    ), added as (
      insert into syndisco.events (run, stream, seq, line)
      select ${run}, line.stream, line.seq, line.line
      from unnest(
        ${intArray(numbers)}::int[], ${textArray(lineNames)}::text[], ${intArray(lineSeqs)}::int[], ${
    textArray(lines)
  }::text[]
      )
        as line (nr, stream, seq, line)
      where (select fitting.all from fitting)[line.nr]
    )
    select nr::int, is_held, has from found order by nr`;
}

/** Whether a stream has exactly these lines at their place. If so, an earlier try has appended them. */
async function hasLines(sql: Sql, run: number, { stream, seq, lines }: Append): Promise<boolean> {
  const rows = await sql`
    select line from syndisco.events
    where run = ${run} and stream = ${storedName(stream)} and seq >= ${seq} and seq < ${seq + lines.length}
    order by seq`;
  return rows.length === lines.length && rows.every(({ line }, index) => line === lines[index]);
}
