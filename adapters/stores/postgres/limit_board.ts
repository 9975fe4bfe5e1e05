/**
 * A limit board in a database: workers exchange reports with it for their shares of the limits of the run and its
 * models.
 */
import {
  type LimitBoard,
  SILENT_MS,
  StoreError,
  type WorkerReport,
  type WorkerShare,
} from "../../../core/ports/mod.ts";
import {
  boardAfterLoss,
  type BoardState,
  EMPTY_BOARD,
  exchange,
  type Exchanged,
  isDivisionDue,
  type SilentWorker,
  without,
  type WorkerState,
} from "../../../core/sharing/mod.ts";
import { type Address, parseAddress } from "./address.ts";
import { Connection, type Sql } from "./connection.ts";
import { storeError } from "./database_errors.ts";

/** If an exchange has no answer after this time, in milliseconds, it fails, and its connection is not used again. */
const ANSWER_MS_MAX = 4_000;

/** The channel of notices about pauses, followed by the number of the run. */
const CHANNEL = "syndisco_limits_";

/** The most silent workers that one exchange checks. */
const SILENT_MAX = 100;

/** A locked board, one of its workers (`null` if it does not know the worker), and the time of the database. */
type Locked = Readonly<{ board: BoardState; own: WorkerState | null; nowMs: number }>;

/**
 * The limit board of a run. Each exchange is one short transaction. It writes only tables that are not logged, so
 * it does not wait for the disk. Only the clock of the database counts.
 *
 * @param place The place of the run. The run must exist at the first exchange.
 */
export function postgresLimitBoard(place: string): LimitBoard {
  return new Board(parseAddress(place));
}

class Board implements LimitBoard {
  readonly #address: Address;
  /** The number of the run; 0 until it is known. */
  #run = 0;
  #connection: Connection;
  #listening: Connection | null = null;
  #isClosed = false;
  readonly #listeners = new Set<() => void>();

  constructor(address: Address) {
    this.#address = address;
    this.#connection = this.#connect();
  }

  async exchange(report: WorkerReport): Promise<WorkerShare> {
    const exchanged = await this.#once((sql) => this.#exchange(sql, report));
    if (exchanged !== null) return exchanged.share;
    throw new StoreError(
      `Cannot exchange report ${report.nth} of "${report.worker}": a later report came first`,
    );
  }

  async leave(worker: string): Promise<void> {
    await this.#once(async (sql) => {
      const { board, own } = await this.#lock(sql, worker);
      if (own === null) return;
      await Promise.all([this.#save(sql, without(board, own)), this.#forget(sql, [worker])]);
    });
  }

  onPause(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#connection.end(), this.#listening?.end()]);
  }

  async #exchange(sql: Sql, report: WorkerReport): Promise<Exchanged | null> {
    const { board, own, nowMs } = await this.#lock(sql, report.worker);
    const isDue = isDivisionDue(board, nowMs);
    const [silent, all] = isDue ? await Promise.all([this.#silent(sql), this.#workers(sql)]) : [[], null];
    const exchanged = exchange({ board, own, silent, all }, report, nowMs);
    if (exchanged === null) return null;
    const state = JSON.stringify(exchanged.own);
    await Promise.all([
      this.#save(sql, exchanged.board),
      sql`insert into syndisco.limit_workers (run, worker, seen_ms, state, backend)
        values (${this.#run}, ${report.worker}, ${exchanged.own.seenMs}, ${state}, pg_backend_pid())
        on conflict (run, worker)
        do update set seen_ms = excluded.seen_ms, state = excluded.state, backend = excluded.backend`,
      ...exchanged.gone.length === 0 ? [] : [this.#forget(sql, exchanged.gone)],
      ...exchanged.hasNews ? [sql`select pg_notify(${`${CHANNEL}${this.#run}`}, '')`] : [],
    ]);
    return exchanged;
  }

  /** Locks the board until the end of the transaction, and reads it and one of its workers. */
  async #lock(sql: Sql, worker: string): Promise<Locked> {
    const found = await this.#read(sql, worker);
    if (found !== null) return found;
    // A board that has no state is new, or the server has crashed.
    const [made] = await sql`insert into syndisco.limit_boards (run) values (${this.#run})
      on conflict do nothing returning (extract(epoch from clock_timestamp()) * 1000)::float8 as now`;
    const [{ now }] =
      await sql`select (extract(epoch from clock_timestamp()) * 1000)::float8 as now` as unknown as [
        { now: number },
      ];
    const state = JSON.stringify(made === undefined ? boardAfterLoss(now) : EMPTY_BOARD);
    await sql`insert into syndisco.limit_states (run, state) values (${this.#run}, ${state}) on conflict do nothing`;
    return (await this.#read(sql, worker))!;
  }

  /**
   * Reads the board and then the worker, which counts only if the board was there. Without a board, nothing is locked,
   * so another exchange of the worker can be running.
   */
  async #read(sql: Sql, worker: string): Promise<Locked | null> {
    // The server gets the statements in the order of these calls, so it locks the board before it reads the worker.
    const [found, own] = await Promise.all([this.#board(sql), this.#worker(sql, worker)]);
    return found === null ? null : { ...found, own };
  }

  async #board(sql: Sql): Promise<Omit<Locked, "own"> | null> {
    const [row] = await sql`
      select state, (extract(epoch from clock_timestamp()) * 1000)::float8 as now
      from syndisco.limit_states where run = ${this.#run} for update`;
    return row === undefined ? null : { board: JSON.parse(row.state), nowMs: row.now };
  }

  async #save(sql: Sql, board: BoardState): Promise<void> {
    await sql`update syndisco.limit_states set state = ${JSON.stringify(board)} where run = ${this.#run}`;
  }

  async #worker(sql: Sql, worker: string): Promise<WorkerState | null> {
    const [row] = await sql`
      select state from syndisco.limit_workers where run = ${this.#run} and worker = ${worker}`;
    return row === undefined ? null : JSON.parse(row.state);
  }

  async #workers(sql: Sql): Promise<readonly WorkerState[]> {
    const rows = await sql`select state from syndisco.limit_workers where run = ${this.#run}`;
    return rows.map(({ state }) => JSON.parse(state));
  }

  /**
   * The workers that have not reported for some time. A worker whose connection is still there can be frozen. The
   * connection is found by its number, which the server does not soon give to another connection.
   */
  async #silent(sql: Sql): Promise<readonly SilentWorker[]> {
    const rows = await sql`
      select state, exists (select from pg_stat_get_activity(backend)) as is_connected
      from syndisco.limit_workers
      where run = ${this.#run} and seen_ms <= (extract(epoch from clock_timestamp()) * 1000)::float8 - ${SILENT_MS}::float8
      limit ${SILENT_MAX}`;
    return rows.map(({ state, is_connected }) => ({ state: JSON.parse(state), isConnected: is_connected }));
  }

