/** Loads the rules and the experiment of a run. Runs code that came with the run only if the user trusts it. */
import { dirname, resolve } from "node:path";
import { type LoadedExperiment, readExperiment } from "../../adapters/local/mod.ts";
import { nativeSha256 } from "../../adapters/system.ts";
import { fileSources } from "../../adapters/local/file_sources.ts";
import {
  type CodeAccess,
  codeOfRun,
  type LoadedExtensions,
  loadExtensions,
  NO_CODE,
} from "../../adapters/local/load_extensions.ts";
import type { RunReader } from "../../core/ports/mod.ts";
import type { Rules } from "../../core/discussion/mod.ts";
import {
  ExperimentError,
  type ExtensionPath,
  extensionPathsOf,
  readDocument,
} from "../../core/experiment/mod.ts";
import { moderationSchedules } from "../../core/moderation/mod.ts";
import { turnTakingStrategies } from "../../core/turn_taking/mod.ts";
import { UsageError } from "./program.ts";

/** The option that allows a command to run a run's code, and to read files outside its folder. */
export const TRUST_CODE = "--trust-code";

/** The rules of a run. */
export type RunRules = Readonly<{
  rules: Rules;
  /** Code files of the experiment that were not run. */
  notRun: readonly string[];
}>;

/**
 * The rules of a run, or of a log outside a run's folder. Runs the run's code only if the user trusts it.
 *
 * @throws {UsageError} When trusted code cannot be run, or has changed since the run.
 */
export async function rulesOf(run: RunReader | null, trusted: boolean): Promise<RunRules> {
  if (run === null || run.experimentText === null) {
    const rules = {
      strategies: turnTakingStrategies(),
      schedules: moderationSchedules(),
      sha256: nativeSha256,
    };
    return { rules, notRun: [] };
  }
  const named = extensionPathsOf(readDocument(run.experimentText, run.place));
  const { known } = await loadExtensions(named, run.place, { code: accessTo(run, trusted) });
  if (trusted) refuseUnloadable(run.place, named, known);
  const { strategies, schedules, unloaded = [], unloadable = new Map() } = known;
  return {
    rules: { strategies, schedules, sha256: nativeSha256 },
    notRun: [...unloaded, ...(trusted ? unloadable.keys() : [])],
  };
}

/**
 * Reads a run's experiment from its folder. If the user trusts the folder, also runs its code and reads files outside it.
 *
 * @throws {ExperimentError} When the experiment cannot be read in its original form.
 */
export async function experimentOf(run: RunReader, trusted: boolean): Promise<LoadedExperiment> {
  const source = sourceOf(run, trusted);
  const code = accessTo(run, trusted);
  try {
    return await readExperiment(source, { code });
  } catch (error) {
    if (!trusted || !(error instanceof ExperimentError)) throw error;
    // No model is asked, so adapters that cannot be loaded are not needed.
    return await readExperiment(source, {
      code: (name, kind) => kind === "adapter" ? "left" : code(name, kind),
    });
  }
}

/**
 * Reads a changed form of a run's experiment, to run it. The files that it names come from the run, and the past of its
 * discussions is given.
 *
 * @throws {ExperimentError} When the experiment is wrong, or names code that the user does not trust.
 */
export async function changedExperimentOf(
  run: RunReader,
  trusted: boolean,
  { text, past }: Readonly<{ text: string; past: string }>,
): Promise<LoadedExperiment> {
  const source = sourceOf(run, trusted);
  const sources = { ...source.sources, readPast: () => Promise.resolve(past) };
  const refused = `it comes with the run "${run.place}". Read the code, then give ${TRUST_CODE}`;
  const code: CodeAccess = trusted ? codeOfRun(run) : () => ({ refused });
  const { folder } = source;
  return await readExperiment({ path: "experiment.yaml", text, folder, sources }, {
    lookForModels: true,
    code,
  });
}

function sourceOf(run: RunReader, trusted: boolean) {
  const path = run.manifest.experiment.file!;
  const folder = dirname(resolve(path));
  const sources = {
    readText: (name: string) =>
      trusted ? run.input(name).catch(() => fileSources(folder).readText(name)) : run.input(name),
  };
  return { path, text: run.experimentText!, folder, sources };
}

function accessTo(run: RunReader, trusted: boolean): CodeAccess {
  return trusted ? codeOfRun(run) : NO_CODE;
}

/** Refuses a trusted run if the code of a rule cannot be loaded. Adapters may be missing, because no model is asked. */
function refuseUnloadable(
  run: string,
  named: readonly ExtensionPath[],
  { unloadable }: LoadedExtensions["known"],
): void {
  for (const { kind, path } of named) {
    const reason = kind === "adapter" ? undefined : unloadable?.get(path);
    if (reason === undefined) continue;
    throw new UsageError(
      `Cannot run "${path}", a rule of the run "${run}": ${reason}. ` +
        `Put the file back, or leave ${TRUST_CODE} out to read the run without this rule`,
    );
  }
}
