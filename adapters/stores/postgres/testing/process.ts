/** A program that tests start as a process. Usage: ACTION PLACE [ARGUMENTS] */
import { sampleRun } from "../../../../core/testing/sample_run.ts";
import type { EventStore } from "../../../../core/ports/mod.ts";
import { postgresLimitBoard } from "../limit_board.ts";
import { postgresRun } from "../postgres_run.ts";

/** Action → its function. */
const ACTIONS: Readonly<Record<string, (place: string, ...args: string[]) => Promise<unknown>>> = {
  /**
   * Opens the whole run, and appends to a stream until it fails. Writes a line for each event, and the name of the
   * error.
   */
  "write-alone": async (place, stream) => {
    const run = await postgresRun(place).open(sampleRun());
    await appendUntilRefused(run.store, stream!);
  },

  /** Joins the run, claims a stream, and appends to it until this fails. */
  "write-together": async (place, stream) => {
    const run = await postgresRun(place).join({ run: sampleRun() });
    await run.claim(stream!);
    await appendUntilRefused(run.store, stream!);
  },

  /**
   * Exchanges reports with the limit board of the run, one after the other. Writes a line for each, or its error. A
   * process that is stopped again and again can be late.
   */
  exchange: async (place) => {
    const board = postgresLimitBoard(place);
    for (let nth = 1;; nth++) {
      const report = { worker: "frozen", nth, requestMs: 1_000, limits: {}, pauses: {} };
      write(await board.exchange(report).then(() => nth, String));
    }
  },
};

async function appendUntilRefused(store: EventStore, stream: string): Promise<void> {
  let seq = (await Array.fromAsync(store.read(stream))).length;
  try {
    for (;; seq++) {
      await store.append(stream, seq, [JSON.stringify({ process: Deno.pid, seq })]);
      write(seq);
    }
  } catch (error) {
    write(error instanceof Error ? error.name : error);
  }
}

function write(line: unknown): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

const [action, place, ...args] = Deno.args;
await ACTIONS[action!]!(place!, ...args);
Deno.exit();
