/** Runs that are open: for reading, for writing, for an import, and together with other processes. */
import {
  checkTextName,
  type ImportWriter,
  inputName,
  type Recorded,
  recordingEnds,
  type RunReader,
  type RunWriter,
  type SharedRun,
} from "../../../core/ports/mod.ts";
import { manifestOf, manifestText, type RunEvent } from "../../../core/run_log/mod.ts";
import { nativeSha256, systemClock } from "../../system.ts";
import { AppendQueue } from "./append_queue.ts";
import type { Connection, Sql } from "./connection.ts";
import { unusable } from "./database_errors.ts";
import { PostgresEventStore } from "./event_store.ts";
import { Notices } from "./notices.ts";
import { PostgresPersonKeys } from "./person_keys.ts";
import { filesOf } from "./run_files.ts";
import { keepInputs, readFile, readTextFile, type RunRow, writeFile } from "./run_rows.ts";
import { SharedLog } from "./shared_log.ts";
import type { Share, WriterSession } from "./writer_session.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What is known of a run when it is opened. */
export type OpenedRun = Readonly<{ run: RunRow; recorded: Recorded; connection: Connection }>;

/** A run that is open for reading. */
export async function readerOf({ run, recorded, connection }: OpenedRun): Promise<RunReader> {
  const keys = new PostgresPersonKeys(connection, run.id);
  await keys.persons();
  const notices = new Notices(connection, run.id);
  const store = new PostgresEventStore({ connection, run: run.id, notices, keys });
  return { ...partsOf({ run, recorded, connection }), store };
}

/** How a run was opened for writing. */
export type Writing = OpenedRun & Readonly<{ session: WriterSession; share: Share; resumed: boolean }>;

/** A run that is open for writing, and records the ends of its discussions' logs. */
export async function writerOf(writing: Writing): Promise<RunWriter> {
  return recordingEnds(await plainWriter(writing), systemClock.now);
}

/** A run that is shared with other processes. */
export async function sharedRunOf(writing: Writing): Promise<SharedRun> {
  const { session, run: { place } } = writing;
  const writer = await plainWriter(writing);
  let isOpen = true;
  const checkOpen = () => {
    if (!isOpen) throw closed(place);
  };
  return recordingEnds({
    ...writer,
    get log() {
      return writer.log;
    },
    get manifest() {
      return writer.manifest;
    },
    claim: (stream: string) => asking("claim a stream of", writing, checkOpen, () => session.claim(stream)),
    unclaim: (stream: string) =>
      asking("give back a stream of", writing, () => {}, () => session.unclaim(stream)),
    close() {
      isOpen = false;
      return writer.close();
    },
  }, systemClock.now);
}

/** This many imported discussions are written together. */
const IMPORTED_TOGETHER = 256;

