/** The power at several numbers of replications, and the search for the smallest number that is enough. */
import { criticalValue, type Interval, LEVEL, shareInterval } from "../statistics/distributions.ts";
import { isUnavailable, type Unavailable, unavailable } from "../statistics/unavailable.ts";
import {
  addTallies,
  emptyTally,
  type Experiments,
  goalOf,
  type PlannedStudy,
  type PowerTally,
  type TestTally,
} from "./simulate.ts";

/** The default number of simulated experiments. With it, the 95 % interval of a power of 0.8 is ±0.035. */
export const SIMULATIONS = 500;

/** By default, a search tries at most this many replications. */
export const REPLICATIONS_MAX = 1000;

/** The smallest number of replications: with fewer, the variance between discussions cannot be estimated. */
export const REPLICATIONS_MIN = 2;

/**
 * The first step of a search finds the answer roughly, with this share of the experiments, but at least this
 * number.
 */
const [SCOUTING, SCOUTING_MIN] = [0.2, 100] as const;

/** The first step ends when the answer is known up to this share of it. */
const SCOUTING_PRECISION = 0.25;

/** The search ends when the answer is known up to this share of it. The error of the simulation is not smaller. */
const PRECISION = 0.05;

/** Besides the answer, a curve has these numbers of replications, as multiples of the answer. */
const SHARES = [0.25, 0.5, 0.75, 1.5] as const;

/** A share of the simulated experiments, and its interval, which depends on their number. */
export type Share = Readonly<{ share: number; interval: Interval }>;

/** The power of one test. */
export type TestPower = Readonly<{
  outcome: string;
  term: string;
  unit: "outcome" | "log-odds";
  /** The assumed true effect, in the unit of the test. */
  effect: number;
  margin: number | null;
  goal: "effect" | "equivalence" | null;
  /**
   * The share of experiments that find an effect in any direction: with the correction for several tests, and
   * without.
   */
  found: Share;
  uncorrected: Share;
  /** The share of experiments that show equivalence; `null` without a margin. */
  equivalent: Share | null;
  /**
   * Half the width of the effect's interval, as a mean over the experiments; `null` if no experiment has an
   * interval.
   */
  halfWidth: number | null;
  /**
   * The interval of `halfWidth`, which depends on the number of experiments; `null` for fewer than two
   * experiments.
   */
  halfWidthInterval: Interval | null;
  /**
   * The number of experiments in which the test could not be computed. They count as experiments that find no
   * effect.
   */
  failed: number;
}>;

/** The power of a study with a number of replications. */
export type StudyPower = Readonly<{
  /** Discussions in each condition. */
  replications: number;
  discussions: number;
  simulations: number;
  tests: readonly TestPower[];
  /** The share of experiments that reach at least one goal, and the share of experiments that reach all goals. */
  any: Share;
  all: Share;
}>;

/**
 * What the power analysis is asked for: a power for each goal, a half-width, or the power at a number of
 * replications.
 */
export type PowerTarget =
  | Readonly<{ power: number }>
  | Readonly<{ halfWidth: number }>
  | Readonly<{ replications: number }>;

/** Simulates experiments, on one or more threads. */
export type Simulate = (experiments: Experiments) => Promise<PowerTally | Unavailable>;

/** A search for the number of replications. */
export type PowerSearch = Readonly<{
  target: PowerTarget;
  /** The indices of the tests that must reach the target. */
  asked: readonly number[];
  /** The number of simulated experiments at the answer. Other numbers of replications get fewer experiments. */
  simulations: number;
  max?: number;
}>;

/**
 * `answer`: the power at the number of replications that was found, or the reason why none was found. `curve`:
 * the power at several numbers of replications, in rising order. Without an answer, it has all numbers that the
 * search tried.
 */
export type PowerCurve = Readonly<{ answer: StudyPower | Unavailable; curve: readonly StudyPower[] }>;

