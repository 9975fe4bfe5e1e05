/** Fidelity of a run: its logs against what was declared. */
import { basename } from "node:path";
import { nativeSha256 } from "../../adapters/system.ts";
import {
  declaredAs,
  declaredBy,
  FidelityTally,
  type RunDeclaration,
  type RunFidelity,
} from "../../analysis/fidelity/mod.ts";
import {
  type Experiment,
  experimentDocument,
  ExperimentError,
  experimentFingerprint,
} from "../../core/experiment/mod.ts";
import { loadDeclaration } from "../shared/load.ts";
import { type Logs, readLogs, recordOf } from "../shared/logs.ts";
import { experimentOf, rulesOf, TRUST_CODE } from "../shared/run_rules.ts";

/** What the user says of a run that is checked. */
export type CheckOptions = Readonly<{
  /** A file that declares what is known of the discussions otherwise. */
  declared?: string | undefined;
  /** Whether the code of the run can be trusted. */
  trusted: boolean;
}>;

/**
 * Checks a run.
 *
 * @throws {ExperimentError} With everything that is wrong with a declaration.
 * @throws {UsageError} When that cannot be read, or code that is trusted cannot be run.
 */
export async function checkRun(logs: Logs, options: CheckOptions): Promise<RunFidelity> {
  const tally = new FidelityTally((await heldAgainst(logs, options)).against);
  await readLogs(logs, [tally]);
  return tally.found();
}

/** What a run is compared with, and its experiment where that can still be read as it was run. */
export type HeldAgainst = Readonly<{ against: RunDeclaration; experiment: Experiment | null }>;

/**
 * Finds what a run is compared with: its experiment where that can still be read as it was run, otherwise the designs in
 * its logs.
 *
 * @throws {ExperimentError} With everything that is wrong with a declaration.
 * @throws {UsageError} When that cannot be read, or code that is trusted cannot be run.
 */
export async function heldAgainst(logs: Logs, { declared, trusted }: CheckOptions): Promise<HeldAgainst> {
  const ofRun = await declarationOf(logs, trusted);
  if (declared === undefined) return ofRun;
  const { experiment, against: { declaration, source, ...others } } = ofRun;
  const changed = declaredAs(await loadDeclaration(declared, others.rules), declaration);
  return {
    experiment,
    against: { ...others, declaration: changed, source: `"${basename(declared)}"; otherwise ${source}` },
  };
}

async function declarationOf({ run }: Logs, trusted: boolean): Promise<HeldAgainst> {
  const { rules, notRun } = await rulesOf(run, trusted);
  const without = notRun.length === 0
    ? ""
    : `, without its code ${notRun.join(", ")} (${
      trusted ? "it cannot be loaded" : `${TRUST_CODE} runs it`
    })`;
  const record = run === null ? null : recordOf(run);
  const asLogged = (why: string): HeldAgainst => ({
    against: {
      rules,
      declaration: undefined,
      source: `the designs in the logs, since ${why}${without}`,
      record,
    },
    experiment: null,
  });
  if (run === null || run.experimentText === null) return asLogged("no experiment file belongs to them");
  const { manifest } = run;
  const name = basename(manifest.experiment.file!);
  try {
    const { experiment } = await experimentOf(run, trusted);
    const fingerprint = experimentFingerprint(experimentDocument(experiment, nativeSha256), nativeSha256);
    if (fingerprint !== manifest.fingerprint) {
      // An adapter of one's own can say which of its options are no part of what a model is.
      const how = notRun.length === 0
        ? "is not as it was when the run was made"
        : "cannot be read as it was run";
      return asLogged(`"${name}" ${how}`);
    }
    const { replications } = manifest.plan;
    const declaration = declaredBy({ ...experiment, replications }, nativeSha256);
    return {
      against: { rules, declaration, source: `the experiment "${name}"${without}`, record },
      experiment,
    };
  } catch (error) {
    if (!(error instanceof ExperimentError)) throw error;
    return asLogged(
      `the files that "${name}" names are not in the run's folder` +
        (trusted ? ", and cannot be read elsewhere" : ` (${TRUST_CODE} reads them where they were)`),
    );
  }
}
