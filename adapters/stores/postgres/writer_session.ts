/**
 * The right of this process to write to a run, and to the streams that it has claimed. A row of `writers` names the
 * process, and each of its transactions checks that the row, or the row of the claim, is still there. The process
 * also has a lock through its connection: when the connection ends, others know that it is dead.
 */
import { ClaimLost, type RunPart } from "../../../core/ports/mod.ts";
import { RunError } from "../../../core/run_log/mod.ts";
import { hostName, systemClock } from "../../system.ts";
import type { RunPlace } from "./description.ts";
import type { Connection, Sql } from "./connection.ts";
import { lockDescription } from "./run_rows.ts";
import { LOCKS } from "./setup.ts";
import { storedName } from "./stored_names.ts";

/** What a process writes to: the whole run, a part of it, or the streams that it claims. */
export type Share = Readonly<{ kind: "whole" | "shared" }> | Readonly<{ kind: "part"; part: RunPart }>;

/** How often a process shows that it is alive, in milliseconds. */
const BEAT_MS = 5_000;

/**
 * A process that has not shown for this many seconds that it is alive is frozen or cut off. Others may take its place.
 */
const FROZEN_SECONDS = 60;

/**
 * After the database server has started or a connection was cut, the processes that wrote before have this time to come
 * back.
 */
const RETURN_SECONDS = 10;
const RETURN_RETRY_MS = 500;

type Other = Readonly<{
  kind: Share["kind"];
  part: number | null;
  parts: number | null;
  holder: string;
  since: Date;
  may_return: boolean;
}>;

/** What `start()` does in its transaction, once this process has its share of the run. */
export type Opening<T> = Readonly<{
  /** Finds or makes the run. */
  find: (sql: Sql) => Promise<Readonly<{ id: number }>>;
  /** Opens the run. */
  open: (sql: Sql) => Promise<T>;
}>;

/** A process that writes to a run. */
export class WriterSession {
  readonly #connection: Connection;
  readonly #token: number;
  #run = 0;
  /** Whether the connection has the lock. */
  #isLocked = false;
  #isLost = false;
  #isBeating = false;
  #timer: ReturnType<typeof setInterval> | null = null;
  /** The tokens of the streams that this process has claimed. */
  readonly #claims = new Map<string, number>();

  private constructor(connection: Connection, token: number) {
    this.#connection = connection;
    this.#token = token;
  }

  /**
   * Begins a session, with a token that is higher than all earlier tokens. `connection` must be limited to one
   * connection to the server, which stays open.
   */
  static async begin(connection: Connection): Promise<WriterSession> {
    return new WriterSession(connection, await nextToken(connection));
  }

  /** The token of this process for a stream; `null` if it has no claim. */
  tokenOf(share: Share, stream: string): number | null {
    if (this.#isLost) return null;
    return share.kind === "shared" ? this.#claims.get(stream) ?? null : this.#token;
  }

  /**
   * Takes a share of a run, and opens the run in the same transaction.
   *
   * @throws {RunError} If another process writes to it.
   */
  async start<T>(place: RunPlace, share: Share, { find, open }: Opening<T>): Promise<T> {
    for (;;) {
      const opened = await this.#connection.transaction(async (sql) => {
        await lockDescription(sql, place.name);
        const { id } = await find(sql);
        if (!await this.#enter(sql, { id, place, share })) return null;
        this.#run = id;
        return { result: await open(sql) };
      });
      if (opened !== null) {
        this.#timer = setInterval(() => void this.#beat(), BEAT_MS);
        return opened.result;
      }
      await systemClock.sleep(RETURN_RETRY_MS);
    }
  }

