/** Says how a fork that already exists is resumed, when the run that it continues has changed or moved. */
import { join } from "node:path";
import { RUNS_FOLDER } from "../../adapters/local/mod.ts";
import { nameOfRun, readRun } from "../../adapters/stores/mod.ts";
import { readDocument } from "../../core/experiment/mod.ts";
import { recordOf } from "../../core/experiment/document.ts";
import { pastSourceIn } from "../../core/experiment/past.ts";
import { RunError } from "../../core/run_log/mod.ts";
import { ownCommand, UsageError } from "../shared/program.ts";

const NAME_LENGTH_MAX = 100;

/** The name of a fork of a run with this name. */
export function forkName(name: string, turn: number): string {
  const end = `-after-turn-${turn}`;
  return name.slice(0, NAME_LENGTH_MAX - end.length) + end;
}

/**
 * A fork: the run that it continues after turn `at`, and its folder `out`; `undefined` for the default
 * folder.
 */
type Place = Readonly<{ run: string; at: number; out: string | undefined }>;

/**
 * Does something that needs the run. If it fails although the fork already exists, the error also says how to resume the
 * fork from its own copies.
 */
export async function hintingAtFork<T>(place: Place, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const isUsage = error instanceof UsageError;
    const isOther = error instanceof RunError &&
      (error.kind === "not-a-run" || error.kind === "other-experiment");
    if (!isUsage && !isOther) throw error;
    const folder = place.out ?? join(RUNS_FOLDER, forkName(nameOfRun(place.run), place.at));
    if (!await isForkOf(folder, place)) throw error;
    const message = `${error.message}. To resume the fork in "${folder}" from its own copies, use:\n  ` +
      ownCommand("run", folder);
    throw isUsage
      ? new UsageError(message, { cause: error })
      : new RunError(error.kind, message, { cause: error });
  }
}

async function isForkOf(folder: string, { run, at }: Place): Promise<boolean> {
  try {
    const { experimentText } = await readRun(folder);
    if (experimentText === null) return false;
    const past = pastSourceIn(recordOf(readDocument(experimentText, folder).value));
    return past !== null && past.run === nameOfRun(run) && past.at === at;
  } catch (error) {
    if (error instanceof RunError) return false;
    throw error;
  }
}
