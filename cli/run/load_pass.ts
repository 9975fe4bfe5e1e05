/** Loads an annotation pass of a run from the copies that the run keeps. */
import type { LoadedAnnotation } from "../../adapters/local/mod.ts";
import { codeOfRun, neededCode, ownTrust } from "../../adapters/local/code_access.ts";
import { runSources } from "../../adapters/local/file_sources.ts";
import { readAnnotation } from "../../adapters/local/load_experiment.ts";
import { filesNamedBy } from "../../adapters/local/run_file.ts";
import { folderOfRun } from "../../adapters/stores/mod.ts";
import { RUN_TEXTS, type RunReader } from "../../core/ports/mod.ts";
import { RunError } from "../../core/run_log/mod.ts";
import { TRUST } from "../shared/run_rules.ts";
import { readVariable } from "../terminal/text_sink.ts";

/**
 * Loads a pass that another process has added to the run.
 *
 * @param run The run, with a log that includes the start of the pass.
 * @param trusted Whether the user trusts all code of the run.
 * @throws {RunError} If the run has no copy of the annotation file.
 */
export async function loadPassOf(run: RunReader, pass: string, trusted: boolean): Promise<LoadedAnnotation> {
  const name = RUN_TEXTS.annotation(pass);
  const text = await run.readText(name);
  const named = filesNamedBy({ name, isExperiment: false }, run);
  if (text === null || named === null) {
    throw new RunError(
      "unusable",
      `Cannot annotate in the pass "${pass}" of the run "${run.place}": the run has no copy of its annotation file. ` +
        "Give the command annotate again",
    );
  }
  const code = codeOfRun(run, named.code, ownTrust(trusted, readVariable));
  const source = {
    path: name,
    text,
    folder: folderOfRun(run.place),
    sources: runSources(run, named.sources),
  };
  const seed = String(run.manifest.seed ?? run.manifest.fingerprint);
  return await readAnnotation(source, { seed, pass, code: neededCode(code, TRUST) });
}
