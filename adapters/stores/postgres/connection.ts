/**
 * Connections to a database. A broken connection is opened again, and its statements without an answer are sent again.
 */
import postgres from "npm:postgres@3.4.9";
import { systemClock } from "../../system.ts";
import type { Address } from "./address.ts";
import { isBroken, isCut, isStarting } from "./database_errors.ts";
import { passwordOf } from "./password.ts";

/** Runs statements; see `npm:postgres`. In a transaction, all statements belong to the transaction. */
export type Sql = postgres.ISql<Record<never, never>>;

/** How many connections there are at most, and how they end. */
export type ConnectionOptions = Readonly<{
  /** The most connections at a time. */
  max: number;
  /** Whether connections stay open when nothing is asked. Otherwise they close soon, so that the process can end. */
  isKept: boolean;
  /** Called when a connection has ended, for whatever reason. */
  onEnd?: () => void;
}>;

/** A process keeps trying for this long after the database was reached last, in milliseconds. A restart takes less. */
export const RECONNECTING_MS_MAX = 300_000;

/** How often a connection is opened again if it is cut before its first answer. An administrator can have cut it. */
const FIRST_TRIES_MAX = 6;

const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 2_000;

/**
 * A statement without an answer for this time, in milliseconds, fails and is sent again: the network may have lost
 * it.
 */
const ANSWER_MS_MAX = 60_000;

const IDLE_SECONDS = 0.2;
const CONNECT_SECONDS_MAX = 10;

/**
 * The server notices after about half a minute that the machine of a client has disappeared, and frees the client's
 * locks. All statements find rows by their keys, and the server must always plan them so. Without these settings, it
 * could choose another plan while the tables are small, and keep this plan after the tables have grown.
 */
const SETTINGS = {
  application_name: "syndisco",
  synchronous_commit: "on",
  jit: "off",
  plan_cache_mode: "force_generic_plan",
  enable_seqscan: "off",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
  tcp_keepalives_idle: 10,
  tcp_keepalives_interval: 5,
  tcp_keepalives_count: 4,
  // A process that freezes within a transaction holds locks that others wait for. In milliseconds.
  idle_in_transaction_session_timeout: 5_000,
};

/**
 * One set of connections. When one of them breaks, the whole set is replaced: the driver can fail in a set with a
 * broken one.
 */
type Connections = { readonly sql: postgres.Sql; hasEnded: boolean };

/** The connections of this process to a database, for one purpose. */
export class Connection {
  readonly address: Address;
  readonly #options: ConnectionOptions;
  #connections: Connections;
  /** When the database was lost, in milliseconds of `performance.now()`; `null` while it can be reached. */
  #lostSinceMs: number | null = null;
  /**
   * Whether the server has ever answered. If not, only few failures are tried again, because the address may be wrong.
   */
  #hasWorked = false;

  /** Does not connect yet. */
  constructor(address: Address, options: ConnectionOptions) {
    this.address = address;
    this.#options = options;
    this.#connections = this.#connect();
  }

  /**
   * Runs statements. If the connection breaks, runs them again: they must have the same result when they run twice.
   *
   * @param work Gets the number of the try, from 0.
   * @throws {Error} The error of the database, or of the connection if it cannot be opened again.
   */
  run<T>(work: (sql: Sql, tries: number) => Promise<T>): Promise<T> {
    return this.#again(({ sql }, tries) => work(sql, tries));
  }

