/** Works on the run at a place in a database. */
import type { LoadedExperiment } from "../../adapters/local/mod.ts";
import { isAddress, readRun, runAt } from "../../adapters/stores/mod.ts";
import { load } from "../shared/load.ts";
import type { WorkerValues } from "../shared/limits.ts";
import { type ExitCode, UsageError } from "../shared/program.ts";
import type { Io } from "../terminal/text_sink.ts";
import { loadPassOf } from "./load_pass.ts";
import { workTogether } from "./work_on_run.ts";

/** How to work on the run. */
type WorkerCommand = Readonly<{
  values: WorkerValues;
  words: readonly string[];
  /** The experiment to plan first. */
  plans?: LoadedExperiment;
  waits?: boolean;
}>;

/**
 * Works until nothing is left.
 *
 * @throws {UsageError} When the place is a folder.
 */
export async function workAt(
  place: string,
  { values, words, plans, waits }: WorkerCommand,
  io: Io,
): Promise<ExitCode> {
  if (!isAddress(place)) {
    throw new UsageError(
      `Cannot share the run "${place}" among workers: it is a folder. Give a run in a database, such as ` +
        "postgres://HOST/DATABASE/NAME; or divide a run in a folder with run --shard",
    );
  }
  const { queueAt } = await import("../../adapters/queues/mod.ts");
  const { postgresLimitBoard } = await import("../../adapters/stores/postgres/mod.ts");
  const { trust } = values;
  return await workTogether(
    {
      home: await runAt(place),
      openQueue: (warn) => queueAt(place, warn),
      openBoard: () => postgresLimitBoard(place),
      load: () => load(place, { lookForModels: true, trusted: trust, code: "needed" }),
      // The run is read again, because another process has added the pass.
      loadPass: async (pass) => await loadPassOf(await readRun(place), pass, trust),
      plans,
      waits,
    },
    { values, words },
    io,
  );
}
