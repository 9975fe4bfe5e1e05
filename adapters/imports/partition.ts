/** Groups the rows of a file by discussion, whatever their order. */
import { join } from "node:path";
import { FormatError } from "../formats/format_error.ts";
import type { RunWriter } from "../../core/ports/mod.ts";
import { writeAll } from "../stores/durable_files.ts";
import { runAt, scratchIn } from "../stores/mod.ts";
import { storeError } from "../stores/store_errors.ts";

/** The number of temporary files. One of them is read at a time. */
const BUCKETS = 64;

/** How much of a bucket stays in memory before it is written, in UTF-16 code units. */
const BUFFER_CHARS = 256 * 1024;

/**
 * The largest bucket that can be read. If all discussions have equal sizes, a file can be 64 times as large.
 */
const BUCKET_BYTES_MAX = 256 * 1024 * 1024;

const encoder = new TextEncoder();

/** Groups items by key. Large inputs go to temporary files. Items are JSON values. */
export class Partition<T> implements Disposable {
  readonly #folder: string;
  readonly #buffers: string[] = Array.from({ length: BUCKETS }, () => "");
  readonly #files = new Map<number, Deno.FsFile>();

  constructor(folder: string) {
    this.#folder = folder;
    try {
      Deno.mkdirSync(folder, { recursive: true });
    } catch (cause) {
      throw storeError("create", folder, cause);
    }
  }

  add(key: string, item: T): void {
    const bucket = bucketOf(key);
    this.#buffers[bucket] += `${JSON.stringify([key, item])}\n`;
    if (this.#buffers[bucket]!.length >= BUFFER_CHARS) this.#write(bucket);
  }

  /** Each key, and its items in the order in which they were added. The keys are in no particular order. */
  async *groups(): AsyncGenerator<readonly [key: string, items: readonly T[]]> {
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      const groups = new Map<string, T[]>();
      for (const line of (await this.#read(bucket)).split("\n")) {
        if (line === "") continue;
        const [key, item] = JSON.parse(line) as [string, T];
        const group = groups.get(key);
        if (group === undefined) groups.set(key, [item]);
        else group.push(item);
      }
      yield* groups;
    }
  }

  [Symbol.dispose](): void {
    for (const file of this.#files.values()) file.close();
    this.#files.clear();
  }

  #write(bucket: number): void {
    const path = this.#path(bucket);
    try {
      let file = this.#files.get(bucket);
      if (file === undefined) {
        file = Deno.openSync(path, { write: true, createNew: true });
        this.#files.set(bucket, file);
      }
      writeAll(file, encoder.encode(this.#buffers[bucket]));
      this.#buffers[bucket] = "";
    } catch (cause) {
      throw storeError("write", path, cause);
    }
  }

  /** Reads the lines of a bucket. Small inputs never touch the disk. */
  async #read(bucket: number): Promise<string> {
    if (!this.#files.has(bucket)) return this.#buffers[bucket]!;
    this.#write(bucket);
    const path = this.#path(bucket);
    const { size } = await Deno.stat(path);
    if (size > BUCKET_BYTES_MAX) {
      throw new FormatError(
        `its discussions are too large to be grouped: ${size} bytes, at most ${BUCKET_BYTES_MAX} fit into ` +
          `memory. Split the file into smaller files, and keep each discussion in one file`,
      );
    }
    return await Deno.readTextFile(path);
  }

  #path(bucket: number): string {
    return join(this.#folder, `${bucket}.jsonl`);
  }
}

/** Spreads keys evenly over the buckets, and in the same way in every process. */
function bucketOf(key: string): number {
  let hash = 0;
  for (let at = 0; at < key.length; at++) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0;
  // The lowest bits depend on the last letters, which are often a running number. So higher bits are mixed
  // in.
  return ((hash ^ (hash >>> 15)) >>> 0) % BUCKETS;
}

/** Opens a run to add annotations to it, with a partition in its scratch folder. */
export async function withRun<T, R>(
  path: string,
  work: (run: RunWriter, partition: Partition<T>) => Promise<R>,
): Promise<R> {
  const run = await (await runAt(path)).reopen();
  try {
    using scratch = scratchIn(path);
    using partition = new Partition<T>(scratch.path);
    return await work(run, partition);
  } finally {
    await run.close();
  }
}