  /** Runs statements in one transaction, as `run()` does. */
  transaction<T>(work: (sql: Sql, tries: number) => Promise<T>): Promise<T> {
    return this.#alone((connection) =>
      connection.#again((connections, tries) => inTransaction(connections, (sql) => work(sql, tries)))
    );
  }

  /** Runs statements in one transaction once, however long they take. */
  once<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#alone((connection) => inTransaction(connection.#usable(), work));
  }

  /**
   * Listens to a channel until the connection is ended.
   *
   * @param onListening Called when it has begun to listen.
   */
  async listen(channel: string, onNotice: (text: string) => void, onListening: () => void): Promise<void> {
    await this.#connections.sql.listen(channel, onNotice, onListening);
  }

  /** Waits for running statements, and ends all connections. */
  async end(): Promise<void> {
    await this.#connections.sql.end({ timeout: CONNECT_SECONDS_MAX });
  }

  async #again<T>(work: (connections: Connections, tries: number) => Promise<T>): Promise<T> {
    for (let tries = 0;; tries++) {
      const connections = this.#usable();
      try {
        const result = await this.#answered(connections, work(connections, tries));
        this.#hasWorked = true;
        this.#lostSinceMs = null;
        return result;
      } catch (error) {
        if (!isBroken(error)) throw error;
        this.#replace(connections);
        this.#lostSinceMs ??= performance.now();
        this.#hasWorked ||= isStarting(error);
        const isGivenUp = this.#hasWorked
          ? performance.now() - this.#lostSinceMs >= RECONNECTING_MS_MAX
          : !isCut(error) || tries >= FIRST_TRIES_MAX;
        if (isGivenUp) throw error;
      }
      await systemClock.sleep(Math.min(RETRY_MS_MIN * 2 ** tries, RETRY_MS_MAX));
    }
  }

  /**
   * Runs a transaction with a set of one connection, and ends the set afterwards. A set that is kept open is used as it
   * is.
   */
  async #alone<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    if (this.#options.isKept) return await work(this);
    const alone = new Connection(this.address, { max: 1, isKept: true });
    alone.#hasWorked = this.#hasWorked;
    try {
      return await work(alone);
    } finally {
      await alone.end();
    }
  }

  #usable(): Connections {
    if (this.#connections.hasEnded) this.#replace(this.#connections);
    return this.#connections;
  }

  #replace(broken: Connections): void {
    broken.hasEnded = true;
    void broken.sql.end({ timeout: 0 }).catch(() => {});
    if (this.#connections === broken) this.#connections = this.#connect();
  }

  #connect(): Connections {
    const { database: { sslmode, ...where } } = this.address;
    const { max, isKept, onEnd } = this.#options;
    const sql = postgres({
      ...where,
      ...sslmode === undefined ? {} : { ssl: sslOf(sslmode) },
      password: passwordOf(where),
      max,
      idle_timeout: isKept ? 0 : IDLE_SECONDS,
      max_lifetime: null,
      connect_timeout: CONNECT_SECONDS_MAX,
      backoff: () => 0,
      // The driver would ask the server about types, and not catch the errors of this request.
      fetch_types: false,
      connection: SETTINGS,
      onnotice: () => {},
      onclose: () => {
        if (isKept) connections.hasEnded = true;
        onEnd?.();
      },
    });
    const connections: Connections = { sql, hasEnded: false };
    return connections;
  }

  /** Ends the connection if a statement gets no answer. */
  async #answered<T>(connections: Connections, work: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.#replace(connections), ANSWER_MS_MAX);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Replaces the driver's own transactions: if their connection breaks, no caller can catch the error. */
async function inTransaction<T>(connections: Connections, work: (sql: Sql) => Promise<T>): Promise<T> {
  // A connection can be reserved only when it is open.
  await connections.sql`select 1`;
  const reserved = await connections.sql.reserve();
  const sql = new Proxy(reserved, {
    apply(statement, self, args) {
      if (connections.hasEnded) throw ended();
      return Reflect.apply(statement, self, args);
    },
  });
  try {
    await sql`begin`;
    const result = await work(sql);
    await sql`commit`;
    reserved.release();
    return result;
  } catch (error) {
    if (connections.hasEnded || isBroken(error)) throw isBroken(error) ? error : ended();
    await sql`rollback`;
    reserved.release();
    throw error;
  }
}

function ended(): Error {
  return Object.assign(new Error("the connection ended"), { code: "CONNECTION_CLOSED" });
}

type Ssl = "require" | "allow" | "prefer" | "verify-full" | boolean;

function sslOf(mode: string): Ssl {
  if (mode === "disable") return false;
  // The driver checks the host's name in both cases.
  return mode === "verify-ca" ? "verify-full" : mode as Ssl;
}
