/**
 * The event store of one simulated process. It shares a database with other processes, and works as an
 * adapter for a real database must work.
 */
import type { StoredLine } from "../events/codec.ts";
import {
  checkLines,
  ClaimLost,
  type EventStore,
  type FollowOptions,
  StoreError,
  StreamConflict,
  type StreamSize,
} from "../ports/mod.ts";
import {
  ConnectionCut,
  type SentAppend,
  type SharedDatabase,
  type SimulatedProcess,
} from "./shared_database.ts";

const RECONNECT_MS = 500;
const RECONNECTS_MAX = 120;

/** The store of a process, with the claims of this process. */
export class SharedStore implements EventStore {
  /** The database of all processes. */
  readonly database: SharedDatabase;
  /** The process of this store. */
  readonly life: SimulatedProcess;
  readonly #tokens = new Map<string, number>();

  /** Connects a process to a database. */
  constructor(database: SharedDatabase, life: SimulatedProcess) {
    this.database = database;
    this.life = life;
  }

  /** Takes a stream. */
  async claim(stream: string): Promise<void> {
    const take = () => this.takeOver(stream);
    this.#tokens.set(stream, await this.#again(() => this.database.ask(this.life, take)));
  }

  /** See `EventStore`. */
  async append(stream: string, expectedSeq: number, lines: readonly StoredLine[]): Promise<void> {
    checkLines(stream, lines);
    const append = { stream, expectedSeq, lines, token: this.#tokens.get(stream) ?? 0 };
    try {
      await this.send(append);
    } catch (error) {
      if (!(error instanceof ConnectionCut)) throw error;
      await this.#again(() => this.afterCut(append));
    }
  }

  /** See `EventStore`. */
  async *read(stream: string, from = 0): AsyncGenerator<StoredLine> {
    const lines = await this.#again(() => this.database.ask(this.life, () => this.database.read(stream)));
    yield* lines.slice(from);
  }

  /** No simulated process follows a stream. */
  follow(_stream: string, _options: FollowOptions): AsyncIterable<StoredLine> {
    throw new TypeError("Cannot follow a stream of a simulated process");
  }

  /** See `EventStore`. */
  async *streams(): AsyncGenerator<string> {
    for (const [stream] of this.database.streams) yield stream;
  }

  /** See `EventStore`. */
  async *sizes(): AsyncGenerator<StreamSize> {
    for (const [stream, { length }] of this.database.streams) yield { stream, size: length };
  }

  /** See `EventStore`. There is nothing to release. */
  release(): void {}

  /** Takes a stream from the process that has it. Returns a new token. */
  protected takeOver(stream: string): number {
    return this.database.claim(stream, this.life.name);
  }

  /** Sends an append. */
  protected send(append: SentAppend): Promise<void> {
    return this.database.ask(
      this.life,
      () => this.database.append(append, this.life.name, { token: true, length: true }),
    );
  }

  /**
   * Continues an append whose outcome is not known. Looks for its lines, and sends them again only if the
   * stream lacks them.
   */
  protected async afterCut(append: SentAppend): Promise<void> {
    const { stream, expectedSeq, lines } = append;
    const found = await this.database.ask(this.life, () => this.database.read(stream).slice(expectedSeq));
    if (found.length === 0) {
      try {
        return await this.send(append);
      } catch (error) {
        if (!(error instanceof StreamConflict)) throw error;
        // The first statement took effect after the stream was read. Now the stream has its lines.
        return await this.afterCut(append);
      }
    }
    if (lines.every((line, nth) => found[nth] === line)) return;
    throw new ClaimLost(`Cannot append to "${stream}": another process has it`);
  }

  /** Asks. If the connection is cut, connects and asks again. */
  async #again<T>(ask: () => Promise<T>): Promise<T> {
    for (let tries = 0; tries < RECONNECTS_MAX; tries++) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof ConnectionCut)) throw error;
        await new Promise<void>((resolve) => this.life.after(RECONNECT_MS, resolve));
      }
    }
    throw new StoreError("The database cannot be reached");
  }
}
