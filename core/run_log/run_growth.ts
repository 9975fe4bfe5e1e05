/** Compares a run with what is asked of it when it is opened again. */
import { canonical } from "../json.ts";
import { differencesBetween, listOfDifferences } from "./differences.ts";
import { RunError } from "./run_error.ts";
import { reachedAfter, type ReachedModel } from "./reached_models.ts";
import type { RunEvent, RunRecord } from "./run_events.ts";
import { mixedUp } from "./run_log.ts";
import type { RunLogState, RunManifest } from "./run_manifest.ts";

/**
 * Refuses to resume a run with another experiment or with other models.
 *
 * @param place The place of the run, for messages.
 * @throws {RunError} With the differences.
 */
export function refuseOtherRun(
  place: string,
  { manifest: held, log }: Readonly<{ manifest: RunManifest; log: RunLogState }>,
  now: RunRecord,
): void {
  if (held.experiment.file === null) {
    throw new RunError(
      "other-experiment",
      `Cannot write the run to "${place}": it holds imported discussions. Choose another folder for this run`,
    );
  }
  if (held.fingerprint !== now.fingerprint) throw otherExperiment(place, held, now);
  refuseOtherModels(place, held, now);
  refuseMixedUp(place, log, now.reached);
}

function otherExperiment(place: string, held: RunRecord, now: RunRecord): RunError {
  const differences = differencesBetween(held.resolved, now.resolved);
  return new RunError(
    "other-experiment",
    `Cannot resume the run "${place}": it was made by another version of the experiment` +
      `${listOfDifferences(differences)}\n` +
      `Undo these changes, or choose another folder or name to run the changed experiment`,
  );
}

/** Refuses a changed file of a model, since one name would then mean two models. New files are allowed. */
function refuseOtherModels(
  place: string,
  { models: held = {} }: RunRecord,
  { models = {} }: RunRecord,
): void {
  const changed = Object.entries(models).filter(([part, now]) =>
    Object.hasOwn(held, part) && held[part] !== now
  );
  if (changed.length === 0) return;
  throw new RunError(
    "other-experiment",
    `Cannot resume the run "${place}": a model has changed since the run began:` +
      `${listOfDifferences(changed.map(([part]) => part))}\n` +
      `Restore the former model, or choose another folder or name for the new model`,
  );
}

/**
 * Refuses models that have swapped addresses, since their answers could not be told apart later.
 *
 * @param place The place of the run, for messages.
 * @throws {RunError} With the names of two such models.
 */
export function refuseMixedUp(place: string, log: RunLogState, reached: readonly ReachedModel[] = []): void {
  const mixed = log.kind === "kept" ? mixedUp(log.log, reached) : null;
  if (mixed === null) return;
  const { model, other, address } = mixed;
  throw new RunError(
    "other-experiment",
    `Cannot resume the run "${place}": the model "${model}" now has the address "${address}", which "${other}" has ` +
      `or had. Only their addresses distinguish them, so the answers of both would mix. Restore the addresses, ` +
      `give a moved server a new address, or choose another folder or name`,
  );
}

/** The events that extend a run to what is asked now: more replications, and new addresses of models. */
export function growthOf(held: RunRecord, now: RunRecord): readonly RunEvent[] {
  const { experiment, plan, models } = now;
  const isLarger = plan.discussions > held.plan.discussions;
  const larger = {
    experiment,
    plan,
    ...(models === undefined ? {} : { models: { ...held.models, ...models } }),
  };
  return [
    ...(isLarger ? [{ type: "PlanExtended", data: larger } as const] : []),
    ...newAddresses(held, now.reached),
  ];
}

/** The event that records the addresses of models; none if they are recorded. */
export function newAddresses(held: RunRecord, reached: readonly ReachedModel[] = []): readonly RunEvent[] {
  const isRecorded = canonical(reachedAfter(held.reached, reached)) === canonical(held.reached ?? []);
  return isRecorded ? [] : [{ type: "ModelsReached", data: { reached } }];
}
