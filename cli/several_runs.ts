/** Runs that are read together: each once, and no discussion in two of them. */
import { existsSync, realpathSync } from "node:fs";
import { basename, resolve } from "node:path";
import { firstLineOf } from "../adapters/stores/mod.ts";
import { StoreError } from "../core/ports/mod.ts";
import { openRunLogs } from "./logs.ts";
import { UsageError } from "./usage_error.ts";

/** The logs of a run. */
export type RunLogs = ReturnType<typeof openRunLogs>;

/**
 * Opens runs. They go by their folders' names, or by their paths where two have the same name.
 *
 * @param folders The runs' folders.
 * @returns The runs by name.
 * @throws {RunFolderError} When there is no run in one of them.
 * @throws {UsageError} When one is named twice, through links too.
 * @throws {StoreError} When one is a copy of another, or holds a copy of some of its logs.
 */
export async function openRuns(folders: readonly string[]): Promise<ReadonlyMap<string, RunLogs>> {
  const paths = folders.map((folder) => existsSync(folder) ? realpathSync(folder) : resolve(folder));
  const again = paths.findIndex((path, index) => paths.indexOf(path) !== index);
  if (again !== -1) {
    throw new UsageError(`Cannot read the run "${folders[again]}" twice: name each run once`);
  }
  const names = folders.map((folder) => basename(resolve(folder)));
  const areUnique = new Set(names).size === names.length;
  const runs = new Map(
    folders.map((folder, index) => [areUnique ? names[index]! : folder, openRunLogs(folder)]),
  );
  if (runs.size > 1) await refuseCopies(runs.values());
  return runs;
}

/** Runs of one experiment hold discussions of the same names; only copies begin with the same line. */
async function refuseCopies(runs: Iterable<RunLogs>): Promise<void> {
  const files = new Map<string, string[]>();
  for (const logs of runs) {
    for await (const discussion of logs.discussions()) {
      const file = logs.fileOf(discussion);
      const others = files.get(discussion);
      if (others === undefined) {
        files.set(discussion, [file]);
        continue;
      }
      const line = firstLineOf(file);
      const copy = line === null ? undefined : others.find((other) => firstLineOf(other) === line);
      if (copy !== undefined) {
        throw new StoreError(
          `Cannot read the discussion "${discussion}" twice: "${copy}" and "${file}" are of the same discussion. ` +
            `Leave out the run that is a copy`,
        );
      }
      others.push(file);
    }
  }
}
