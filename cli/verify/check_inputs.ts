/** Checks what a run's log records of code and of annotation files. */
import { nativeSha256 } from "../../adapters/system.ts";
import { isAnnotationText, type RunReader } from "../../core/ports/mod.ts";
import { changedCode, type RunLog } from "../../core/run_log/mod.ts";

/** Changes of code between starts of the run, and of the copies of annotation files, one sentence each. */
export async function changedInputs(run: RunReader, log: RunLog): Promise<readonly string[]> {
  const problems = [...changedCode(log)];
  for (const [name, hash] of annotationFilesOf(log)) {
    const text = await run.readText(name);
    if (text === null || nativeSha256(text) !== hash) problems.push(`"${name}" is missing or was changed`);
  }
  return problems;
}

/** The copies of annotation files, with their latest hashes. A pass that is resumed can have another file. */
function annotationFilesOf({ entries }: RunLog): ReadonlyMap<string, string> {
  const starts = entries.flatMap((entry) => entry.type === "RunStarted" ? [entry.data] : []);
  return new Map(
    starts.filter(({ command }) => command !== "run")
      .flatMap(({ sources = {} }) => Object.entries(sources).filter(([name]) => isAnnotationText(name))),
  );
}
