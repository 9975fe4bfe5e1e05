/** The limits on requests to a model, as in a real run. Each simulated world has some of these limits. */
import {
  AdaptiveLimit,
  type AttemptNotice,
  Budget,
  type LimitedModel,
  Limiter,
  type ModelNotice,
  PAUSE_POLICY,
  type PausePolicy,
  Pauses,
  RateLimit,
  type Rates,
  type RunLimits,
  type Spent,
  Watchdog,
} from "../engine/mod.ts";
import type { Clock, Model } from "../ports/mod.ts";
import { type Draw, openDraw } from "../random/mod.ts";
import type { Weather } from "./faults.ts";
import { SIMULATED_MODELS } from "./scenario.ts";

const PAUSES_MS_MAX = [0, 60_000, PAUSE_POLICY.pauseMsMax, PAUSE_POLICY.pauseMsMax];
const REQUESTS_MS_MAX = [10_000, 90_000, 600_000];
const TOKENS_MOST = 1_000;
const DEADLINE_MS_MAX = 600_000;
const FAILURES_MOST = 3;
const TOKENS_PER_COST = 1_000;

export type Guards = Readonly<{
  slots: number;
  isAdaptive: boolean;
  rates: Rates | null;
  pause: PausePolicy | null;
  /** How long a request may take, in milliseconds. */
  requestMsMax: number | null;
  /** The limits that a user can set for processes of this world. */
  limited: readonly (keyof RunLimits)[];
}>;

export function guardsOf(seed: string, slots: number): Guards {
  const draw = openDraw(seed, "guards");
  const sometimes = <T>(make: () => T): T | null => draw.below(2) === 0 ? null : make();
  return {
    slots,
    isAdaptive: draw.below(2) === 0,
    rates: sometimes(() => ratesOf(draw)),
    pause: sometimes(() => ({
      ...PAUSE_POLICY,
      failuresMax: 1 + draw.below(PAUSE_POLICY.failuresMax),
      pauseMsMax: draw.pick(PAUSES_MS_MAX),
    })),
    requestMsMax: sometimes(() => draw.pick(REQUESTS_MS_MAX)),
    limited: draw.sample(["costMax", "tokensMax", "failuresMax", "deadlineMs"] as const, draw.below(3)),
  };
}

function ratesOf(draw: Draw): Rates {
  const requestsPerMinute = 20 + draw.below(400);
  const tokensPerMinute = 5_000 + draw.below(100_000);
  return draw.pick([{ requestsPerMinute }, { tokensPerMinute }, { requestsPerMinute, tokensPerMinute }]);
}

export type GuardParts = Readonly<{
  clock: Clock;
  notify: (notice: ModelNotice) => void;
  observe: (attempt: AttemptNotice) => void;
}>;

/** A model as one process opens it, with the limits of its world. */
export function guarded(
  [name, model]: readonly [name: string, model: Model],
  { slots, isAdaptive, rates, pause, requestMsMax }: Guards,
  { clock, notify, observe }: GuardParts,
): LimitedModel {
  const limiter = new Limiter(slots);
  return {
    model,
    limiter,
    observe,
    ...(isAdaptive ? { adaptive: new AdaptiveLimit(limiter, slots) } : {}),
    ...(rates === null ? {} : { rates: new RateLimit(rates, clock) }),
    ...(pause === null ? {} : { pauses: new Pauses(name, { policy: pause, clock, notify }) }),
    ...(requestMsMax === null ? {} : { watchdog: new Watchdog(requestMsMax, clock) }),
  };
}

/**
 * The budget of one process, a little above the spending so far. At most about half of the processes have a
 * budget.
 */
export function budgetOf(
  { limited }: Guards,
  { weather, clock, spent }: Readonly<{ weather: Weather; clock: Clock; spent: Spent }>,
): Budget | null {
  if (weather.isCalm || limited.length === 0 || weather.draw.below(2) === 0) return null;
  const limits: Required<RunLimits> = {
    tokensMax: spent.tokens + weather.between(0, TOKENS_MOST),
    costMax: spent.cost + weather.between(0, TOKENS_MOST) / TOKENS_PER_COST,
    failuresMax: weather.between(1, FAILURES_MOST),
    deadlineMs: clock.now() + weather.between(0, DEADLINE_MS_MAX),
  };
  return new Budget(Object.fromEntries(limited.map((limit) => [limit, limits[limit]])), spent);
}

export function spentOn(attempt: AttemptNotice): Spent {
  const { promptTokens = 0, completionTokens = 0 } = "reply" in attempt ? attempt.reply.usage ?? {} : {};
  const tokens = promptTokens + completionTokens;
  return { tokens, cost: tokens / TOKENS_PER_COST };
}

/** How many timers can wait besides the timers of discussions: ticks of watchdogs, and the deadline. */
export function timersOf({ requestMsMax, limited }: Guards, budget: Budget | null): number {
  return (requestMsMax === null ? 0 : SIMULATED_MODELS.length) +
    (budget !== null && limited.includes("deadlineMs") ? 1 : 0);
}