  /** Called when the connection has ended. The next connection needs the lock again. */
  connectionEnded(): void {
    this.#isLocked = false;
    if (this.#timer !== null) void this.#beat();
  }

  /** Shows that this process is alive, and notices if another one has taken its place. */
  async #beat(): Promise<void> {
    if (this.#isBeating) return;
    this.#isBeating = true;
    try {
      const rows = await this.#connection.run(async (sql) => {
        await this.#lock(sql);
        return await sql`update syndisco.writers set seen_at = now() where token = ${this.#token} returning token`;
      });
      this.#isLost ||= rows.length === 0;
    } catch {
      // The next append fails with the reason.
    } finally {
      this.#isBeating = false;
    }
  }

  /**
   * Throws if this process is no longer a writer. If it still is, it stays a writer until the end of the transaction.
   */
  async check(sql: Sql): Promise<void> {
    const rows = await sql`select token from syndisco.writers where token = ${this.#token} for key share`;
    if (rows.length === 0) {
      this.#isLost = true;
      throw new ClaimLost("Cannot write to the run: another process has taken the place of this one");
    }
  }

  /** Takes a stream; see `SharedRun`. */
  async claim(stream: string): Promise<void> {
    const token = await nextToken(this.#connection);
    const name = storedName(stream);
    const has = await this.#connection.run(async (sql) => {
      // Only an older claim is replaced, so that a second try never takes the stream back from the next process.
      await sql`
        insert into syndisco.claims as present (run, stream, token, writer)
        select run, ${name}, ${token}, token from syndisco.writers where token = ${this.#token}
        on conflict (run, stream) do update set token = excluded.token, writer = excluded.writer
        where present.token < excluded.token`;
      return await sql`
        select token from syndisco.claims where run = ${this.#run} and stream = ${name} and token = ${token}`;
    });
    if (has.length === 0) throw new ClaimLost(`Cannot claim "${stream}": another process has taken it`);
    this.#claims.set(stream, token);
  }

  /** Gives a stream back; see `SharedRun`. */
  async unclaim(stream: string): Promise<void> {
    const token = this.#claims.get(stream);
    if (token === undefined) return;
    this.#claims.delete(stream);
    const name = storedName(stream);
    await this.#connection.run((sql) =>
      sql`delete from syndisco.claims where run = ${this.#run} and stream = ${name} and token = ${token}`
    );
  }

  /** Gives the run back. If the database cannot be reached, others notice that the connection has ended. */
  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    try {
      await this.#connection.once((sql) => sql`delete from syndisco.writers where token = ${this.#token}`);
    } catch {
      // The connection ends in any case.
    }
  }

  async #lock(sql: Sql): Promise<void> {
    if (this.#isLocked) return;
    const [row] = await sql`select pg_try_advisory_lock(${LOCKS.writer}, ${this.#token}) as is_locked`;
    // The server may not have noticed yet that the old connection is lost. Then the old connection still has the lock.
    this.#isLocked = row!.is_locked;
  }

  /** @returns Whether this process is a writer now; `false` if a former writer may still come back. */
  async #enter(
    sql: Sql,
    { id, place: { place }, share }: Readonly<{ id: number; place: RunPlace; share: Share }>,
  ): Promise<boolean> {
    await this.#lock(sql);
    const mayReturn = sql`(
      seen_at < pg_postmaster_start_time() and
      pg_postmaster_start_time() > now() - make_interval(secs => ${RETURN_SECONDS})
    )`;
    await sql`
      delete from syndisco.writers
      where run = ${id} and token <> ${this.#token} and not ${mayReturn} and case
        when seen_at < now() - make_interval(secs => ${FROZEN_SECONDS}) then true
        -- Processes that share a run can write at the same time. So one whose connection was cut has time to open another.
        when kind = 'shared' and ${share.kind} = 'shared' and
          seen_at > now() - make_interval(secs => ${RETURN_SECONDS}) then false
        else pg_try_advisory_xact_lock(${LOCKS.writer}, token)
      end`;
    const others = await sql<Other[]>`
      select kind, part, parts, holder, since, ${mayReturn} as may_return from syndisco.writers
      where run = ${id} and token <> ${this.#token} order by token`;
    const rivals = others.filter((other) => !canShare(share, other));
    if (rivals.some((rival) => rival.may_return)) return false;
    if (rivals.length > 0) {
      throw new RunError(
        "in-use",
        `Cannot write to the run "${place}": it is in use by ${holderText(rivals[0]!)}. ` +
          "Wait until it ends, stop it, or choose another name for this run",
      );
    }
    const [part, parts] = share.kind === "part" ? [share.part.index, share.part.count] : [null, null];
    await sql`
      insert into syndisco.writers (token, run, kind, part, parts, holder)
      values (${this.#token}, ${id}, ${share.kind}, ${part}, ${parts}, ${`process ${Deno.pid} on ${
      hostName() ?? "this host"
    }`})
      on conflict do nothing`;
    return true;
  }
}

/** The processes that write to a run, as texts. */
export async function holdersOf(sql: Sql, run: number): Promise<readonly string[]> {
  const rows = await sql<(Other & Readonly<{ streams: number }>)[]>`
    select holder, since, kind, (select count(*)::int from syndisco.claims where claims.writer = writers.token) as streams
    from syndisco.writers
    where run = ${run} and seen_at > now() - make_interval(secs => ${FROZEN_SECONDS}) and exists (
      select from pg_locks
      where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
      and classid = ${LOCKS.writer} and objid = token and objsubid = 2 and granted
    ) order by token`;
  return rows.map((row) =>
    row.kind === "shared"
      ? `${holderText(row)}, with ${row.streams} discussions in progress`
      : holderText(row)
  );
}

function holderText({ holder, since }: Pick<Other, "holder" | "since">): string {
  return `${holder}, since ${since.toISOString()}`;
}

async function nextToken(connection: Connection): Promise<number> {
  const [row] = await connection.run((sql) => sql`select nextval('syndisco.tokens')::int as token`);
  return row!.token;
}

function canShare(one: Share, other: Other): boolean {
  if (one.kind === "shared" || other.kind === "shared") return one.kind === other.kind;
  if (one.kind !== "part" || other.kind !== "part") return false;
  return one.part.count === other.parts && one.part.index !== other.part;
}
