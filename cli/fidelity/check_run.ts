/** Fidelity of a run: its logs against what was declared. */
import { basename, dirname, resolve } from "node:path";
import { nativeSha256, readExperiment } from "../../adapters/local/mod.ts";
import {
  declaredAs,
  declaredBy,
  FidelityTally,
  type RunDeclaration,
  type RunFidelity,
} from "../../core/analysis/fidelity/mod.ts";
import {
  type Experiment,
  experimentDocument,
  ExperimentError,
  experimentFingerprint,
} from "../../core/experiment/mod.ts";
import { loadDeclaration } from "../load.ts";
import type { Logs } from "../logs.ts";
import { readLogs } from "../read_logs.ts";

/**
 * Checks a run.
 *
 * @param logs Its logs.
 * @param declared A file that declares what is known of the discussions otherwise; `undefined` for none.
 * @throws {ExperimentError} With everything that is wrong with that file.
 * @throws {UsageError} When it cannot be read, or one of the run's own rules cannot be loaded.
 */
export async function checkRun(logs: Logs, declared: string | undefined): Promise<RunFidelity> {
  const tally = new FidelityTally((await heldAgainst(logs, declared)).against);
  await readLogs(logs, [tally]);
  return tally.found();
}

/** What a run is held against, and the experiment where it can still be read as it was run. */
export type HeldAgainst = Readonly<{ against: RunDeclaration; experiment: Experiment | null }>;

/**
 * Says what a run is to be held against: what its experiment declares, when that can still be read as it was run; the
 * logs' own designs where it cannot.
 *
 * @param logs Its logs.
 * @param declared A file that declares what is known of the discussions otherwise; `undefined` for none.
 * @throws {ExperimentError} With everything that is wrong with that file.
 * @throws {UsageError} When it cannot be read, or one of the run's own rules cannot be loaded.
 */
export async function heldAgainst(logs: Logs, declared: string | undefined): Promise<HeldAgainst> {
  const ofRun = await declarationOf(logs);
  if (declared === undefined) return ofRun;
  const { experiment, against: { rules, declaration, source } } = ofRun;
  const changed = declaredAs(await loadDeclaration(declared, rules), declaration);
  return {
    experiment,
    against: { rules, declaration: changed, source: `"${basename(declared)}"; otherwise ${source}` },
  };
}

async function declarationOf(logs: Logs): Promise<HeldAgainst> {
  const { run } = logs;
  const asLogged = async (why: string): Promise<HeldAgainst> => ({
    against: {
      rules: await logs.rules(),
      declaration: undefined,
      source: `the designs in the logs, since ${why}`,
    },
    experiment: null,
  });
  if (run === null || run.experimentText === null || run.manifest.experiment.file === null) {
    return await asLogged("no experiment file belongs to them");
  }
  const { manifest, experimentText: text } = run;
  const path = manifest.experiment.file!;
  try {
    const { experiment, rules } = await readExperiment({ path, text, folder: dirname(resolve(path)) });
    const fingerprint = experimentFingerprint(experimentDocument(experiment, nativeSha256), nativeSha256);
    if (fingerprint !== manifest.fingerprint) {
      return await asLogged(`the files that "${basename(path)}" names are not as they were`);
    }
    const { replications } = manifest.plan;
    const declaration = declaredBy({ ...experiment, replications }, nativeSha256);
    return { against: { rules, declaration, source: `the experiment "${basename(path)}"` }, experiment };
  } catch (error) {
    if (!(error instanceof ExperimentError)) throw error;
    return await asLogged(`the files that "${basename(path)}" names cannot be read from here`);
  }
}
