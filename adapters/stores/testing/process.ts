/** A program that tests start as a process. Usage: ACTION FOLDER [ARGUMENTS] */
import { folderRun } from "../folder_run.ts";
import { JsonlEventStore } from "../jsonl_event_store.ts";
import { makeRunFolder } from "../run_files.ts";
import { folderPersonKeys } from "../person_keys.ts";
import { openRunFolder } from "../run_folder.ts";
import { addToRunLog, readRunLog } from "../run_log.ts";
import { RunLogFile } from "../run_log_file.ts";
import { sampleRun } from "../../../core/testing/sample_run.ts";

const STREAMS = 8;

const ENDED = {
  type: "RunEnded",
  data: { command: "run", outcome: "complete", reason: null, discussions: { ended: 1, failed: 0 } },
} as const;

/** Action → its function. */
const ACTIONS: Readonly<Record<string, (folder: string, ...args: string[]) => Promise<unknown>>> = {
  /** Appends to several streams forever, and writes a line `STREAM SEQ` for each acknowledged event. */
  "append-until-killed": (folder) => {
    const store = new JsonlEventStore(folder);
    return Promise.all(Array.from({ length: STREAMS }, async (_, index) => {
      const stream = `stream-${index}`;
      let seq = 0;
      for await (const _ of store.read(stream)) seq++;
      for (;; seq++) {
        await store.append(stream, seq, [
          JSON.stringify({ stream, seq, text: "some text ".repeat(seq % 50) }),
        ]);
        write(`${stream} ${seq}`);
      }
    }));
  },

  /**
   * Adds events to the log of a run and to its discussions forever, and writes how many were added to the run's
   * log.
   */
  "record-until-killed": async (folder) => {
    const run = await folderRun(folder).open(sampleRun());
    const started = {
      type: "RunStarted",
      data: { command: "run", options: {}, models: {}, versions: {}, code: {} },
    } as const;
    for (let discussion = 0;; discussion++) {
      const stream = `${Deno.pid}-${discussion}`;
      const line = `{"stream":"${stream}","hash":"${String(discussion % 10).repeat(64)}"}`;
      await run.store.append(stream, 0, [line]);
      await run.record(started, Date.now());
      await run.record(ENDED, Date.now());
      write(run.log.kind === "kept" ? run.log.log.entries.length : 0);
    }
  },

  /** Makes keys of people P0, P1, … and writes each. Stops after COUNT keys, or never. */
  "make-keys": async (folder, count) => {
    const keys = folderPersonKeys(folder);
    for (let person = 0; count === undefined || person < Number(count); person++) {
      const key = await keys.make(`P${person}`);
      write(`P${person} ${key === "withdrawn" ? key : key.toBase64()}`);
    }
  },

  /** Appends two lines to each of many streams, without releasing any. */
  "append-to-many": async (folder, streams) => {
    const store = new JsonlEventStore(folder, { durable: false });
    for (const seq of [0, 1]) {
      for (let stream = 0; stream < Number(streams); stream++) {
        await store.append(`s${stream}`, seq, [String(seq)]);
      }
    }
    await store.close();
  },

  /**
   * Opens a run folder, or its part INDEX of COUNT. Writes `open` or the error. Keeps the folder open until stdin
   * ends.
   */
  "hold-run": async (folder, index, count) => {
    const part = index === undefined ? undefined : { index: Number(index), count: Number(count) };
    try {
      await openRunFolder(folder, sampleRun(), part && { part });
      write("open");
      for await (const _ of Deno.stdin.readable);
    } catch (error) {
      write(error instanceof Error ? error.message : error);
    }
  },

  /**
   * Adds an event to a run's log, and dies before it writes the manifest. The event extends the plan, or makes the
   * run.
   */
  "add-event-and-die": async (folder, discussions) => {
    const { manifest, nowMs } = sampleRun();
    await makeRunFolder(folder);
    const state = readRunLog(folder, null);
    const log = state.kind === "kept" ? state.log : null;
    const plan = { ...manifest.plan, discussions: Number(discussions) };
    const event = log === null
      ? { type: "RunCreated", data: manifest } as const
      : { type: "PlanExtended", data: { experiment: manifest.experiment, plan } } as const;
    await addToRunLog(new RunLogFile(folder), { event, nowMs });
    Deno.kill(Deno.pid, "SIGKILL");
  },
};

function write(line: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

const [action, folder, ...args] = Deno.args;
await ACTIONS[action!]!(folder!, ...args);
