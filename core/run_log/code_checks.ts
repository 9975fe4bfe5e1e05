/** Checks what a run's log says about the code of a researcher. */
import type { RunLog } from "./run_log.ts";

/**
 * The changes of code files between two starts of the run. Each change is a sentence. Only starts of the
 * command `run` count, because an annotation pass can use different code.
 */
export function changedCode({ record, entries }: RunLog): readonly string[] {
  const changes: string[] = [];
  for (const [path, { sha256 }] of Object.entries(record.code ?? {})) {
    let before = sha256;
    for (const entry of entries) {
      if (entry.type !== "RunStarted" || entry.data.command !== "run") continue;
      const { sha256: now = before } = entry.data.code[path] ?? {};
      if (now === before) continue;
      changes.push(`the code of "${path}" changed before the start of ${entry.at}`);
      before = now;
    }
  }
  return changes;
}

/** The code files with imports that the run has no copies of. Each file is a sentence. */
export function codeWithoutCopies({ record, entries }: RunLog): readonly string[] {
  const starts = entries.flatMap((entry) => entry.type === "RunStarted" ? [entry.data.code] : []);
  const all = [record.code ?? {}, ...starts].flatMap(Object.entries);
  const sentences = all.flatMap(([path, { imports = [] }]) =>
    imports.length === 0
      ? []
      : [`the code of "${path}" imports what the run has no copy of: ${imports.join(", ")}`]
  );
  return [...new Set(sentences)];
}
