/** The models of an experiment: each is created once, with its limits. */
import type { ModelSpec } from "../../core/events/mod.ts";
import { canonical } from "../../core/json.ts";
import { CONCURRENCY_DEFAULT, type LimitedModel } from "../../core/engine/mod.ts";
import { costOf, modelKey, type ModelSetup, placeKey, queueKey, specKey } from "../../core/experiment/mod.ts";
import {
  type AdapterContext,
  type AskPerson,
  type Model,
  type ModelAdapter,
  ModelError,
} from "../../core/ports/mod.ts";
import { nativeSha256, systemClock } from "../system.ts";
import type { ReachedModel } from "../../core/run_log/mod.ts";
import { type ModelWatch, type OpenableModel, type Queue, queueFor, wholeSpec } from "./model_queue.ts";

export type { ModelWatch, OpenableModel };

/** Models that are ready for requests. */
export type OpenModels = Readonly<{
  /**
   * Finds a model by its name and its spec: conditions can use one name for different models, and two models can
   * have the same spec. If no entry has the name, as in a caller's own design, the spec alone finds the model. All
   * models with this spec must then be reached in the same way.
   */
  lookUp: (name: string, spec: ModelSpec) => LimitedModel;
  /** How many requests all models together take at the same time. */
  concurrency: number;
  close: () => Promise<void>;
}>;

/** What is needed to create models. */
type ModelMakers = Readonly<{
  /** Adapters by the names that the setups use. */
  adapters: ReadonlyMap<string, ModelAdapter>;
  /** The folder that paths in the options of models are relative to. */
  folder: string;
  /** Asks people. Without it, a model that is a person cannot be created. */
  askPerson?: AskPerson;
}>;

/**
 * Creates models. Entries that are reached in the same way share a connection. If their limits are the same, they also
 * share a queue.
 *
 * @throws {ModelError} When a model cannot work as it is set up, for example because a key or a file is missing.
 */
export async function openModels(
  setups: Iterable<readonly [name: string, setup: OpenableModel]>,
  { adapters, ...makers }: ModelMakers,
  watch: ModelWatch = {},
): Promise<OpenModels> {
  const places = new Map<string, Model>();
  const queues = new Map<string, Queue>();
  const named = new Map<string, Named>();
  let concurrency = 0;
  const close = async () => {
    for (const model of places.values()) await model.close?.();
  };
  const openQueue = async (name: string, setup: OpenableModel): Promise<Queue> => {
    const adapter = adapters.get(setup.adapter);
    if (adapter === undefined) {
      throw new TypeError(`Cannot create the model "${name}": there is no adapter "${setup.adapter}"`);
    }
    const place = placeKey(setup);
    const model = places.get(place) ??
      await ofAdapter(name, () => adapter.create(wholeSpec(setup), contextOf(makers)));
    places.set(place, model);
    const { slots, queue } = queueFor(name, setup, { adapter, model, watch });
    concurrency += slots;
    return queue;
  };
  try {
    for (const [name, setup] of setups) {
      const place = queueKey(setup);
      const key = modelKey(name, setup);
      const known = named.get(key);
      if (known !== undefined && known.place !== place) {
        throw new TypeError(
          `Cannot create the model "${name}": two setups reach it in different ways, and logs cannot tell them apart`,
        );
      }
      if (known !== undefined) continue;
      const queue = queues.get(place) ?? await openQueue(name, setup);
      queues.set(place, queue);
      named.set(key, {
        name,
        place,
        spec: specKey(setup),
        // Attempts of people are not observed: their words go only to the logs of their discussions.
        limited: queue.asksPeople ? queue : { ...queue, ...observing(name, setup, watch) },
      });
    }
  } catch (error) {
    await close();
    throw error;
  }
  const known = new WeakMap<ModelSpec, Map<string, LimitedModel>>();
  const lookUp = (name: string, spec: ModelSpec): LimitedModel => {
    const byName = known.get(spec) ?? new Map<string, LimitedModel>();
    known.set(spec, byName);
    const found = byName.get(name) ?? named.get(modelKey(name, spec))?.limited ??
      onlyOneLike(spec, { name, all: named });
    byName.set(name, found);
    return found;
  };
  return { lookUp, concurrency: concurrency || CONCURRENCY_DEFAULT, close };
}

