/** Connections to a database: they are opened again when they break, and what was asked meanwhile is asked again. */
import postgres from "npm:postgres@3.4.9";
import { systemClock } from "../../system.ts";
import type { Address } from "./address.ts";
import { isBroken } from "./database_errors.ts";
import { passwordOf } from "./password.ts";

/** Runs statements; see `npm:postgres`. Inside of a transaction, all of them belong to it. */
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

const RETRY_MS_MIN = 100;
const RETRY_MS_MAX = 2_000;

/** A statement without an answer for this time, in milliseconds, fails and is sent again: the network may have lost it. */
const ANSWER_MS_MAX = 60_000;

const IDLE_SECONDS = 0.2;
const CONNECT_SECONDS_MAX = 10;

/**
 * The server notices after about half a minute that the machine of a client has disappeared, and frees what it held. All statements
 * look rows up by their keys. The server could plan otherwise while the tables are small, and keep the plan when they have grown.
 */
const SETTINGS = {
  application_name: "syndisco",
  synchronous_commit: "on",
  jit: "off",
  enable_seqscan: "off",
  enable_hashjoin: "off",
  enable_mergejoin: "off",
  tcp_keepalives_idle: 10,
  tcp_keepalives_interval: 5,
  tcp_keepalives_count: 4,
};

/** The connections of this process to a database, for one purpose. */
export class Connection {
  readonly address: Address;
  readonly #options: ConnectionOptions;
  #sql: postgres.Sql;
  /** Whether the database has answered once. If it never has, nothing is tried again, because the address may be wrong. */
  #hasWorked = false;

  /** Does not connect yet. */
  constructor(address: Address, options: ConnectionOptions) {
    this.address = address;
    this.#options = options;
    this.#sql = this.#connect();
  }

  /**
   * Runs statements. If the connection breaks, runs them again: they must have the same result when they run twice.
   *
   * @param work Gets the number of the try, from 0.
   * @throws {Error} The error of the database, or of the connection if it cannot be opened again.
   */
  async run<T>(work: (sql: Sql, tries: number) => Promise<T>): Promise<T> {
    let sinceMs: number | null = null;
    for (let tries = 0;; tries++) {
      try {
        const result = await this.#answered(work(this.#sql, tries));
        this.#hasWorked = true;
        return result;
      } catch (error) {
        sinceMs ??= performance.now();
        const waits = performance.now() - sinceMs < RECONNECTING_MS_MAX;
        if (!this.#hasWorked || !waits || !isBroken(error)) throw error;
      }
      await systemClock.sleep(Math.min(RETRY_MS_MIN * 2 ** tries, RETRY_MS_MAX));
    }
  }

  /** Runs statements in one transaction, as `run()` does. */
  transaction<T>(work: (sql: Sql, tries: number) => Promise<T>): Promise<T> {
    return this.run((_, tries) => this.#sql.begin((sql) => work(sql, tries)) as Promise<T>);
  }

  /** Runs statements in one transaction once, however long they take. */
  once<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#sql.begin((sql) => work(sql)) as Promise<T>;
  }

  /** Listens to a channel until it is told to stop. Listens again when the connection was lost, and then calls `onListening`. */
  async listen(
    channel: string,
    onNotice: (text: string) => void,
    onListening: () => void,
  ): Promise<() => void> {
    const { unlisten } = await this.#sql.listen(channel, onNotice, onListening);
    return () => void unlisten().catch(() => {});
  }

  /** Waits for running statements, and ends all connections. */
  async end(): Promise<void> {
    await this.#sql.end({ timeout: CONNECT_SECONDS_MAX });
  }

  #connect(): postgres.Sql {
    const { database: { sslmode, ...where } } = this.address;
    const { max, isKept, onEnd } = this.#options;
    return postgres({
      ...where,
      ...sslmode === undefined ? {} : { ssl: sslOf(sslmode) },
      password: passwordOf(where),
      max,
      idle_timeout: isKept ? 0 : IDLE_SECONDS,
      max_lifetime: null,
      connect_timeout: CONNECT_SECONDS_MAX,
      backoff: () => 0,
      connection: SETTINGS,
      onnotice: () => {},
      ...onEnd === undefined ? {} : { onclose: onEnd },
    });
  }

  /** Ends the connection if a statement gets no answer. */
  async #answered<T>(work: Promise<T>): Promise<T> {
    const sql = this.#sql;
    const timer = setTimeout(() => {
      if (this.#sql === sql) this.#sql = this.#connect();
      void sql.end({ timeout: 0 });
    }, ANSWER_MS_MAX);
    try {
      return await work;
    } finally {
      clearTimeout(timer);
    }
  }
}

type Ssl = "require" | "allow" | "prefer" | "verify-full" | boolean;

function sslOf(mode: string): Ssl {
  if (mode === "disable") return false;
  // The driver checks the host's name in both cases.
  return mode === "verify-ca" ? "verify-full" : mode as Ssl;
}