/** A run that is open for an import. */
export async function importerOf(writing: Writing): Promise<ImportWriter> {
  const { connection, run, session } = writing;
  const writer = await plainWriter(writing);
  let { manifest } = writing.recorded;
  let waiting: Promise<void>[] = [];
  const flush = async () => {
    const batch = waiting;
    waiting = [];
    const failed = (await Promise.allSettled(batch)).find(({ status }) => status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
  };
  return {
    ...writer,
    async importStream(stream, lines) {
      const append = writer.store.append(stream, 0, lines);
      append.catch(() => {});
      if (waiting.push(append) >= IMPORTED_TOGETHER) await flush();
    },
    flush,
    recordImport: (sources, plan) =>
      asking("write to", writing, () => {}, async () => {
        manifest = { ...manifest, sources: { ...manifest.sources, ...sources }, plan };
        const content = manifestText(manifest);
        await connection.transaction(async (sql) => {
          await session.check(sql);
          await writeFile(sql, run.id, { name: "manifest.json", content });
        });
      }),
    async close() {
      try {
        await flush();
      } finally {
        await writer.close();
      }
    },
  };
}

async function plainWriter(
  { run, recorded, connection, session, share, resumed }: Writing,
): Promise<RunWriter> {
  const keys = new PostgresPersonKeys(connection, run.id);
  await keys.persons();
  const notices = new Notices(connection, run.id);
  const queue = new AppendQueue(connection, {
    run: run.id,
    tokensOf: share.kind === "shared" ? "claims" : "writers",
    tokenOf: (stream) => session.tokenOf(share, stream),
    onGrowth: (streams) => notices.announce(streams),
  });
  const store = new PostgresEventStore({ connection, run: run.id, notices, keys, queue });
  let { log, manifest } = recorded;
  const sharedLog = new SharedLog(connection, run, log.kind === "kept" ? log.log : null);
  let isOpen = true;
  const checkOpen = () => {
    if (!isOpen) throw closed(run.place);
  };
  const writing = (work: (sql: Sql, tries: number) => Promise<void>) =>
    asking("write to", { run }, checkOpen, () =>
      connection.transaction(async (sql, tries) => {
        await session.check(sql);
        await work(sql, tries);
      }));
  /** The last recording of an event. The next recording waits for it. */
  let recording: Promise<unknown> = Promise.resolve();
  const record = async (event: RunEvent, atMs: number) => {
    if (log.kind !== "kept") return false;
    const after = await asking(
      "write to",
      { run },
      () => {},
      () => sharedLog.append(event, atMs, (sql) => session.check(sql)),
    );
    log = { kind: "kept", log: after! };
    manifest = manifestOf(log.log);
    return true;
  };
  return {
    ...recorded,
    ...partsOf({ run, recorded, connection }),
    get log() {
      return log;
    },
    get manifest() {
      return manifest;
    },
    resumed,
    store: whileOpen(store, checkOpen),
    record: (event, atMs) =>
      Promise.try(() => {
        checkOpen();
        const recorded = recording.then(() => record(event, atMs));
        recording = recorded.catch(() => {});
        return recorded;
      }),
    keepInputs: (inputs) => writing((sql) => keepInputs(sql, run.id, inputs)),
    writeText: (name, text) =>
      Promise.try(() => {
        checkTextName(name);
        return writing((sql) => writeFile(sql, run.id, { name, content: text }));
      }),
    appendText: (name, line) =>
      Promise.try(() => {
        checkTextName(name);
        if (line.includes("\n")) {
          throw new RangeError(`Cannot append to "${name}": the line contains a newline`);
        }
        let before: string | null = null;
        return writing(async (sql, tries) => {
          const text = await readTextFile(sql, run.id, name) ?? "";
          // An earlier try, which broke off, can have added the line.
          if (tries > 0 && text === `${before}${line}\n`) return;
          before ??= text;
          await writeFile(sql, run.id, { name, content: `${text}${line}\n` });
        });
      }),
    async close() {
      isOpen = false;
      await recording;
      await queue.idle();
      await notices.close();
      await session.close();
      await connection.end();
    },
  };
}

function partsOf({ run, recorded, connection }: OpenedRun): Omit<RunReader, "store"> {
  return {
    ...recorded,
    place: run.place,
    input: async (
      path,
      sha256 = Object.hasOwn(recorded.manifest.sources, path) ? recorded.manifest.sources[path]! : "",
    ) => {
      const name = inputName(path, sha256);
      const content = name === null
        ? null
        : await asking("read", { run }, () => {}, () => connection.run((sql) => readFile(sql, run.id, name)));
      if (content === null) throw new Error("the run holds no copy of it");
      const text = decoder.decode(content);
      if (nativeSha256(text) !== sha256) throw new Error("the copy in the run was changed");
      return text;
    },
    readText: (name) =>
      Promise.try(() => {
        checkTextName(name);
        return asking("read", { run }, () => {}, () =>
          connection.run((sql) =>
            readTextFile(sql, run.id, name)
          ));
      }),
    files: (chosen) => filesOf(connection, run, { recorded, ...chosen }),
  };
}

function closed(place: string): TypeError {
  return new TypeError(`Cannot write to the run "${place}": it is closed`);
}

/** Explains errors of the database. */
async function asking<T>(
  action: string,
  { run }: Readonly<{ run: RunRow }>,
  check: () => void,
  ask: () => Promise<T>,
): Promise<T> {
  check();
  try {
    return await ask();
  } catch (cause) {
    throw unusable(`${action} the run`, run, cause);
  }
}

function whileOpen(store: PostgresEventStore, checkOpen: () => void): RunWriter["store"] {
  return {
    keys: store.keys,
    append: (stream, expectedSeq, lines) =>
      Promise.try(() => {
        checkOpen();
        return store.append(stream, expectedSeq, lines);
      }),
    read: (stream, from) => store.read(stream, from),
    readAhead: (streams) => store.readAhead(streams),
    follow: (stream, options) => store.follow(stream, options),
    streams: () => store.streams(),
    sizes: (streams) => store.sizes(streams),
    release: () => {},
    locate: (stream) => store.locate(stream),
  };
}
