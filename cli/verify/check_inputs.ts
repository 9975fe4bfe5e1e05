/** Checks what a run's log records of code and of annotation files, and the vectors of comments. */
import { nativeSha256 } from "../../adapters/system.ts";
import { readVectorModels, readVectors } from "../../core/embedding/mod.ts";
import { isAnnotationText, type RunReader } from "../../core/ports/mod.ts";
import { changedCode, RunError, type RunLog } from "../../core/run_log/mod.ts";

/** Changes of code between starts of the run, and of the copies of annotation files, one sentence each. */
export async function changedInputs(run: RunReader, log: RunLog): Promise<readonly string[]> {
  const problems = [...changedCode(log)];
  for (const [name, { hashes, isThere }] of annotationFilesOf(log)) {
    const text = await run.readText(name);
    const isGood = text === null ? !isThere : hashes.has(nativeSha256(text));
    if (!isGood) problems.push(`"${name}" is missing or was changed`);
  }
  return problems;
}

/** The problem of vectors that cannot be read. No log records vectors, because they can be made again. */
export async function vectorProblems(run: RunReader): Promise<readonly string[]> {
  try {
    for (const model of await readVectorModels(run)) await readVectors(run, model);
    return [];
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    return [error.message];
  }
}

/** What is recorded of the copy of an annotation file: its hashes, and whether it must exist. */
type RecordedFile = Readonly<{ hashes: ReadonlySet<string>; isThere: boolean }>;

/**
 * The copies of annotation files. A pass that is resumed can have another file than before. `run` records the
 * file's hash when it starts, and writes the file when the discussions have ended. So until this start is
 * complete, the file may be missing, or an older file may be there.
 */
function annotationFilesOf({ entries }: RunLog): ReadonlyMap<string, RecordedFile> {
  const files = new Map<string, RecordedFile>();
  let begun: readonly string[] = [];
  for (const { type, data } of entries) {
    if (type === "RunEnded" && data.command === "run" && data.outcome === "complete") {
      for (const name of begun) files.set(name, { ...files.get(name)!, isThere: true });
    }
    if (type !== "RunStarted") continue;
    const recorded = Object.entries(data.sources ?? {}).filter(([name]) => isAnnotationText(name));
    const isRun = data.command === "run";
    if (isRun) begun = recorded.map(([name]) => name);
    for (const [name, hash] of recorded) {
      const { hashes = [], isThere = false } = isRun ? files.get(name) ?? {} : {};
      files.set(name, { hashes: new Set([...hashes, hash]), isThere: isThere || !isRun });
    }
  }
  return files;
}
