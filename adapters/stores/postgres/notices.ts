/** Tells readers which streams have grown, through LISTEN and NOTIFY. */
import { systemClock } from "../../system.ts";
import { Connection } from "./connection.ts";

/**
 * A reader asks again after this time, in milliseconds, even without a notice: a process can die between an append and
 * its notice, and some proxies of databases do not forward notices.
 */
const FOLLOW_INTERVAL_MS = 2_000;

/** At most one notice is sent in this time, in milliseconds, because commits with notices wait for each other. */
const ANNOUNCE_INTERVAL_MS = 100;

/** A notice has at most 8,000 bytes. Longer ones only say that something has grown. */
const NOTICE_CHARACTERS_MAX = 1_900;

/** Wakes a reader that waits. */
type Wake = () => void;

/** Gets the streams that have grown; `null` if any can have grown. */
type Told = (streams: readonly string[] | null) => void;

/** The notices about the streams of a run. */
export class Notices {
  readonly #connection: Connection;
  readonly #channel: string;
  /** The readers that wait, by stream. */
  readonly #waiting = new Map<string, Set<Wake>>();
  /** The functions to call when any stream has grown. */
  readonly #told = new Set<Told>();
  #followers = 0;
  /** The connection that listens, while there are followers. */
  #listening: Connection | null = null;
  /** The streams that have grown since the last notice. */
  readonly #grown = new Set<string>();
  #announcing: Promise<void> | null = null;
  readonly #closing = new AbortController();

  /** @param run The number of the run. */
  constructor(connection: Connection, run: number) {
    this.#connection = connection;
    this.#channel = `syndisco_${run}`;
  }

  /** Tells all readers within a moment that streams have grown. */
  announce(streams: readonly string[]): void {
    for (const stream of streams) this.#grown.add(stream);
    this.#announcing ??= this.#announceAll();
  }

  /** Sends the last notices at once. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#announcing;
  }

  /** A function that waits until a stream may have grown. Listens until the signal is aborted. */
  waitFor(stream: string, signal: AbortSignal): (signal: AbortSignal) => Promise<void> {
    this.#listen(signal);
    // A notice between a read and the next wait must not be lost.
    let hasGrown = false;
    const wakes = this.#waiting.get(stream) ?? new Set();
    this.#waiting.set(stream, wakes);
    let wake: Wake = () => {};
    const told = () => {
      hasGrown = true;
      wake();
    };
    wakes.add(told);
    signal.addEventListener("abort", () => {
      wakes.delete(told);
      if (wakes.size === 0) this.#waiting.delete(stream);
    }, { once: true });
    return async () => {
      const timer = new AbortController();
      wake = () => timer.abort();
      if (!hasGrown) {
        await systemClock.sleep(FOLLOW_INTERVAL_MS, AbortSignal.any([signal, timer.signal])).catch(() => {});
      }
      hasGrown = false;
    };
  }

  /** Calls `told` when any stream grows, until the signal is aborted. */
  follow(signal: AbortSignal, told: Told): void {
    this.#listen(signal);
    this.#told.add(told);
    signal.addEventListener("abort", () => this.#told.delete(told), { once: true });
  }

  #listen(signal: AbortSignal): void {
    if (signal.aborted) return;
    if (this.#followers++ === 0) {
      const listening = new Connection(this.#connection.address, { max: 1, isKept: true });
      this.#listening = listening;
      // A reader that cannot listen reads again and again.
      listening.listen(this.#channel, (text) => this.#tell(text), () => this.#tell("*")).catch(() => {});
    }
    signal.addEventListener("abort", () => {
      if (--this.#followers > 0) return;
      void this.#listening?.end().catch(() => {});
      this.#listening = null;
    }, { once: true });
  }

  #tell(text: string): void {
    const streams = streamsIn(text);
    for (const told of this.#told) told(streams);
    for (const stream of streams ?? this.#waiting.keys()) {
      for (const wake of this.#waiting.get(stream) ?? []) {
        wake();
      }
    }
  }

  async #announceAll(): Promise<void> {
    while (this.#grown.size > 0) {
      const streams = JSON.stringify([...this.#grown]);
      this.#grown.clear();
      const text = streams.length <= NOTICE_CHARACTERS_MAX ? streams : "*";
      // Readers that get no notice read again soon. So a failure is no reason to stop.
      await this.#connection.run((sql) => sql`select pg_notify(${this.#channel}, ${text})`).catch(() => {});
      await systemClock.sleep(ANNOUNCE_INTERVAL_MS, this.#closing.signal).catch(() => {});
    }
    this.#announcing = null;
  }
}

/**
 * The streams that a notice names; `null` if any can have grown. All users of the database can send notices, with
 * any text.
 */
function streamsIn(text: string): readonly string[] | null {
  try {
    const streams: unknown = JSON.parse(text);
    return Array.isArray(streams) && streams.every((stream) => typeof stream === "string") ? streams : null;
  } catch {
    return null;
  }
}
