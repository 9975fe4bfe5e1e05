/** Opens one discussion of an experiment, for a caller that steps through it. */
import type { DiscussionDesign } from "../../core/events/mod.ts";
import { Discussion, type Environment, RETRY_POLICY } from "../../core/engine/mod.ts";
import { pastsOf, specKey } from "../../core/experiment/mod.ts";
import { type EventStore, memoryEventStore } from "../../core/ports/mod.ts";
import type { LoadedExperiment } from "./load_experiment.ts";
import { openModels } from "./open_models.ts";
import { systemClock } from "../system.ts";

/** An open discussion, and its environment. */
export type OpenDiscussion = Readonly<{
  discussion: Discussion;
  /** Store, models, rules and clock. Branches of the discussion use them, too. */
  environment: Environment;
  /** Frees the models. */
  close: () => Promise<void>;
}>;

/** The setups of a design's models. Models that the experiment does not have are reached as the design says. */
function setupsFor({ models }: DiscussionDesign, { plan }: LoadedExperiment) {
  const known = plan.conditions.flatMap(({ variants }) =>
    variants.flatMap(({ models }) => Object.entries(models))
  );
  const wanted = new Set(Object.values(models).map(specKey));
  const found = new Set(known.map(([, setup]) => specKey(setup)));
  return [
    ...known.filter(([, setup]) => wanted.has(specKey(setup))),
    ...Object.entries(models).filter(([, spec]) => !found.has(specKey(spec))),
  ];
}

/**
 * Opens one discussion of an experiment.
 *
 * @param which The 0-based index in the plan, or a design of the caller's own.
 * @throws {ModelError} When a model cannot work as it is set up.
 * @throws {RangeError} When the plan has no such discussion.
 */
export async function openDiscussion(
  loaded: LoadedExperiment,
  which: number | DiscussionDesign,
  store: EventStore = memoryEventStore(),
): Promise<OpenDiscussion> {
  const design = typeof which === "number" ? loaded.plan.at(which) : which;
  const models = await openModels(setupsFor(design, loaded), loaded);
  const environment: Environment = {
    store,
    models: models.lookUp,
    rules: loaded.rules,
    clock: systemClock,
    retry: RETRY_POLICY,
    past: pastsOf(loaded.plan),
  };
  try {
    return { discussion: await Discussion.open(design, environment), environment, close: models.close };
  } catch (error) {
    await models.close();
    throw error;
  }
}