/** Computes the power of a study from the counts of its simulated experiments. */
export function powerFrom(study: PlannedStudy, replications: number, tally: PowerTally): StudyPower {
  const { experiments } = tally;
  const share = (count: number): Share => ({
    share: count / experiments,
    interval: shareInterval(count, experiments, LEVEL),
  });
  const tests = study.pilot.tests.map((test, at): TestPower => {
    const own = tally.tests[at]!;
    const { found, uncorrected, equivalent, halfWidths, intervals, failed } = own;
    const { plan: { outcome, term }, unit, margin } = test;
    return {
      outcome,
      term: term.name,
      unit,
      effect: study.effects[at]!,
      margin,
      goal: goalOf(test, study.effects[at]!),
      found: share(found),
      uncorrected: share(uncorrected),
      equivalent: margin === null ? null : share(equivalent),
      halfWidth: intervals === 0 ? null : halfWidths / intervals,
      halfWidthInterval: halfWidthInterval(own),
      failed,
    };
  });
  return {
    replications,
    discussions: replications * study.pilot.conditions,
    simulations: experiments,
    tests,
    any: share(tally.any),
    all: share(tally.all),
  };
}

/** The interval of the mean half-width, by the normal distribution, because there are many experiments. */
function halfWidthInterval({ halfWidths, squaredHalfWidths, intervals }: TestTally): Interval | null {
  if (intervals < 2) return null;
  const mean = halfWidths / intervals;
  const variance = Math.max(0, squaredHalfWidths - intervals * mean ** 2) / (intervals - 1);
  const reach = criticalValue(LEVEL, null) * Math.sqrt(variance / intervals);
  return { level: LEVEL, lower: Math.max(0, mean - reach), upper: mean + reach };
}

/** The share of experiments that reach the goal of a test. */
export function reached({ goal, found, equivalent }: TestPower): Share {
  return goal === "equivalence" && equivalent !== null ? equivalent : found;
}

/** Finds the smallest number of replications that reaches a target, and the power at other numbers around it. */
export async function powerCurve(
  study: PlannedStudy,
  search: PowerSearch,
  simulate: Simulate,
): Promise<PowerCurve> {
  const { target, simulations } = search;
  const known = new Map<number, PowerTally>();
  const at: At = async (replications, experiments) => {
    let tally = known.get(replications) ?? emptyTally(study.pilot.tests.length);
    if (tally.experiments < experiments) {
      const more = await simulate({ replications, from: tally.experiments, to: experiments });
      if (isUnavailable(more)) return more;
      tally = addTallies(tally, more);
      known.set(replications, tally);
    }
    return powerFrom(study, replications, tally);
  };
  const answer = "replications" in target
    ? await at(target.replications, simulations)
    : await fewest(at, { ...search, target });
  const others = isUnavailable(answer) ? [] : SHARES.map((share) => Math.round(share * answer.replications));
  for (const other of others) {
    if (other >= REPLICATIONS_MIN) await at(other, scoutingOf(simulations));
  }
  const curve = [...known].filter(([replications, { experiments }]) =>
    isUnavailable(answer) || experiments === simulations || others.includes(replications)
  ).map(([replications, tally]) => powerFrom(study, replications, tally));
  return { answer, curve: curve.toSorted((a, b) => a.replications - b.replications) };
}

/** Computes the power at a number of replications from at least this number of experiments. */
type At = (replications: number, experiments: number) => Promise<StudyPower | Unavailable>;

/** The number of experiments in the first step of a search. */
function scoutingOf(simulations: number): number {
  return Math.min(simulations, Math.max(SCOUTING_MIN, Math.ceil(SCOUTING * simulations)));
}

type FewestTarget = Exclude<PowerTarget, Readonly<{ replications: number }>>;

