/** Indexes the logs of one run, and follows them while they grow. */
import { type PriceLookUp } from "../../../analysis/projections/mod.ts";
import { readingAhead, type RunReader, type StreamSize } from "../../../core/ports/mod.ts";
import { priceLookUp } from "../../local/price_look_up.ts";
import { readPrices } from "../../local/run_prices.ts";
import {
  IndexFile,
  isBusy,
  isDamage,
  isIndexError,
  type ReadForIndex,
  type StoredLog,
} from "./index_file.ts";
import { BATCH_LOGS, batchesOf } from "./batches.ts";
import type { GrownLog } from "../server/run_index.ts";
import { cannotKeep } from "./index_place.ts";
import type { FromIndexer } from "./messages.ts";
import { openIndex, remadeIndex } from "./open_index.ts";
import { LogReader } from "./read_log.ts";
import { planOf } from "./run_plan.ts";

/** A scan begins with this many logs, and doubles the number step by step. So the first figures come soon. */
const FIRST_LOGS = 16;

/** How many stored logs are sent in one message. */
const LOGS_PER_MESSAGE = 2_000;

/** What an indexer needs. */
export type IndexerParts = Readonly<{
  /** The run's name among the runs that are open. */
  name: string;
  /** Opens the run for reading. */
  open: () => Promise<RunReader>;
  /** The folder for the index; `null` for an index in memory. */
  folder: string | null;
  post: (message: FromIndexer) => void;
  /** Lets the thread do other work, such as answering messages. */
  pause: () => Promise<void>;
}>;

/** Indexes one run. */
export class RunIndexer {
  readonly #parts: IndexerParts;
  #file: IndexFile;
  #logs: LogReader;
  #reader: RunReader;
  /** The logs that are in the index: their sizes, and the hashes of their last events. */
  readonly #known = new Map<string, Readonly<{ size: number; hash: string | null }>>();
  /** The logs that a scan has found and not read yet. */
  readonly #waiting = new Set<string>();
  /** The batch that is being indexed. It never rejects. */
  #indexing: Promise<unknown> = Promise.resolve();
  #designsSent = 0;
  #isScanning = false;
  #isStopped = false;
  /** Whether the index was made again, so that all logs must be indexed again. */
  #isEmptied = false;
  #wasRemade = false;
  /** How many logs there are. Before the first scan, it is the number of planned discussions. */
  #of: number;
  /** Whether the numbers of logs have changed after the last message about progress. */
  #hasNews = true;

  private constructor(parts: IndexerParts, reader: RunReader, file: IndexFile, pricesFor: PriceLookUp) {
    // A stopped indexer sends nothing, because another run can then have the same name.
    this.#parts = { ...parts, post: (message) => void (this.#isStopped || parts.post(message)) };
    this.#reader = reader;
    this.#of = reader.manifest.plan.discussions;
    this.#file = file;
    this.#logs = new LogReader({ name: parts.name, store: reader.store, pricesFor });
  }

  /** Opens the index, and sends the logs that it has. If the run cannot be read, it throws a `RunError`. */
  static async start(parts: IndexerParts): Promise<RunIndexer> {
    const reader = await parts.open();
    const { file, note } = await openIndex(reader, parts.folder);
    const indexer = new RunIndexer(parts, reader, file, priceLookUp(await readPrices(reader)));
    indexer.#sendOpened(note);
    indexer.#sendPlan();
    await indexer.#repairing(() => indexer.#sendStored());
    return indexer;
  }

  /** The file of the index. If the index is made again, this is another object. */
  get file(): IndexFile {
    return this.#file;
  }

  /** The run. */
  get reader(): RunReader {
    return this.#reader;
  }

  /** Stops after the current batch, and closes the index. */
  async close(): Promise<void> {
    this.#isStopped = true;
    await this.#indexing;
    this.#file[Symbol.dispose]();
  }

