/** Compares a run with the experiment for which it is opened again. */
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
 * @throws {RunError} If they differ. The message lists the differences.
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

/** Refuses a model whose files have changed: one name would mean two models. Additional files are allowed. */
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
 * Refuses models that have swapped their addresses: later, no one could tell which of them gave an answer.
 *
 * @param place The place of the run, for messages.
 * @throws {RunError} If two models have swapped addresses. The message names both.
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

/** The events that extend a run to a new record: more replications, and new addresses of models. */
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

/**
 * The event that records new addresses of models. The list is empty if all addresses are recorded already.
 */
export function newAddresses(held: RunRecord, reached: readonly ReachedModel[] = []): readonly RunEvent[] {
  const isRecorded = canonical(reachedAfter(held.reached, reached)) === canonical(held.reached ?? []);
  return isRecorded ? [] : [{ type: "ModelsReached", data: { reached } }];
}
