/** Indexes the logs of one run, and follows them while they grow. */
import { join } from "node:path";
import { type PriceLookUp } from "../../../analysis/projections/mod.ts";
import { conditionLabels, resolvedDesign } from "../../../core/experiment/mod.ts";
import type { RunReader, StreamSize } from "../../../core/ports/mod.ts";
import { priceLookUp, readPrices } from "../../local/run_prices.ts";
import {
  IndexFile,
  isBusy,
  isDamage,
  isIndexError,
  openIndexFile,
  type ReadForIndex,
  removeIndexFile,
  type StoredLog,
} from "./index_file.ts";
import type { GrownLog } from "../server/run_index.ts";
import { cannotKeep, indexName } from "./index_place.ts";
import type { FromIndexer } from "./messages.ts";
import { LogReader } from "./read_log.ts";

/** Logs are written together until they have this many bytes, or this many logs. */
const BATCH_BYTES = 4 * 1024 * 1024;
const BATCH_LOGS = 256;

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
  /** The logs that an update has indexed since the last scan began. */
  readonly #updated = new Set<string>();
  /** The batch that is being indexed. It never rejects. */
  #indexing: Promise<unknown> = Promise.resolve();
  #designsSent = 0;
  #isStopped = false;
  /** Whether the index was made again, so that all logs must be indexed again. */
  #isEmptied = false;
  #wasRemade = false;
  /** How many logs there are. */
  #of = 0;

  private constructor(parts: IndexerParts, reader: RunReader, file: IndexFile, pricesFor: PriceLookUp) {
    // After the end of this indexer, another run can have the same name.
    this.#parts = { ...parts, post: (message) => void (this.#isStopped || parts.post(message)) };
    this.#reader = reader;
    this.#file = file;
    this.#logs = new LogReader({ name: parts.name, store: reader.store, pricesFor });
  }

  /** Opens the index, and sends the logs that it has. @throws {RunError} If the run cannot be read. */
  static async start(parts: IndexerParts): Promise<RunIndexer> {
    const reader = await parts.open();
    const { file, note } = await openFile(reader, parts);
    const indexer = new RunIndexer(parts, reader, file, priceLookUp(await readPrices(reader)));
    indexer.#sendOpened(note);
    indexer.#sendPlan();
    await indexer.#repairing(() => indexer.#sendStored());
    return indexer;
  }

  /** The index. It changes if it has to be made again. */
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

  /** Indexes all logs that are new or have changed, and removes those that have gone. */
  async scan(): Promise<void> {
    do {
      this.#isEmptied = false;
      await this.#repairing(() => this.#scan());
    } while (this.#isEmptied && !this.#isStopped);
  }

  /** Indexes some logs, before those that a scan has not reached yet. @returns Those whose events have changed. */
  async update(streams: readonly string[]): Promise<readonly GrownLog[]> {
    const grown: GrownLog[] = [];
    await this.#repairing(async () => {
      const sizes = await Array.fromAsync(this.#reader.store.sizes(streams));
      if (sizes.some(({ stream }) => !this.#known.has(stream))) await this.#readPlan();
      for (const { stream } of sizes) this.#updated.add(stream);
      for (const batch of batchesOf(sizes)) grown.push(...await this.#indexBatch(batch));
      const there = new Set(sizes.map(({ stream }) => stream));
      const gone = streams.filter((stream) => !there.has(stream) && this.#known.has(stream));
      this.#remove(gone);
      grown.push(...gone.map((discussion) => ({ discussion, events: 0 })));
      this.#sendProgress();
    });
    if (this.#isEmptied) await this.scan();
    return grown;
  }

  async #scan(): Promise<void> {
    this.#updated.clear();
    const sizes = await Array.fromAsync(this.#reader.store.sizes());
    sizes.sort((one, other) => one.stream < other.stream ? -1 : 1);
    const streams = sizes.map(({ stream }) => stream);
    this.#parts.post({ kind: "listed", run: this.#parts.name, streams });
    const there = new Set(streams);
    this.#remove([...this.#known.keys()].filter((stream) => !there.has(stream)));
    this.#of = sizes.length;
    this.#sendProgress();
    const isChanged = ({ stream, size }: StreamSize) =>
      this.#known.get(stream)?.size !== size && !this.#updated.has(stream);
    for (const batch of batchesOf(sizes.filter(isChanged))) {
      if (this.#isStopped || this.#isEmptied) return;
      await this.#indexBatch(batch.filter(isChanged));
      this.#sendProgress();
      await this.#parts.pause();
    }
  }

  /** Indexes a batch after all earlier ones, so that an older state of a log never replaces a newer one. */
  #indexBatch(batch: readonly StreamSize[]): Promise<readonly GrownLog[]> {
    const indexed = this.#indexing.then(() => this.#indexNow(batch));
    this.#indexing = indexed.catch(() => {});
    return indexed;
  }

  async #indexNow(batch: readonly StreamSize[]): Promise<readonly GrownLog[]> {
    const stored: StoredLog[] = [];
    const logs: ReadForIndex[] = [];
    for (const one of batch) {
      // Another viewer can have indexed the log meanwhile.
      const found = this.#file.log(one.stream);
      if (found?.size === one.size) stored.push(found);
      else logs.push(await this.#logs.read(one));
    }
    stored.push(...this.#file.write(logs));
    const grown = stored.filter(({ stream, hash }) => this.#known.get(stream)?.hash !== hash);
    for (const { stream, size, hash } of stored) this.#known.set(stream, { size, hash });
    this.#send(stored);
    return grown.map(({ stream, events }) => ({ discussion: stream, events }));
  }

  #remove(gone: readonly string[]): void {
    if (gone.length === 0) return;
    for (const stream of gone) {
      this.#known.delete(stream);
      this.#reader.store.release(stream);
    }
    this.#of -= gone.length;
    this.#file.remove(gone);
    this.#parts.post({ kind: "gone", run: this.#parts.name, streams: gone });
  }

  async #repairing(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#replaceFile(error);
    }
  }

  /** Makes a damaged file again, once. If a file cannot be written, memory takes its place. Other errors are thrown. */
  #replaceFile(error: unknown): void {
    const { path } = this.#file;
    if (this.#isStopped || path === null || !isIndexError(error) || isBusy(error)) throw error;
    this.#file[Symbol.dispose]();
    const again = isDamage(error) && !this.#wasRemade ? remade(path) : null;
    this.#wasRemade = true;
    this.#file = again ?? new IndexFile(null);
    this.#designsSent = 0;
    this.#known.clear();
    this.#isEmptied = true;
    this.#sendOpened(again === null ? cannotKeep(path, error) : null);
  }

  async #readPlan(): Promise<void> {
    this.#reader = { ...await this.#parts.open(), store: this.#reader.store };
    this.#sendPlan();
  }

  #sendPlan(): void {
    const { manifest: { experiment, plan, resolved } } = this.#reader;
    const levels = Object.values(resolvedDesign(resolved).levels);
    const isComplete = levels.reduce((product, { length }) => product * length, 1) === plan.conditions;
    this.#parts.post({
      kind: "plan",
      run: this.#parts.name,
      // Imported discussions have no plan.
      discussions: experiment.file === null ? null : plan.discussions,
      conditions: experiment.file !== null && isComplete ? conditionLabels(levels) : [],
      replications: plan.replications,
    });
  }

  async #sendStored(): Promise<void> {
    let batch: StoredLog[] = [];
    for (const log of this.#file.logs()) {
      this.#known.set(log.stream, { size: log.size, hash: log.hash });
      if (batch.push(log) < LOGS_PER_MESSAGE) continue;
      this.#send(batch);
      batch = [];
      await this.#parts.pause();
    }
    this.#send(batch);
  }

  #send(logs: readonly StoredLog[]): void {
    if (logs.length === 0) return;
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
    this.#of = Math.max(this.#of, this.#known.size);
    this.#parts.post({ kind: "progress", run: this.#parts.name, done: this.#known.size, of: this.#of });
  }
}

/** Divides logs into those that are written together. */
function* batchesOf(sizes: readonly StreamSize[]): Generator<readonly StreamSize[]> {
  for (let at = 0; at < sizes.length;) {
    const batch: StreamSize[] = [];
    for (let bytes = 0; at < sizes.length && bytes < BATCH_BYTES && batch.length < BATCH_LOGS; at++) {
      batch.push(sizes[at]!);
      bytes += sizes[at]!.size;
    }
    yield batch;
  }
}

async function openFile(
  reader: RunReader,
  { folder }: IndexerParts,
): Promise<Readonly<{ file: IndexFile; note: string | null }>> {
  // The user has learned before why there is no folder.
  if (folder === null) return { file: new IndexFile(null), note: null };
  const path = join(folder, await indexName(reader));
  try {
    return { file: openIndexFile(path), note: null };
  } catch (error) {
    return { file: new IndexFile(null), note: cannotKeep(path, error) };
  }
}

function remade(path: string): IndexFile | null {
  try {
    removeIndexFile(path);
    return openIndexFile(path);
  } catch {
    return null;
  }
}