  /**
   * Indexes all logs that are new or have changed, and removes logs that are gone. It does nothing while
   * another scan runs.
   *
   * @returns The logs whose events have changed.
   */
  async scan(): Promise<readonly GrownLog[]> {
    if (this.#isScanning) return [];
    this.#isScanning = true;
    const grown: GrownLog[] = [];
    try {
      do {
        this.#isEmptied = false;
        await this.#repairing(() => this.#scan(grown));
      } while (this.#isEmptied && !this.#isStopped);
    } finally {
      this.#isScanning = false;
    }
    return grown;
  }

  /**
   * Indexes these logs without waiting for the end of a scan.
   *
   * @returns The logs whose events have changed.
   */
  async update(streams: readonly string[]): Promise<readonly GrownLog[]> {
    const grown: GrownLog[] = [];
    await this.#repairing(async () => {
      const sizes = await Array.fromAsync(this.#reader.store.sizes(streams));
      if (sizes.some(({ stream }) => !this.#known.has(stream))) await this.#readPlan();
      await this.#refresh(streams, grown, sizes);
      this.#sendProgress();
    });
    if (this.#isEmptied) await this.scan();
    return grown;
  }

  async #scan(grown: GrownLog[]): Promise<void> {
    const streams = (await Array.fromAsync(this.#reader.store.streams())).sort();
    const added = streams.filter((stream) => !this.#known.has(stream));
    if (added.length > 0) this.#parts.post({ kind: "listed", run: this.#parts.name, streams: added });
    for (const stream of added) this.#waiting.add(stream);
    const there = new Set(streams);
    grown.push(...this.#remove([...this.#known.keys()].filter((stream) => !there.has(stream))));
    this.#hasNews ||= this.#of !== streams.length;
    this.#of = streams.length;
    this.#sendProgress();
    for (let at = 0, count = FIRST_LOGS; at < streams.length; count = Math.min(2 * count, BATCH_LOGS)) {
      if (this.#isStopped || this.#isEmptied) return;
      await this.#refresh(streams.slice(at, at += count), grown);
      this.#sendProgress();
      await this.#parts.pause();
    }
  }

  /** Indexes logs that have changed, and removes logs that have gone. */
  async #refresh(
    streams: readonly string[],
    grown: GrownLog[],
    sizes?: readonly StreamSize[],
  ): Promise<void> {
    const found = sizes ?? await Array.fromAsync(this.#reader.store.sizes(streams));
    const changed = found.filter(({ stream, size }) => this.#known.get(stream)?.size !== size);
    for (const batch of batchesOf(changed)) grown.push(...await this.#indexBatch(batch));
    if (found.length === streams.length) return;
    const there = new Set(found.map(({ stream }) => stream));
    grown.push(...this.#remove(streams.filter((stream) => !there.has(stream))));
  }

  /**
   * Indexes a batch after all earlier batches, so that an older state of a log never replaces a newer state.
   */
  #indexBatch(batch: readonly StreamSize[]): Promise<readonly GrownLog[]> {
    const indexed = this.#indexing.then(() => this.#indexNow(batch));
    this.#indexing = indexed.catch(() => {});
    return indexed;
  }

  async #indexNow(batch: readonly StreamSize[]): Promise<readonly GrownLog[]> {
    const stored: StoredLog[] = [];
    const logs: ReadForIndex[] = [];
    const ahead = readingAhead(this.#reader.store, batch.map(({ stream }) => stream));
    for (const one of batch) {
      // Another viewer can have indexed the log meanwhile.
      const found = this.#file.log(one.stream);
      if (found?.size === one.size) stored.push(found);
      else logs.push(await this.#logs.read(one, ahead));
    }
    stored.push(...this.#file.write(logs));
    const grown = stored.flatMap(({ stream, size, events, hash }): readonly GrownLog[] => {
      const before = this.#known.get(stream);
      if (before?.hash === hash) return [];
      return [{
        discussion: stream,
        events,
        ...before !== undefined && size < before.size && { isShorter: true },
      }];
    });
    for (const { stream, size, hash } of stored) {
      this.#known.set(stream, { size, hash });
      this.#waiting.delete(stream);
    }
    this.#send(stored);
    return grown;
  }

  /** Forgets logs. It returns the logs among them that the index had listed. */
  #remove(streams: readonly string[]): readonly GrownLog[] {
    const gone = streams.filter((stream) => this.#known.has(stream) || this.#waiting.has(stream));
    if (gone.length === 0) return [];
    this.#hasNews = true;
    for (const stream of gone) {
      this.#known.delete(stream);
      this.#waiting.delete(stream);
      this.#reader.store.release(stream);
    }
    this.#of -= gone.length;
    this.#file.remove(gone);
    this.#parts.post({ kind: "gone", run: this.#parts.name, streams: gone });
    return gone.map((discussion) => ({ discussion, events: 0 }));
  }

  async #repairing(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#replaceFile(error);
    }
  }

  /**
   * Makes a damaged file again, but only once. Without a file that works, the index is in memory. Throws
   * other errors.
   */
  #replaceFile(error: unknown): void {
    const { path } = this.#file;
    if (this.#isStopped || path === null || !isIndexError(error) || isBusy(error)) throw error;
    this.#file[Symbol.dispose]();
    const again = isDamage(error) && !this.#wasRemade ? remadeIndex(path) : null;
    this.#wasRemade = true;
    this.#file = again ?? new IndexFile(null);
    this.#designsSent = 0;
    this.#known.clear();
    this.#isEmptied = true;
    this.#hasNews = true;
    this.#sendOpened(again === null ? cannotKeep(path, error) : null);
  }

  async #readPlan(): Promise<void> {
    this.#reader = { ...await this.#parts.open(), store: this.#reader.store };
    this.#sendPlan();
  }

  #sendPlan(): void {
    this.#parts.post({ kind: "plan", run: this.#parts.name, ...planOf(this.#reader) });
  }

  async #sendStored(): Promise<void> {
    let batch: StoredLog[] = [];
    for (const log of this.#file.logs()) {
      this.#known.set(log.stream, { size: log.size, hash: log.hash });
      if (batch.push(log) < LOGS_PER_MESSAGE) continue;
      this.#send(batch);
      this.#sendProgress();
      batch = [];
      await this.#parts.pause();
    }
    this.#send(batch);
  }

  #send(logs: readonly StoredLog[]): void {
    if (logs.length === 0) return;
    this.#hasNews = true;
    const run = this.#parts.name;
    const designs = this.#file.designs(this.#designsSent);
    if (designs.length > 0) {
      this.#designsSent = designs.at(-1)!.id;
      const json = `[${designs.map(({ id, content }) => `[${id},${content}]`).join(",")}]`;
      this.#parts.post({ kind: "designs", run, json });
    }
    const json = logs.map(({ id, stream, design, figures }) =>
      `[${id},${JSON.stringify(stream)},${design},${figures}]`
    ).join(",");
    this.#parts.post({ kind: "logs", run, json: `[${json}]` });
  }

  #sendOpened(note: string | null): void {
    this.#parts.post({ kind: "opened", run: this.#parts.name, path: this.#file.path, note });
  }

  #sendProgress(): void {
    if (!this.#hasNews) return;
    this.#hasNews = false;
    this.#of = Math.max(this.#of, this.#known.size);
    this.#parts.post({ kind: "progress", run: this.#parts.name, done: this.#known.size, of: this.#of });
  }
}
