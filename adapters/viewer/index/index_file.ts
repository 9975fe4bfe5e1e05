/** The file of the index of a run: the figures of each log, and a full-text index without the texts themselves. */
import { dirname } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { isMissing } from "../../path_info.ts";
import type { PackedLog } from "./packed_log.ts";
import { indexedText, TOKENIZER } from "./words.ts";

/**
 * The version of the index. A file of another version is rebuilt. Raise this number when figures or words
 * change.
 */
export const SCHEMA_VERSION = 2;

/**
 * How many slots of a log are indexed at most. The texts of a slot are one entry of the index. Its number is
 * the log's number times this limit, plus the slot's position.
 */
export const SLOTS_MAX = 2 ** 22;

/** How long a process waits for another viewer that writes to the same file, in milliseconds. */
const BUSY_MS = 10_000;

const SCHEMA = `
  CREATE TABLE designs (id INTEGER PRIMARY KEY, content TEXT NOT NULL UNIQUE);
  CREATE TABLE logs (
    id INTEGER PRIMARY KEY,
    stream TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    events INTEGER NOT NULL,
    hash TEXT,
    slots INTEGER NOT NULL,
    design INTEGER NOT NULL,
    figures TEXT NOT NULL
  );
  CREATE VIRTUAL TABLE texts USING fts5(
    comments, thoughts, raw, content = '', contentless_delete = 1, tokenize = "${TOKENIZER}"
  );
  PRAGMA user_version = ${SCHEMA_VERSION};`;

/** A log in the index. */
export type StoredLog = Readonly<{
  id: number;
  stream: string;
  size: number;
  events: number;
  hash: string | null;
  design: number;
  figures: string;
}>;

/** The texts of one slot. */
export type SlotTexts = Readonly<{ comments: string | null; thoughts: string | null; raw: string | null }>;

/** A log that was read. */
export type ReadForIndex = Readonly<{
  stream: string;
  /** The stream's size just before the log was read. */
  size: number;
  /** The hash of each event. */
  hashes: readonly string[];
  slots: readonly SlotTexts[];
  packed: PackedLog;
}>;

/** The file of the index. Several processes can have it open and write to it. */
export class IndexFile implements Disposable {
  /** `null` if the index is in memory. */
  readonly path: string | null;
  readonly db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /**
   * Opens a file, and makes it if it is missing.
   *
   * @param path `null` for an index in memory.
   */
  constructor(path: string | null) {
    this.path = path;
    this.db = new DatabaseSync(path ?? ":memory:");
    try {
      // The index can be made again, so it need not survive a power cut.
      this.db.exec(`PRAGMA busy_timeout = ${BUSY_MS}; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF`);
      this.#make();
    } catch (error) {
      this.db.close();
      throw error;
    }
  }