type Named = Readonly<{ name: string; place: string; spec: string; limited: LimitedModel }>;

/** The model for a name that no entry has. All entries that match its spec must be reached in the same way. */
function onlyOneLike(
  spec: ModelSpec,
  { name, all }: Readonly<{ name: string; all: ReadonlyMap<string, Named> }>,
): LimitedModel {
  const key = specKey(spec);
  const alike = [...all.values()].filter((each) => each.spec === key);
  if (alike.length === 0) throw new TypeError(`Cannot use the model "${name}": it was not created`);
  if (new Set(alike.map(({ place }) => place)).size > 1) {
    const names = alike.map((each) => `"${each.name}"`).join(" and ");
    throw new TypeError(
      `Cannot use the model "${name}": ${names} differ only in how they are reached; use one of their names`,
    );
  }
  return alike[0]!.limited;
}

/** Identifies the parts of models, such as weights, if their adapters can. */
export async function identifyModels(
  setups: Iterable<readonly [name: string, setup: OpenableModel]>,
  { adapters, ...makers }: ModelMakers,
): Promise<Readonly<Record<string, string>>> {
  const parts: Record<string, string> = {};
  const known = new Set<string>();
  for (const [name, setup] of setups) {
    const key = placeKey(setup);
    if (known.has(key)) continue;
    known.add(key);
    const adapter = adapters.get(setup.adapter);
    const found = await ofAdapter(name, () => adapter?.identify?.(wholeSpec(setup), contextOf(makers)));
    Object.assign(parts, found);
  }
  return parts;
}

function contextOf({ folder, askPerson }: Pick<ModelMakers, "folder" | "askPerson">): AdapterContext {
  const people = askPerson === undefined ? {} : { askPerson };
  return { env: (name) => Deno.env.get(name), clock: systemClock, folder, ...people };
}

/** Calls an adapter. A researcher's own adapter can throw any error; the message then says that the adapter failed. */
async function ofAdapter<T>(name: string, ask: () => T | Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    throw cause instanceof ModelError ? cause : failedAdapter(name, cause);
  }
}

function observing(
  name: string,
  { prices }: OpenableModel,
  { observe, paid }: ModelWatch,
): Pick<LimitedModel, "observe"> {
  if (observe === undefined && paid === undefined) return {};
  return {
    observe(attempt) {
      observe?.(name, attempt);
      if (!("reply" in attempt)) return;
      const { usage } = attempt.reply;
      const spent = usage === undefined
        ? null
        : { cost: costOf(prices, usage), tokens: usage.promptTokens + usage.completionTokens };
      paid?.(name, spent);
    },
  };
}

function failedAdapter(name: string, cause: unknown): ModelError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ModelError("broken-model", `Cannot create the model "${name}": its adapter failed: ${reason}`, {
    cause,
  });
}

/** The addresses of models with the same spec. The run's log keeps them, so that these models cannot swap addresses. */
export function reachedModels(
  setups: Iterable<readonly [name: string, setup: ModelSetup]>,
  adapters: ReadonlyMap<string, ModelAdapter>,
  pass: string | null = null,
): readonly ReachedModel[] {
  const alike = new Map<string, Map<string, ModelSetup>>();
  for (const [name, setup] of setups) {
    const key = canonical([specKey(setup), pass]);
    alike.set(key, (alike.get(key) ?? new Map()).set(name, setup));
  }
  return [...alike].filter(([, { size }]) => size > 1).flatMap(([key, named]) =>
    [...named].map(([model, setup]) => ({
      model,
      spec: nativeSha256(key),
      address: addressOf(model, setup, adapters.get(setup.adapter)),
    }))
  );
}

function addressOf(
  name: string,
  { options, service }: ModelSetup,
  adapter?: ModelAdapter,
): readonly string[] {
  if (adapter?.addressOf === undefined) return [canonical(service)];
  try {
    return adapter.addressOf({ ...options, ...service }).map(String);
  } catch (cause) {
    throw failedAdapter(name, cause);
  }
}
