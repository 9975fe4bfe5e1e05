/** Power over numbers of replications, and the search for the fewest that are enough. */
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

/** The default number of simulated experiments: a power of 0.8 is then known to ±0.035. */
export const SIMULATIONS = 500;

/** The default limit of a search for replications. */
export const REPLICATIONS_MAX = 1000;

/** The fewest replications that show a variance between discussions. */
export const REPLICATIONS_MIN = 2;

/** A search looks for the region of the answer with this share of the experiments, and with at least this number. */
const [SCOUTING, SCOUTING_MIN] = [0.2, 100] as const;

/** The search for the region ends when the answer is known to this share. */
const SCOUTING_PRECISION = 0.25;

/** The search ends when the answer is known to this share: with fewer steps, it stays within the error of the simulation. */
const PRECISION = 0.05;

/** The other numbers of replications of a curve, as shares of the answer's number. */
const SHARES = [0.25, 0.5, 0.75, 1.5] as const;

/** A share of experiments, with the interval that follows from their number. */
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
  /** Experiments that find an effect in any direction, with and without the correction for several tests. */
  found: Share;
  uncorrected: Share;
  /** Experiments that show equivalence; `null` without a margin. */
  equivalent: Share | null;
  /** Half the width of the interval of the effect, as a mean over the experiments; `null` if there is none. */
  halfWidth: number | null;
  /** The interval of this mean, as chance among the experiments gives it; `null` for fewer than two. */
  halfWidthInterval: Interval | null;
  /** Experiments in which the test could not be computed. They count as not found. */
  failed: number;
}>;

/** The power of a study with a number of replications. */
export type StudyPower = Readonly<{
  /** Discussions in each condition. */
  replications: number;
  discussions: number;
  simulations: number;
  tests: readonly TestPower[];
  /** Experiments that reach at least one goal, and all goals. */
  any: Share;
  all: Share;
}>;

/** What a study shall reach: a power for each goal, or an interval, or a number of replications to look at. */
export type PowerTarget =
  | Readonly<{ power: number }>
  | Readonly<{ halfWidth: number }>
  | Readonly<{ replications: number }>;

/** Simulates experiments, on one or more threads. */
export type Simulate = (experiments: Experiments) => Promise<PowerTally | Unavailable>;

/** A search for the number of replications. */
export type PowerSearch = Readonly<{
  target: PowerTarget;
  /** The places of the tests that shall reach the target. */
  asked: readonly number[];
  /** The number of experiments for the answer. Points that are far from it get fewer. */
  simulations: number;
  max?: number;
}>;

/**
 * A curve, from fewer to more replications, and the power that was asked for, or why there is none. Without an answer, the curve
 * has all numbers of replications that the search tried.
 */
export type PowerCurve = Readonly<{ answer: StudyPower | Unavailable; curve: readonly StudyPower[] }>;

/** Shares from counts. */
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

/** The interval of a mean half-width, by the normal distribution: there are many experiments. */
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

/** Finds the fewest replications that reach a target, and the power around them. */
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

/** The power from at least this number of experiments. */
type At = (replications: number, experiments: number) => Promise<StudyPower | Unavailable>;

/** A number of experiments that shows the region of an answer. */
function scoutingOf(simulations: number): number {
  return Math.min(simulations, Math.max(SCOUTING_MIN, Math.ceil(SCOUTING * simulations)));
}

type FewestTarget = Exclude<PowerTarget, Readonly<{ replications: number }>>;

/** Finds the region of the answer with few experiments, and then the answer with all. */
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
 * By how much the weakest asked test exceeds its target; below 0 when it misses it. It grows about evenly with the square
 * root of the number of replications.
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

/** The quantile of the normal distribution at a share. */
function normalScore(share: number): number {
  return criticalValue(2 * share - 1, null);
}

/** The replications between too few and enough where the excess would be 0, if it grew evenly with their square root. */
function between(few: StudyPower, enough: StudyPower, excess: (power: StudyPower) => number): number {
  const [below, above] = [few, enough].map(({ replications }) => Math.sqrt(replications));
  const share = -excess(few) / (excess(enough) - excess(few));
  const guess = Math.round((below! + share * (above! - below!)) ** 2);
  return Math.min(Math.max(guess, few.replications + 1), enough.replications - 1);
}

/** Whether more experiments would not change that a test misses its target. */
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