  #make(): void {
    this.#transaction(() => {
      const { user_version: version } = this.db.prepare("PRAGMA user_version").get() as {
        user_version: number;
      };
      if (version === SCHEMA_VERSION) return;
      if (version !== 0) throw new OtherVersion();
      this.db.exec(SCHEMA);
    });
  }

  /** All logs, in the order of their numbers. */
  *logs(): Generator<StoredLog> {
    const rows = this.#prepare("SELECT id, stream, size, events, hash, design, figures FROM logs ORDER BY id")
      .iterate();
    for (const row of rows) yield row as unknown as StoredLog;
  }

  /** The log of a stream, if it is in the index. */
  log(stream: string): StoredLog | undefined {
    return this.#prepare("SELECT id, stream, size, events, hash, design, figures FROM logs WHERE stream = ?")
      .get(stream) as StoredLog | undefined;
  }

  /** The designs whose number is larger than `after`. */
  designs(after: number): readonly Readonly<{ id: number; content: string }>[] {
    return this.#prepare("SELECT id, content FROM designs WHERE id > ? ORDER BY id").all(after) as never;
  }

  /**
   * Writes logs, all or none.
   *
   * @returns The logs as they are stored now.
   */
  write(logs: readonly ReadForIndex[]): readonly StoredLog[] {
    return this.#transaction(() => logs.map((log) => this.#write(log)));
  }

  /** Removes logs. */
  remove(streams: readonly string[]): void {
    this.#transaction(() => {
      for (const stream of streams) {
        const stored = this.log(stream);
        if (stored === undefined) continue;
        this.#removeTexts(stored.id);
        this.#prepare("DELETE FROM logs WHERE id = ?").run(stored.id);
      }
    });
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.db.close();
  }

  #write({ stream, size, hashes, slots, packed }: ReadForIndex): StoredLog {
    const before = this.#prepare("SELECT id, events, hash, slots FROM logs WHERE stream = ?").get(stream) as
      | Readonly<{ id: number; events: number; hash: string | null; slots: number }>
      | undefined;
    // Another viewer can have written the log meanwhile. If the stored events begin this log, only its other
    // events are new.
    const isSame = before !== undefined && (before.events === 0 || hashes[before.events - 1] === before.hash);
    if (before !== undefined && !isSame) this.#removeTexts(before.id);
    const [events, hash, design] = [hashes.length, hashes.at(-1) ?? null, this.#designOf(packed.design)];
    const values = [stream, size, events, hash, slots.length, design, packed.figures];
    const id = before?.id ?? Number(
      this.#prepare(
        "INSERT INTO logs (stream, size, events, hash, slots, design, figures) VALUES (?, ?, ?, ?, ?, ?, ?)",
      )
        .run(...values).lastInsertRowid,
    );
    if (before !== undefined) {
      this.#prepare(
        "UPDATE logs SET stream = ?, size = ?, events = ?, hash = ?, slots = ?, design = ?, figures = ? WHERE id = ?",
      ).run(...values, id);
    }
    const insert = this.#prepare("INSERT INTO texts (rowid, comments, thoughts, raw) VALUES (?, ?, ?, ?)");
    for (let position = isSame ? before.slots : 0; position < Math.min(slots.length, SLOTS_MAX); position++) {
      const { comments, thoughts, raw } = slots[position]!;
      if (comments === null && thoughts === null && raw === null) continue;
      insert.run(
        id * SLOTS_MAX + position,
        ...[comments, thoughts, raw].map((text) => text && indexedText(text)),
      );
    }
    return { id, stream, size, events, hash, design, figures: packed.figures };
  }

  #designOf(content: string): number {
    const found = this.#prepare("SELECT id FROM designs WHERE content = ?").get(content) as
      | { id: number }
      | undefined;
    return found?.id ??
      Number(this.#prepare("INSERT INTO designs (content) VALUES (?)").run(content).lastInsertRowid);
  }

  #removeTexts(id: number): void {
    this.#prepare("DELETE FROM texts WHERE rowid BETWEEN ? AND ?").run(
      id * SLOTS_MAX,
      (id + 1) * SLOTS_MAX - 1,
    );
  }

  #transaction<Result>(work: () => Result): Result {
    this.db.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.db.exec("COMMIT");
      return result;
    } catch (error) {
      try {
        this.db.exec("ROLLBACK");
      } catch {
        // Some errors end the transaction, and then there is nothing to roll back.
      }
      throw error;
    }
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, statement = this.db.prepare(sql));
    return statement;
  }
}

/** The file belongs to another version of this program. */
class OtherVersion extends Error {}

/** Whether an error is about the file of the index, and not about a log. */
export function isIndexError(error: unknown): boolean {
  return (error as { code?: unknown }).code === "ERR_SQLITE_ERROR";
}

/** Whether the error means that other viewers were writing to the file until the waiting time ended. */
export function isBusy(error: unknown): boolean {
  return isIndexError(error) && /database (?:table )?is locked/.test(String(error));
}

/**
 * Whether an error means that the file must be made again. The error's text decides, because Deno does not
 * give the codes of all of SQLite's errors.
 */
export function isDamage(error: unknown): boolean {
  return error instanceof OtherVersion ||
    isIndexError(error) && /not a database|malformed|corrupt/i.test(String(error));
}

/** Opens the file of an index. A damaged file, or one of another version, is replaced by an empty one. */
export function openIndexFile(path: string): IndexFile {
  Deno.mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    return new IndexFile(path);
  } catch (error) {
    if (!isDamage(error)) throw error;
    removeIndexFile(path);
    return new IndexFile(path);
  }
}

/** Removes the file of an index. Another viewer that has it open continues with its own copy. */
export function removeIndexFile(path: string): void {
  for (const ending of ["", "-wal", "-shm"]) {
    try {
      Deno.removeSync(path + ending);
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
}
