/**
 * The log of a run that several processes write to. Each process reads the new events of the others before it adds one.
 */
import {
  encodeRunEvent,
  type RunEvent,
  type RunLog,
  runLogAfter,
  runLogAfterAll,
} from "../../../core/run_log/mod.ts";
import type { StoredLine } from "../../../core/events/mod.ts";
import { nativeSha256 } from "../../system.ts";
import type { Connection, Sql } from "./connection.ts";
import { lockDescription, logLines, RUN_LOG, type RunRow } from "./run_rows.ts";

/** The next event, or a function that makes it from the log so far; `null` for none. */
export type NextEvent = RunEvent | ((log: RunLog | null) => RunEvent | null);

/** The log of a run, and what this process knows of it. */
export class SharedLog {
  readonly #connection: Connection;
  readonly #run: RunRow;
  #log: RunLog | null;

  /** @param log What is known already. */
  constructor(connection: Connection, run: RunRow, log: RunLog | null = null) {
    this.#connection = connection;
    this.#run = run;
    this.#log = log;
  }

  /**
   * Adds an event. When the promise resolves, the event is durable.
   *
   * @param nowMs The time of the event, in milliseconds since 1970.
   * @param check Called in the transaction. If it throws, nothing is added.
   * @returns The log, with the event if there was one.
   */
  async append(
    next: NextEvent,
    nowMs: number,
    check: (sql: Sql) => Promise<void> = () => Promise.resolve(),
  ): Promise<RunLog | null> {
    /** The lines of earlier tries, which broke off. One of them can be in the log. */
    const tried = new Set<StoredLine>();
    this.#log = await this.#connection.transaction(async (sql) => {
      await lockDescription(sql, this.#run.name);
      const lines = await logLines(sql, this.#run.id, this.#log?.entries.length ?? 0);
      const log = runLogAfterAll(this.#log, lines, nativeSha256);
      if (lines.some((line) => tried.has(line))) return log;
      await check(sql);
      const event = typeof next === "function" ? next(log) : next;
      if (event === null) return log;
      const line = encodeRunEvent(log, event, { atMs: nowMs, sha256: nativeSha256 });
      tried.add(line);
      const seq = log?.entries.length ?? 0;
      await sql`
        insert into syndisco.events (run, stream, seq, line) values (${this.#run.id}, ${RUN_LOG}, ${seq}, ${line})`;
      return runLogAfter(log, line, nativeSha256);
    });
    return this.#log;
  }
}
