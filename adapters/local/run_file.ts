/** Finds what a run has recorded about the files that its experiment file or an annotation file names. */
import type { RunReader } from "../../core/ports/mod.ts";
import type { RunRecord } from "../../core/run_log/mod.ts";
import type { FileOfRun } from "../stores/mod.ts";

/** The recorded files, as in {@linkcode RunRecord}. `code` is missing for runs of older versions. */
export type NamedFiles = Pick<RunRecord, "sources" | "code">;

/** The files that a run's experiment or annotation file names; `null` if the file is not the run's own. */
export function filesNamedBy(
  { name, isExperiment }: Pick<FileOfRun, "name" | "isExperiment">,
  { manifest: { sources, code }, log }: Pick<RunReader, "manifest" | "log">,
): NamedFiles | null {
  const events = log.kind === "kept" ? log.log.entries : [];
  const starts = events.flatMap((event) => event.type === "RunStarted" ? [event.data] : []);
  if (isExperiment) {
    const later = starts.filter(({ command }) => command === "run");
    return {
      sources: Object.assign({}, sources, ...later.map((start) => start.sources)),
      code: code && Object.assign({}, code, ...later.map((start) => start.code)),
    };
  }
  const start = starts.findLast(({ sources = {} }) => Object.hasOwn(sources, name));
  return start === undefined ? null : { sources: start.sources!, code: start.code };
}
