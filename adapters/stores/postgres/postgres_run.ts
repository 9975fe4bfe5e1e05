/** Runs in PostgreSQL databases, behind the port of runs. */
import {
  type CopiedDiscussion,
  DESCRIPTION_FILES,
  type PausedModel,
  type RunCopy,
  type RunHome,
  type RunReader,
} from "../../../core/ports/mod.ts";
import {
  hasLook,
  importedManifest,
  manifestText,
  peopleOf,
  type ResultsViewed,
  RunError,
} from "../../../core/run_log/mod.ts";
import { requireDeno } from "../../system.ts";
import { type Address, parseAddress } from "./address.ts";
import { Connection, type Sql } from "./connection.ts";
import { isWithoutTables, unusable } from "./database_errors.ts";
import { describe, describeReached, existingRun, noRun, type RunPlace, runRow } from "./description.ts";
import { importerOf, type OpenedRun, readerOf, sharedRunOf, writerOf, type Writing } from "./opened_run.ts";
import { pausedOnBoard } from "./paused_models.ts";
import { PostgresPersonKeys } from "./person_keys.ts";
import { insertLines, receiveFiles } from "./run_files.ts";
import { findRun, lockDescription, readRecorded, type RunRow, writeFile } from "./run_rows.ts";
import { isSetUp, setUp } from "./setup.ts";
import { SharedLog } from "./shared_log.ts";
import { holdersOf, type Share, WriterSession } from "./writer_session.ts";

/** The most connections of a reader, which asks for several things at the same time. */
const READING_CONNECTIONS_MAX = 4;

/** Copied discussions are written together up to this many characters. */
const COPIED_TOGETHER = 4 * 1024 * 1024;

/**
 * A run in a database. The first run that is made in a database makes the tables, too.
 *
 * @param place Such as `postgres://ann@db.example.org/lab/pilot`: the database `lab`, and the run `pilot` in it.
 * @throws {RangeError} If it is not the address of a run.
 * @throws {Error} On Node.js.
 */
export function postgresRun(place: string): RunHome {
  requireDeno(`use the run "${place}"`);
  const address = parseAddress(place);
  if (address.run === null) {
    throw new RangeError(
      `Cannot use the address "${place}": it names no run. Add its name: postgres://HOST/DATABASE/RUN`,
    );
  }
  return new PostgresRun(address, { name: address.run, place });
}

/** Whether the run existed, and the run. */
type Found = Readonly<{ run: RunRow; existed: boolean }>;

/** What is done when a run is opened for writing, in one transaction. */
type Described = (sql: Sql, found: Found) => Promise<void>;

class PostgresRun implements RunHome {
  readonly place: string;
  readonly #address: Address;
  readonly #run: RunPlace;
  readonly #reading: Connection;

  constructor(address: Address, run: RunPlace) {
    this.place = run.place;
    this.#address = address;
    this.#run = run;
    this.#reading = new Connection(address, { max: READING_CONNECTIONS_MAX, isKept: false });
  }

  async open(...[run, { part } = {}]: Parameters<RunHome["open"]>) {
    const share: Share = part === undefined ? { kind: "whole" } : { kind: "part", part };
    return await this.#write(share, writerOf, (sql, found) => describe(sql, found, run), true);
  }

