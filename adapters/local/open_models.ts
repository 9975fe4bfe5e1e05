/** The models of an experiment, each made once and limited as it says. */
import type { ModelSpec } from "../../core/discussion/mod.ts";
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
import { costOf, modelKey, type ModelSetup } from "../../core/experiment/mod.ts";
import { type AdapterContext, type ModelAdapter, ModelError } from "../../core/ports/mod.ts";
import { systemClock } from "./system_clock.ts";

/** Models that are ready to be asked. */
export type OpenModels = Readonly<{
  /** Two conditions can call different models by the same name: what counts is what the design says of it. */
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
 * Makes models; one that is described twice is made once.
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
  const open = new Map<string, LimitedModel>();
  let concurrency = 0;
  const close = async () => {
    for (const { model } of open.values()) await model.close?.();
  };
  try {
    for (const [name, setup] of setups) {
      const key = modelKey(setup);
      if (open.has(key)) continue;
      const adapter = adapters.get(setup.adapter);
      if (adapter === undefined) {
        throw new TypeError(`Cannot make the model "${name}": there is no adapter "${setup.adapter}"`);
      }
      const { slots, limited } = await made(name, setup, { adapter, folder, watch }).catch((cause) => {
        throw cause instanceof ModelError ? cause : failedAdapter(name, cause);
      });
      open.set(key, limited);
      concurrency += slots;
    }
  } catch (error) {
    await close();
    throw error;
  }
  const known = new WeakMap<ModelSpec, LimitedModel>();
  const lookUp = (name: string, spec: ModelSpec): LimitedModel => {
    const found = known.get(spec) ?? open.get(modelKey(spec));
    if (found === undefined) throw new TypeError(`Cannot ask the model "${name}": it was not made`);
    known.set(spec, found);
    return found;
  };
  return { lookUp, concurrency, close };
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
    const key = modelKey(setup);
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

type Making = Readonly<{ adapter: ModelAdapter; folder: string; watch: ModelWatch }>;

async function made(
  name: string,
  setup: OpenableModel,
  { adapter, folder, watch }: Making,
): Promise<{ slots: number; limited: LimitedModel }> {
  const spec = wholeSpec(setup);
  const { options } = spec;
  const { concurrency = "adaptive", requestSeconds, ...rates } = setup.limits ?? {};
  const isAdaptive = concurrency === "adaptive";
  const slots = isAdaptive ? adapter.concurrencyOf?.(options) ?? CONCURRENCY_DEFAULT : concurrency;
  const limiter = new Limiter(slots);
  const ownMs = adapter.timeoutMsOf?.(options);
  const msMax = ownMs === undefined ? REQUEST_MS_MAX : ownMs + REQUEST_GRACE_MS;
  const model = await adapter.create(spec, contextOf(folder));
  const { pause: policy, notify = () => {} } = watch;
  const pauses = policy === undefined ? undefined : new Pauses(name, { policy, clock: systemClock, notify });
  const limited = {
    model,
    limiter,
    ...(isAdaptive ? { adaptive: new AdaptiveLimit(limiter, slots) } : {}),
    ...(Object.keys(rates).length === 0 ? {} : { rates: new RateLimit(rates, systemClock) }),
    ...(pauses === undefined ? {} : { pauses }),
    watchdog: new Watchdog(requestSeconds === undefined ? msMax : requestSeconds * 1000, systemClock),
    ...observing(name, setup, watch),
  };
  return { slots, limited };
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
function failedAdapter(name: string, cause: unknown): ModelError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new ModelError("broken-model", `Cannot make the model "${name}": its adapter failed: ${reason}`, {
    cause,
  });
}