/** Finds the answer roughly with few experiments, and then more precisely with all experiments. */
async function fewest(
  at: At,
  { target, asked, simulations, max = REPLICATIONS_MAX }: PowerSearch & Readonly<{ target: FewestTarget }>,
): Promise<StudyPower | Unavailable> {
  const excess = (power: StudyPower) => excessOf(power, asked, target);
  const scouting = scoutingOf(simulations);
  let [few, enough]: [StudyPower | null, StudyPower | null] = [null, null];
  let next = Math.min(REPLICATIONS_MIN, max);
  while (few === null || enough === null || isWide(few, enough, SCOUTING_PRECISION)) {
    const found = await at(next, scouting);
    if (isUnavailable(found)) return found;
    if (excess(found) >= 0) enough = found;
    else few = found;
    if (few === null) break;
    if (enough !== null) next = between(few, enough, excess);
    else if (next < max) next = Math.min(2 * next, max);
    else if (isHopeless(found, asked, target)) return tooLittle(found, asked);
    else break;
  }

  [few, enough] = [null, null];
  for (let stride = PRECISION; few === null || enough === null || isWide(few, enough, PRECISION);) {
    const found = await at(next, simulations);
    if (isUnavailable(found)) return found;
    if (excess(found) >= 0) enough = found;
    else few = found;
    if (few !== null && enough !== null) {
      next = between(few, enough, excess);
      continue;
    }
    if (few === null && next <= REPLICATIONS_MIN) return found;
    if (enough === null && next >= max) return tooLittle(found, asked);
    const away = Math.max(1, Math.floor(stride * next));
    next = few === null ? Math.max(next - away, REPLICATIONS_MIN) : Math.min(next + away, max);
    stride = Math.min(1, 2 * stride);
  }
  return enough;
}

function isWide(few: StudyPower, enough: StudyPower, precision: number): boolean {
  return enough.replications - few.replications > Math.max(1, precision * enough.replications);
}

/**
 * By how much the weakest of the asked tests exceeds the target. A negative number means that it misses the
 * target. The number is about linear in the square root of the number of replications.
 */
function excessOf(
  { tests, simulations }: StudyPower,
  asked: readonly number[],
  target: FewestTarget,
): number {
  return Math.min(...asked.map((place) => {
    const test = tests[place]!;
    if ("halfWidth" in target) return test.halfWidth === null ? -1 : target.halfWidth / test.halfWidth - 1;
    const { share } = reached(test);
    const inside = Math.min(Math.max(share, 0.5 / simulations), 1 - 0.5 / simulations);
    const difference = normalScore(inside) - normalScore(target.power);
    return share >= target.power ? Math.max(0, difference) : difference;
  }));
}

/** The quantile of the standard normal distribution at a share. */
function normalScore(share: number): number {
  return criticalValue(2 * share - 1, null);
}

/**
 * The number of replications between `few` and `enough` at which the excess would be 0, if it were linear in
 * the square root of this number.
 */
function between(few: StudyPower, enough: StudyPower, excess: (power: StudyPower) => number): number {
  const [below, above] = [few, enough].map(({ replications }) => Math.sqrt(replications));
  const share = -excess(few) / (excess(enough) - excess(few));
  const guess = Math.round((below! + share * (above! - below!)) ** 2);
  return Math.min(Math.max(guess, few.replications + 1), enough.replications - 1);
}

/** Whether a test would miss its target even with more experiments. */
function isHopeless({ tests }: StudyPower, asked: readonly number[], target: FewestTarget): boolean {
  return "halfWidth" in target ||
    asked.some((place) => reached(tests[place]!).interval.upper < target.power);
}

function tooLittle({ replications, tests }: StudyPower, asked: readonly number[]): Unavailable {
  const own = asked.map((place) => tests[place]!);
  const power = Math.min(...own.map((test) => reached(test).share)).toFixed(2);
  const halfWidth = Math.max(...own.map(({ halfWidth }) => halfWidth ?? Infinity));
  const width = Number.isFinite(halfWidth) ? `a half-width of ${halfWidth.toPrecision(3)}` : "no interval";
  return unavailable(`${replications} replications give a power of ${power} and ${width}`);
}