  async reopen({ part, reaching }: Parameters<RunHome["reopen"]>[0] = {}) {
    const share: Share = part === undefined ? { kind: "whole" } : { kind: "part", part };
    return await this.#write(share, writerOf, async (sql, { run }) => {
      if (reaching !== undefined) await describeReached(sql, run, reaching);
    });
  }

  async join({ run, reaching }: Parameters<RunHome["join"]>[0] = {}) {
    return await this.#write({ kind: "shared" }, sharedRunOf, async (sql, found) => {
      if (run !== undefined) await describe(sql, found, run);
      if (reaching !== undefined) await describeReached(sql, found.run, reaching);
    }, run !== undefined);
  }

  async openImport(description: Parameters<RunHome["openImport"]>[0]) {
    return await this.#write({ kind: "whole" }, importerOf, async (sql, { run, existed }) => {
      if (!existed) {
        const content = manifestText(importedManifest(run.name, description));
        return await writeFile(sql, run.id, { name: DESCRIPTION_FILES.manifest, content });
      }
      const { manifest } = await readRecorded(sql, run);
      if (manifest.experiment.file === null) return;
      throw new RunError(
        "other-experiment",
        `Cannot import into "${run.place}": it holds the run of an experiment. Choose another name`,
      );
    }, true);
  }

  async read(): Promise<RunReader> {
    return await this.#asked("open", async () => {
      const opened = await this.#reading.run((sql) => this.#opened(sql));
      return await readerOf({ ...opened, connection: this.#reading });
    });
  }

  async recordLook(look: ResultsViewed["data"], atMs: number): Promise<void> {
    await this.#asked("write to", async () => {
      const { run, recorded } = await this.#reading.run((sql) => this.#opened(sql));
      if (recorded.log.kind === "broken") {
        throw new RunError("unusable", `${recorded.log.message}. Restore the database from a backup`);
      }
      if (recorded.log.kind === "none" || hasLook(recorded.log.log, look)) return;
      await new SharedLog(this.#reading, run).append(
        (log) => log === null || hasLook(log, look) ? null : { type: "ResultsViewed", data: look },
        atMs,
      );
    });
  }

  async withdraw(person: string, atMs: number): Promise<void> {
    await this.#asked("write to", async () => {
      const { run, recorded } = await this.#reading.run((sql) => this.#opened(sql));
      await new PostgresPersonKeys(this.#reading, run.id).withdraw(person);
      if (recorded.log.kind !== "kept") return;
      await new SharedLog(this.#reading, run).append(
        (log) =>
          log === null || peopleOf(log).withdrew.has(person)
            ? null
            : { type: "PersonWithdrew", data: { person } },
        atMs,
      );
    });
  }

  async holders(): Promise<readonly string[]> {
    return await this.#asked("look at", () =>
      this.#reading.run(async (sql) => {
        if (!await isSetUp(sql, this.#address)) return [];
        const id = await findRun(sql, this.#run.name);
        return id === null ? [] : await holdersOf(sql, id);
      }));
  }

  async pausedModels(): Promise<readonly PausedModel[]> {
    return await this.#asked("look at", () =>
      this.#reading.run(async (sql) => {
        if (!await isSetUp(sql, this.#address)) return [];
        const id = await findRun(sql, this.#run.name);
        // The pauses of workers that died have ended with them.
        return id === null || (await holdersOf(sql, id)).length === 0 ? [] : await pausedOnBoard(sql, id);
      }));
  }

  async receive({ files, discussions }: RunCopy): Promise<void> {
    await this.#asked("copy a run to", async () => {
      await setUp(this.#reading);
      await this.#reading.once(async (sql) => {
        // To read the next discussion can take a long time.
        await sql`set local idle_in_transaction_session_timeout = 0`;
        await lockDescription(sql, this.#run.name);
        const { run, existed } = await runRow(sql, this.#run);
        if (existed) {
          throw new RunError(
            "unusable",
            `Cannot copy a run to "${run.place}": there is a run with this name. Choose another name`,
          );
        }
        await receiveFiles(sql, run, files);
        let batch: CopiedDiscussion[] = [];
        let characters = 0;
        const flush = async () => {
          await insertLines(sql, run.id, batch);
          batch = [];
          characters = 0;
        };
        for await (const discussion of discussions) {
          batch.push(discussion);
          for (const line of discussion.lines) characters += line.length;
          if (characters >= COPIED_TOGETHER) await flush();
        }
        await flush();
      });
    });
  }

  /**
   * Opens the run for writing.
   *
   * @param mayMake Whether a missing run is made.
   */
  async #write<Run>(
    share: Share,
    opened: (writing: Writing) => Promise<Run>,
    described: Described,
    mayMake = false,
  ): Promise<Run> {
    let session: WriterSession | null = null;
    const connection = new Connection(this.#address, {
      max: 1,
      isKept: true,
      onEnd: () => session?.connectionEnded(),
    });
    try {
      return await this.#asked("open", async () => {
        if (!mayMake && !await connection.run((sql) => isSetUp(sql, this.#address))) throw noRun(this.place);
        await setUp(connection);
        const writer = session = await WriterSession.begin(connection);
        let found: Found | null = null;
        const { run, recorded } = await writer.start(this.#run, share, {
          find: async (sql) => {
            found = mayMake
              ? await runRow(sql, this.#run)
              : { run: await existingRun(sql, this.#run), existed: true };
            return found.run;
          },
          open: async (sql) => {
            await described(sql, found!);
            return { run: found!.run, recorded: await readRecorded(sql, found!.run) };
          },
        });
        return await opened({ run, recorded, connection, session: writer, share, resumed: found!.existed });
      });
    } catch (error) {
      await (session as WriterSession | null)?.close();
      await connection.end();
      throw error;
    }
  }

  async #opened(sql: Sql): Promise<Omit<OpenedRun, "connection">> {
    if (!await isSetUp(sql, this.#address)) throw noRun(this.place);
    const run = await existingRun(sql, this.#run);
    return { run, recorded: await readRecorded(sql, run) };
  }

  async #asked<T>(action: string, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask();
    } catch (cause) {
      throw isWithoutTables(cause) ? noRun(this.place) : unusable(`${action} the run`, this.#address, cause);
    }
  }
}
