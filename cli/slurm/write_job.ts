/** Writes the batch scripts of a job. */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { StoreError } from "../../core/ports/mod.ts";
import { explainFailure } from "../../adapters/stores/store_errors.ts";
import { writeTextFile } from "../shared/files.ts";
import { UsageError } from "../shared/program.ts";
import { type Job, LAST_SCRIPT, TASK_SCRIPT } from "./job.ts";
import { lastScript } from "./last_script.ts";
import { taskScript } from "./task_script.ts";

/** The paths of the scripts. */
export type Scripts = Readonly<{ tasks: string; report: string }>;

/**
 * Writes the scripts to the folder of the job.
 *
 * @param options `force` replaces scripts that have another text.
 * @throws {UsageError} When the folder has a script with another text, and `force` is not set.
 * @throws {StoreError} When the folder cannot be written to.
 */
export async function writeJob(job: Job, options: Readonly<{ force: boolean }>): Promise<Scripts> {
  const scripts = [
    [`${job.folder}/${TASK_SCRIPT}`, taskScript(job)],
    [`${job.folder}/${LAST_SCRIPT}`, lastScript(job)],
  ] as const;
  const changed = scripts.filter(([path, text]) => textAt(path) !== text);
  for (const [path] of changed) {
    if (options.force || !existsSync(path)) continue;
    throw new UsageError(
      `Cannot write "${path}": ${
        basename(path)
      } exists with another text, so it was edited or made with other options. ` +
        `Submit it as it is with sbatch, or replace it with --force`,
    );
  }
  for (const [path, text] of changed) await writeTextFile(path, text, { force: true });
  return { tasks: scripts[0][0], report: scripts[1][0] };
}

function textAt(path: string): string | null {
  if (!existsSync(path)) return null;
  try {
    return Deno.readTextFileSync(path);
  } catch (cause) {
    throw new StoreError(explainFailure("read", path, cause), { cause });
  }
}
