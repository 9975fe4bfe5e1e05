/** What the discussions of a run need: its store, its plan and rules, and the models. */
import { type Environment, RETRY_POLICY, type RetryPolicy } from "../../core/engine/mod.ts";
import { pastsOf } from "../../core/experiment/mod.ts";
import type { RunWriter } from "../../core/ports/mod.ts";
import { headOf } from "../../core/run_log/mod.ts";
import { systemClock } from "../system.ts";
import type { LoadedExperiment } from "./load_experiment.ts";
import type { OpenModels } from "./open_models.ts";

/** The environment of the discussions of a run that is open for writing. */
export function runEnvironment(
  { store, log }: Pick<RunWriter, "store" | "log">,
  { plan, rules }: Pick<LoadedExperiment, "plan" | "rules">,
  { models, retry = RETRY_POLICY }: Readonly<{ models: OpenModels; retry?: RetryPolicy | undefined }>,
): Environment {
  return {
    store,
    models: models.lookUp,
    rules,
    clock: systemClock,
    retry,
    past: pastsOf(plan),
    ...(log.kind === "kept" ? { runLog: headOf(log.log) } : {}),
  };
}
