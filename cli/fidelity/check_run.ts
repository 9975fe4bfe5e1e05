/** Fidelity of a run: its logs against what was declared. */
import { dirname, resolve } from "node:path";
import { nativeSha256, readExperiment } from "../../adapters/local/mod.ts";
import {
  type Declaration,
  declaredAs,
  declaredBy,
  Fidelity,
  type FidelityCheck,
} from "../../core/analysis/fidelity/mod.ts";
import { BrokenRule, type Rules } from "../../core/discussion/mod.ts";
import { DamagedStream } from "../../core/engine/mod.ts";
import { experimentDocument, ExperimentError, experimentFingerprint } from "../../core/experiment/mod.ts";
import { loadDeclaration } from "../load.ts";
import type { Logs } from "../logs.ts";

/** What was found. */
export type RunFidelity = Readonly<{
  discussions: number;
  checks: readonly FidelityCheck[];
  /** Discussions that could not be checked to their end: a log is damaged, or a rule of the run's own broke. */
  problems: readonly Readonly<{ discussion: string; message: string }>[];
  /** What was taken for declared, for people. */
  declaredBy: string;
}>;

/**
 * Checks a run.
 *
 * @param logs Its logs.
 * @param declared A file that declares what is known of the discussions otherwise; `undefined` for none.
 * @throws {ExperimentError} With everything that is wrong with that file.
 * @throws {UsageError} When it cannot be read, or one of the run's own rules cannot be loaded.
 */
export async function checkRun(logs: Logs, declared: string | undefined): Promise<RunFidelity> {
  const { rules, declaration: ofRun, source } = await declarationOf(logs);
  const declaration = declared === undefined
    ? ofRun
    : declaredAs(await loadDeclaration(declared, rules), ofRun);
  const fidelity = new Fidelity(rules, declaration === undefined ? {} : { declaration });
  const problems: { discussion: string; message: string }[] = [];
  let discussions = 0;
  for await (const discussion of logs.discussions()) {
    discussions++;
    try {
      for await (const envelope of logs.events(discussion)) fidelity.add(envelope);
    } catch (error) {
      // RangeError: events that cannot follow each other.
      const isOwn = error instanceof DamagedStream || error instanceof BrokenRule ||
        error instanceof RangeError;
      if (!isOwn) throw error;
      problems.push({ discussion, message: error.message });
    }
  }
  const declaredBy = declared === undefined ? source : `"${declared}"; otherwise ${source}`;
  return { discussions, checks: fidelity.results(), problems, declaredBy };
}

type OfRun = Readonly<{ rules: Rules; declaration: Declaration | undefined; source: string }>;

/** What the experiment declares, when it can still be read as it was run; the logs' own designs where it cannot. */
async function declarationOf(logs: Logs): Promise<OfRun> {
  const { run } = logs;
  const asLogged = async (why: string): Promise<OfRun> => ({
    rules: await logs.rules(),
    declaration: undefined,
    source: `the designs in the logs, since ${why}`,
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
      return await asLogged(`the files that "${path}" names are not as they were`);
    }
    const { replications } = manifest.plan;
    const declaration = declaredBy({ ...experiment, replications }, nativeSha256);
    return { rules, declaration, source: `the experiment "${path}"` };
  } catch (error) {
    if (!(error instanceof ExperimentError)) throw error;
    return await asLogged(`the files that "${path}" names cannot be read from here`);
  }
}
