import { type ModelSpec } from "../../core/events/mod.ts";
import { canonical } from "../../core/json.ts";

import {
  AdaptiveLimit,
  type AttemptNotice,
  CONCURRENCY_DEFAULT,
  type LimitedModel,
  Limiter,
  type ModelNotice,
  type PausePolicy,
  Pauses,
  RateLimit,
  REQUEST_GRACE_MS,
  REQUEST_MS_MAX,
  type Spent,
  Watchdog,
} from "../../core/engine/mod.ts";
import { costOf, modelKey, type ModelSetup, placeKey, queueKey, specKey } from "../../core/experiment/mod.ts";
import { type AdapterContext, type Model, type ModelAdapter, ModelError } from "../../core/ports/mod.ts";
import { nativeSha256, systemClock } from "../system.ts";

import type { ReachedModel } from "../../core/run_log/mod.ts";

/** The models of an experiment, each made once and limited as it says. */

/** Models that are ready to be asked. */
export type OpenModels = Readonly<{
  /**
   * Finds a model by its name and by what the design says of it: conditions can call different models by one name, and
   * two models can differ in nothing but how they are reached. One that a design of the caller's own calls otherwise is
   * found by what it is, where there is only one such.
   */
  lookUp: (name: string, spec: ModelSpec) => LimitedModel;
  /** How many requests all of them take at the same time. */
  concurrency: number;
  close: () => Promise<void>;
}>;

/** A model, with or without word on how it is reached. */
export type OpenableModel = ModelSpec & Partial<ModelSetup>;

/** What models are made by. */
export type ModelMakers = Readonly<{
  /** By the name that the setups use. */
  adapters: ReadonlyMap<string, ModelAdapter>;
  /** What paths in their options are relative to. */
  folder: string;
}>;

/** How models are watched over. */
export type ModelWatch = Readonly<{
  /** When a model counts as down, and how long it is waited for; requests to such a model fail without it. */
  pause?: PausePolicy;
  /** Told when a model goes down and comes back. */
  notify?: (notice: ModelNotice) => void;
  /** Told of every attempt at a request. */
  observe?: (model: string, attempt: AttemptNotice) => void;
  /** Told of every reply that was paid for; `null` where the server does not say how many tokens it used. */
  paid?: (model: string, spent: Spent | null) => void;
}>;

/**
 * Makes models. Entries that are reached in the same way share one, and, where they have the same limits, its queue.
 *
 * @param setups The name that the experiment uses, and what it says.
 * @param makers Adapters, and the folder of their paths.
 * @param watch Who is told of what, and when they count as down.
 * @throws {ModelError} When a model cannot work as it is set up: a missing key, a missing file.
 */
