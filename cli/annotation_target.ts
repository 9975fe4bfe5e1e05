/** What a command on annotations works on: a run, or one of its logs. */
import { openLogs } from "./logs.ts";
import { UsageError } from "./usage_error.ts";

/** A run, and those of its discussions that are meant. */
export type AnnotationTarget = Readonly<{
  folder: string;
  /** The run's own seed. */
  seed: string;
  discussions: readonly string[];
}>;

/**
 * Finds the run.
 *
 * @param path A run's folder, or a log in one.
 * @throws {UsageError} When it is a log outside of a run.
 * @throws {RunFolderError} When there is no run in the folder.
 */
export async function openTarget(path: string): Promise<AnnotationTarget> {
  const logs = openLogs(path);
  if (logs.run === null) {
    throw new UsageError(
      `Cannot work on the annotations of "${path}": it lies outside of a run's folder; give a log in a run's folder, or the folder`,
    );
  }
  const { path: folder, manifest } = logs.run;
  const discussions = await Array.fromAsync(logs.discussions());
  return { folder, seed: String(manifest.seed ?? manifest.fingerprint), discussions: discussions.sort() };
}
