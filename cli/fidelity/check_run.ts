/** Fidelity of a run: compares its logs with its declaration. */
import { basename } from "node:path";
import { nativeSha256 } from "../../adapters/system.ts";
import {
  CHANCE_TESTS,
  declarationFrom,
  type DeclarationSource,
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
import { type Logs, recordOf } from "../shared/logs.ts";
import { readLogs } from "../shared/read_logs.ts";
import { experimentOf, rulesOf, TRUST } from "../shared/run_rules.ts";

/** The user's options for a check. */
export type CheckOptions = Readonly<{
  /** A file with declared rules, which replace the run's own declaration of the same rules. */
  declared?: string | undefined;
  /** Whether the user trusts the code of the run. */
  trusted: boolean;
}>;

/**
 * Checks a run.
 *
 * @throws {ExperimentError} With all problems of a declaration.
 * @throws {UsageError} When a declaration cannot be read, or trusted code cannot be run.
 */
export async function checkRun(logs: Logs, options: CheckOptions): Promise<RunFidelity> {
  const tally = new FidelityTally((await heldAgainst(logs, options)).against);
  await readLogs(logs, [tally]);
  return tally.found(CHANCE_TESTS);
}

/** The declaration that a run is compared with. */
export type HeldAgainst = Readonly<{
  against: RunDeclaration;
  /** What its declaration follows from. Its experiment is `null` if it cannot be read unchanged. */
  declared: DeclarationSource;
  /** Whether the experiment names code of its own, loaded or not. */
  hasOwnCode: boolean;
}>;

/**
 * Finds the declaration that a run is compared with. The rules in the file `declared` come first, then the run's
 * experiment. If the experiment cannot be read unchanged, the designs in the logs replace it.
 *
 * @throws {ExperimentError} With all problems of a declaration.
 * @throws {UsageError} When a declaration cannot be read, or trusted code cannot be run.
 */
export async function heldAgainst(
  logs: Logs,
  { declared: file, trusted }: CheckOptions,
): Promise<HeldAgainst> {
  const { rules, from, experiment, record, hasOwnCode } = await experimentIn(logs, trusted);
  const declared = {
    experiment,
    rules: file === undefined ? null : await loadDeclaration(file, rules),
  };
  const source = file === undefined ? from : `"${basename(file)}"; otherwise ${from}`;
  const declaration = declarationFrom(declared, nativeSha256);
  return { against: { rules, declaration, source, record }, declared, hasOwnCode };
}

/** The experiment of a run, if it can be read unchanged. `from`: what the run is compared with, in words. */
type FoundExperiment =
  & Pick<RunDeclaration, "rules" | "record">
  & Pick<HeldAgainst, "hasOwnCode">
  & Readonly<{ from: string; experiment: Experiment | null }>;

async function experimentIn({ run, only }: Logs, trusted: boolean): Promise<FoundExperiment> {
  const { rules, hasOwnCode, notRun, unloadable } = await rulesOf(run, trusted);
  const without = notRun.length === 0
    ? ""
    : `, without its code ${notRun.join(", ")} (${
      unloadable.size === notRun.length ? "it cannot be loaded" : `${TRUST} runs it`
    })`;
  const record = run === null ? null : recordOf(run, only);
  const found = { rules, record, hasOwnCode };
  const asLogged = (why: string): FoundExperiment => ({
    ...found,
    from: `the designs in the logs, because ${why}${without}`,
    experiment: null,
  });
  if (run === null || run.experimentText === null) return asLogged("no experiment file belongs to them");
  const { manifest } = run;
  const name = basename(manifest.experiment.file!);
  try {
    const { experiment } = await experimentOf(run, trusted);
    const fingerprint = experimentFingerprint(experimentDocument(experiment, nativeSha256), nativeSha256);
    if (fingerprint !== manifest.fingerprint) {
      // A custom adapter can exclude options from the fingerprint. So without its code, the fingerprint can differ.
      const how = notRun.length === 0
        ? "has changed since the run was made"
        : "cannot be compared with the run";
      return asLogged(`"${name}" ${how}`);
    }
    const { replications } = manifest.plan;
    return {
      ...found,
      from: `the experiment "${name}"${without}`,
      experiment: { ...experiment, replications },
    };
  } catch (error) {
    if (!(error instanceof ExperimentError)) throw error;
    return asLogged(
      `the files that "${name}" names are not in the run's folder` +
        (manifest.code !== undefined
          ? ", or were changed"
          : trusted
          ? ", and cannot be read elsewhere"
          : ` (${TRUST} reads them where they were)`),
    );
  }
}
