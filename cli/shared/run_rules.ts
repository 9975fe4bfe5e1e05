/** Loads the rules and the experiment of a run. Runs code that came with the run only if the user trusts it. */
import { dirname, resolve } from "node:path";
import { type LoadedExperiment, readExperiment } from "../../adapters/local/load_experiment.ts";
import { nativeSha256 } from "../../adapters/system.ts";
import { codeOfRun, neededCode, ownTrust } from "../../adapters/local/code_access.ts";
import { fileSources, runSources } from "../../adapters/local/file_sources.ts";
import { type LoadedExtensions, loadExtensions } from "../../adapters/local/load_extensions.ts";
import { folderOfRun } from "../../adapters/stores/mod.ts";
import type { RunReader } from "../../core/ports/mod.ts";
import type { Rules } from "../../core/discussion/mod.ts";
import {
  ExperimentError,
  type ExtensionPath,
  extensionPathsOf,
  readDocument,
} from "../../core/experiment/mod.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { readVariable } from "../terminal/text_sink.ts";
import { builtInRules } from "./built_in_rules.ts";
import { UsageError } from "./program.ts";

/** The option that allows a command to run code that came with a run's folder. */
export const TRUST = "--trust";

/**
 * Says which code was not loaded, so that its rules were not checked, and how to run this code. Empty if all
 * code was loaded.
 *
 * @param unloadable Code that the user trusts, but that cannot be loaded: file → reason.
 */
export function notRunText(
  left: Iterable<string>,
  unloadable: ReadonlyMap<string, string> = new Map(),
): string {
  const names = [...left].join(", ");
  if (names === "") return "";
  const reasons = [...unloadable].map(([file, reason]) => `Cannot load "${file}": ${reason}. `).join("");
  return `${neutralise(`Not checked, because this code was not loaded: ${names}. ${reasons}`)}` +
    `${TRUST} runs the code that comes with a run\n`;
}

/** The rules of a run. */
export type RunRules = Readonly<{
  rules: Rules;
  /** Whether the experiment names code of its own, loaded or not. */
  hasOwnCode: boolean;
  /** Code files of the experiment that were not run, or only in part. */
  notRun: readonly string[];
  /** Code files that cannot be loaded: file → reason. */
  unloadable: ReadonlyMap<string, string>;
}>;

/**
 * The rules of a run, or of a log outside a run's folder. Runs the run's code only if the user trusts it.
 *
 * @param trusted Whether the user trusts the code of this run, even if it is new on this machine.
 * @throws {UsageError} When trusted code cannot be run, or has changed since the run.
 */
export async function rulesOf(run: RunReader | null, trusted: boolean): Promise<RunRules> {
  if (run === null || run.experimentText === null) {
    return { rules: builtInRules(), hasOwnCode: false, notRun: [], unloadable: new Map() };
  }
  const named = extensionPathsOf(readDocument(run.experimentText, run.place));
  const code = codeOfRun(run, run.manifest.code, ownTrust(trusted, readVariable));
  const { known, left } = await loadExtensions(named, folderOfRun(run.place), { code });
  if (trusted) refuseUnloadable(run.place, named, known);
  const { strategies, schedules, unloadable = new Map() } = known;
  return {
    rules: { strategies, schedules, sha256: nativeSha256 },
    hasOwnCode: named.length > 0,
    notRun: [...left.keys(), ...unloadable.keys()],
    unloadable,
  };
}

/**
 * Reads a run's experiment from its folder. Runs its code only if the user trusts it. For a run of an older version that the
 * user trusts, also reads files outside the folder.
 *
 * @param trusted As for `rulesOf()`.
 * @throws {ExperimentError} When the experiment cannot be read in its original form.
 */
export async function experimentOf(run: RunReader, trusted: boolean): Promise<LoadedExperiment> {
  const source = sourceOf(run, trusted);
  const code = codeOfRun(run, run.manifest.code, ownTrust(trusted, readVariable));
  try {
    return await readExperiment(source, { code });
  } catch (error) {
    if (!(error instanceof ExperimentError)) throw error;
    // No model is asked, so adapters are left out. Rules are kept only if the user trusts their code.
    return await readExperiment(source, {
      code: async (name, kind) =>
        trusted && kind !== "adapter" ? await code(name, kind) : { left: "it cannot be loaded" },
    });
  }
}

/**
 * Reads a changed version of a run's experiment, to run it. The files that the experiment names come from the
 * run. The past of its discussions is the text `past`.
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
  const code = neededCode(codeOfRun(run, run.manifest.code, ownTrust(trusted, readVariable)), TRUST);
  const { folder } = source;
  return await readExperiment({ path: "experiment.yaml", text, folder, sources }, {
    lookForModels: true,
    code,
  });
}

function sourceOf(run: RunReader, trusted: boolean) {
  const { manifest } = run;
  const path = manifest.experiment.file!;
  const folder = manifest.code === undefined ? dirname(resolve(path)) : folderOfRun(run.place);
  const copies = runSources(run, manifest.sources);
  const sources = trusted && manifest.code === undefined
    ? { readText: (name: string) => copies.readText(name).catch(() => fileSources(folder).readText(name)) }
    : copies;
  return { path, text: run.experimentText!, folder, sources };
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
        `Put the file back, or leave ${TRUST} out to read the run without this rule`,
    );
  }
}