export async function openModels(
  setups: Iterable<readonly [name: string, setup: OpenableModel]>,
  { adapters, folder }: ModelMakers,
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
      throw new TypeError(`Cannot make the model "${name}": there is no adapter "${setup.adapter}"`);
    }
    const place = placeKey(setup);
    const model = places.get(place) ?? await madeBy(adapter, { name, setup, folder });
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
          `Cannot make the model "${name}": it is reached in two ways, and logs say the same of both`,
        );
      }
      if (known !== undefined) continue;
      const queue = queues.get(place) ?? await openQueue(name, setup);
      queues.set(place, queue);
      named.set(key, {
        name,
        place,
        spec: specKey(setup),
        limited: { ...queue, ...observing(name, setup, watch) },
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
  return { lookUp, concurrency, close };
}

/** What stands between a model and those who ask it, shared by all entries that are reached and limited alike. */
type Queue = Omit<LimitedModel, "observe">;

/** A model under one of its names. */
type Named = Readonly<{ name: string; place: string; spec: string; limited: LimitedModel }>;

/** A model that no entry calls by this name: exactly one entry must match it. */
function onlyOneLike(
  spec: ModelSpec,
  { name, all }: Readonly<{ name: string; all: ReadonlyMap<string, Named> }>,
): LimitedModel {
  const key = specKey(spec);
  const alike = [...all.values()].filter((each) => each.spec === key);
  if (alike.length === 0) throw new TypeError(`Cannot ask the model "${name}": it was not made`);
  if (new Set(alike.map(({ place }) => place)).size > 1) {
    const names = alike.map((each) => `"${each.name}"`).join(" and ");
    throw new TypeError(
      `Cannot ask the model "${name}": ${names} are the same but for how they are reached; call it by one of their names`,
    );
  }
  return alike[0]!.limited;
}

/**
 * What models consist of, as far as their adapters can tell.
 *
 * @param setups As for `openModels`.
 * @param makers Adapters, and the folder of their paths.
 * @returns What stands for each part, such as a file's SHA-256, by its name.
 */
export async function identifyModels(
  setups: Iterable<readonly [name: string, setup: OpenableModel]>,
  { adapters, folder }: ModelMakers,
): Promise<Readonly<Record<string, string>>> {
  const parts: Record<string, string> = {};
  const known = new Set<string>();
  for (const [name, setup] of setups) {
    const key = placeKey(setup);
    if (known.has(key)) continue;
    known.add(key);
    const adapter = adapters.get(setup.adapter);
    const found = adapter?.identify?.(wholeSpec(setup), contextOf(folder));
    Object.assign(
      parts,
      await Promise.resolve(found).catch((cause) => {
        throw cause instanceof ModelError ? cause : failedAdapter(name, cause);
      }),
    );
  }
  return parts;
}

/** What a model is and how it is reached, as its adapter takes them. */
function wholeSpec(setup: OpenableModel): ModelSpec {
  return { ...setup, options: { ...setup.options, ...setup.service } };
}

function contextOf(folder: string): AdapterContext {
  return { env: (name) => Deno.env.get(name), clock: systemClock, folder };
}

async function madeBy(
  adapter: ModelAdapter,
  { name, setup, folder }: Readonly<{ name: string; setup: OpenableModel; folder: string }>,
): Promise<Model> {
  try {
    return await adapter.create(wholeSpec(setup), contextOf(folder));
  } catch (cause) {
    throw cause instanceof ModelError ? cause : failedAdapter(name, cause);
  }
}

type Making = Readonly<{ adapter: ModelAdapter; model: Model; watch: ModelWatch }>;

function queueFor(
  name: string,
  setup: OpenableModel,
  { adapter, model, watch }: Making,
): { slots: number; queue: Queue } {
  const { options } = wholeSpec(setup);
  const { concurrency = "adaptive", requestSeconds, ...rates } = setup.limits ?? {};
  const isAdaptive = concurrency === "adaptive";
  const slots = isAdaptive ? adapter.concurrencyOf?.(options) ?? CONCURRENCY_DEFAULT : concurrency;
  const limiter = new Limiter(slots);
  const ownMs = adapter.timeoutMsOf?.(options);
  const msMax = ownMs === undefined ? REQUEST_MS_MAX : ownMs + REQUEST_GRACE_MS;
  const { pause: policy, notify = () => {} } = watch;
  const pauses = policy === undefined ? undefined : new Pauses(name, { policy, clock: systemClock, notify });
  const queue = {
    model,
    limiter,
    ...(isAdaptive ? { adaptive: new AdaptiveLimit(limiter, slots) } : {}),
    ...(Object.keys(rates).length === 0 ? {} : { rates: new RateLimit(rates, systemClock) }),
    ...(pauses === undefined ? {} : { pauses }),
    watchdog: new Watchdog(requestSeconds === undefined ? msMax : requestSeconds * 1000, systemClock),
  };
  return { slots, queue };
}

/** What is told of each attempt; nothing where nobody wants to know. */
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

/** A researcher's own adapter can fail in any way; what is wrong then is not this program. */
export function failedAdapter(name: string, cause: unknown): ModelError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ModelError("broken-model", `Cannot make the model "${name}": its adapter failed: ${reason}`, {
    cause,
  });
}

/** Where models are asked that differ in nothing else: the run's log keeps it, so that none takes another's place. */

/**
 * The models that only their names tell apart.
 *
 * @param setups The name that the file uses, and what it says.
 * @param adapters By the name that the setups use.
 * @param pass The annotation pass that asks them; `null` for discussions.
 * @throws {ModelError} When an adapter of the user's own cannot say where a model is asked.
 */
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
