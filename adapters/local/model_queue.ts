/** The queue of requests to a model: its limits, its pauses, and its time limit. */
import type { ModelSpec } from "../../core/events/mod.ts";
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
import { type ModelSetup, queueKey } from "../../core/experiment/mod.ts";
import type { Model, ModelAdapter } from "../../core/ports/mod.ts";
import type { WorkerLimits } from "../../core/sharing/mod.ts";
import { nativeSha256, systemClock } from "../system.ts";

/** A model; how it is reached may be unknown. */
export type OpenableModel = ModelSpec & Partial<ModelSetup>;

/** How models are watched. */
export type ModelWatch = Readonly<{
  /**
   * When a model counts as down, and how long to wait for it. Without a policy, requests to a model that is down
   * fail.
   */
  pause?: PausePolicy;
  /** Called when a model goes down or comes back. */
  notify?: (notice: ModelNotice) => void;
  /** Called for every attempt at a request. */
  observe?: (model: string, attempt: AttemptNotice) => void;
  /** Shares the limits and pauses of models with other workers. */
  shared?: WorkerLimits;
  /** Called for every paid reply; `null` if the server does not report tokens. */
  paid?: (model: string, spent: Spent | null) => void;
}>;

/** The most questions to people at the same time: one for each open discussion. */
const PEOPLE_ASKED_MAX = 20_000;

/** A model with its queue, shared by all entries that are reached and limited in the same way. */
export type Queue = Omit<LimitedModel, "observe">;

/** The spec for an adapter. Its options include the options for reaching the model. */
export function wholeSpec(setup: OpenableModel): ModelSpec {
  return { ...setup, options: { ...setup.options, ...setup.service } };
}

type Making = Readonly<{ adapter: ModelAdapter; model: Model; watch: ModelWatch }>;

/** Makes the queue of a model. Returns it with the number of its slots. */
export function queueFor(
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
  const { pause: policy, notify = () => {}, shared } = watch;
  if (adapter.asksPeople) {
    // For a person, only the time limit of the question counts. An end of this time is no outage and no sign of load.
    return { slots: 0, queue: { model, limiter: new Limiter(PEOPLE_ASKED_MAX), asksPeople: true } };
  }
  // Entries with the same name can be different models, so the key also has a hash of the entry.
  const key = `${name} ${nativeSha256(queueKey(setup)).slice(0, 16)}`;
  const share = shared?.pausesOf(key);
  const pauses = policy === undefined
    ? undefined
    : new Pauses(name, { policy, clock: systemClock, notify, ...(share === undefined ? {} : { share }) });
  if (pauses !== undefined) share?.connect(pauses, limiter);
  const requestMs = requestSeconds === undefined ? msMax : requestSeconds * 1000;
  const limits = {
    limiter,
    slots,
    isAdaptive,
    requestMs,
    ...(Object.keys(rates).length === 0 ? {} : { rates }),
  };
  const { rates: rateLimit, adaptive } = shared?.shareModel(key, limits) ?? {
    rates: limits.rates === undefined ? null : new RateLimit(limits.rates, systemClock),
    adaptive: isAdaptive ? new AdaptiveLimit(limiter, slots) : null,
  };
  const queue = {
    model,
    limiter,
    ...(adaptive === null ? {} : { adaptive }),
    ...(rateLimit === null ? {} : { rates: rateLimit }),
    ...(pauses === undefined ? {} : { pauses }),
    watchdog: new Watchdog(requestMs, systemClock),
  };
  return { slots, queue };
}