  async #forget(sql: Sql, workers: readonly string[]): Promise<void> {
    await sql`delete from syndisco.limit_workers where run = ${this.#run} and worker in ${sql([...workers])}`;
  }

  /** Runs a transaction. If it takes too long, it fails, and the next one has another connection. */
  async #once<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const connection = this.#connection;
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      if (this.#connection === connection) this.#connection = this.#connect();
      void connection.end().catch(() => {});
      void this.#endFrozen();
      late.reject(
        new StoreError(
          `Cannot share the limits of "${this.#address.place}": no answer within ${ANSWER_MS_MAX} ms`,
        ),
      );
    }, ANSWER_MS_MAX);
    try {
      const found = this.#run === 0 ? this.#find(connection) : Promise.resolve();
      return await Promise.race([found.then(() => connection.once(work)), late.promise]);
    } catch (error) {
      throw storeError("share the limits of", this.#address.place, error);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Ends the connections of frozen processes that others wait for. A connection in the middle of a statement does not
   * count as idle, so the server does not end it by itself. A process that is only slow loses one exchange. Other
   * programs, such as a backup, do not write to boards, so they keep their connections.
   */
  async #endFrozen(): Promise<void> {
    const connection = this.#connect();
    try {
      await connection.run((sql) =>
        sql`
          select pg_terminate_backend(pid) from pg_stat_activity
          where wait_event = 'ClientRead' and xact_start < clock_timestamp() - interval '3 seconds' and pid in (
            select unnest(pg_blocking_pids(waiting.pid)) from pg_stat_activity as waiting
            where datname = current_database() and wait_event_type = 'Lock' and query ~ 'syndisco.limit_'
          ) and pid in (
            select pid from pg_locks where relation = 'syndisco.limit_states'::regclass and granted and
              mode in ('RowShareLock', 'RowExclusiveLock')
          )`
      );
    } catch {
      // The next exchange that is late tries again.
    } finally {
      await connection.end();
    }
  }

  #connect(): Connection {
    return new Connection(this.#address, { max: 1, isKept: true });
  }

  /** Finds the run, and listens for its pauses. */
  async #find(connection: Connection): Promise<void> {
    const { run, place } = this.#address;
    const [row] = await connection.once((sql) => sql`select id from syndisco.runs where name = ${run ?? ""}`);
    if (row === undefined) {
      throw new StoreError(`Cannot share the limits of "${place}": there is no such run`);
    }
    this.#run = row.id;
    // Two exchanges can come here at once, or the board can be closed meanwhile. A connection too many would keep the
    // process from ending.
    if (this.#isClosed || this.#listening !== null) return;
    this.#listening = this.#connect();
    const tell = () => {
      for (const listener of [...this.#listeners]) listener();
    };
    // Without notices, a worker learns of a pause at its next exchange.
    this.#listening.listen(`${CHANNEL}${this.#run}`, tell, tell).catch(() => {});
  }
}
