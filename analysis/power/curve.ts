/** Power over numbers of replications, and the search for the fewest that are enough. */
import { type Interval, LEVEL, shareInterval } from "../statistics/distributions.ts";
import { isUnavailable, type Unavailable, unavailable } from "../statistics/unavailable.ts";
import { goalOf, type PlannedStudy, type PowerTally } from "./simulate.ts";

/** The default number of simulated experiments: a power of 0.8 is then known to ±0.035. */
export const SIMULATIONS = 500;

/** The default limit of a search for replications. */
export const REPLICATIONS_MAX = 1000;

/** The fewest replications that show a variance between discussions. */
export const REPLICATIONS_MIN = 2;

/** A search first looks for the size with this share of the experiments. */
const SCOUTING = 0.2;

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
export type Simulate = (replications: number, simulations: number) => Promise<PowerTally | Unavailable>;

/** A search for the number of replications. */
export type PowerSearch = Readonly<{
  target: PowerTarget;
  /** The places of the tests that shall reach the target. */
  asked: readonly number[];
  /** The number of experiments for each point of the curve. */
  simulations: number;
  max?: number;
}>;

/** A curve, from fewer to more replications, and the power that was asked for, or why there is none. */
export type PowerCurve = Readonly<{ answer: StudyPower | Unavailable; curve: readonly StudyPower[] }>;

/** Shares from counts. */
export function powerFrom(study: PlannedStudy, replications: number, tally: PowerTally): StudyPower {
  const { experiments } = tally;
  const share = (count: number): Share => ({
    share: count / experiments,
    interval: shareInterval(count, experiments, LEVEL),
  });
  const tests = study.pilot.tests.map((test, at): TestPower => {
    const { found, uncorrected, equivalent, halfWidths, intervals, failed } = tally.tests[at]!;
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
  const { target, asked, simulations, max = REPLICATIONS_MAX } = search;
  const known = new Map<number, StudyPower>();
  const at = async (replications: number, experiments: number): Promise<StudyPower | Unavailable> => {
    const before = known.get(replications);
    if (before !== undefined) return before;
    const tally = await simulate(replications, experiments);
    if (isUnavailable(tally)) return tally;
    const power = powerFrom(study, replications, tally);
    if (experiments === simulations) known.set(replications, power);
    return power;
  };
  const answer = "replications" in target
    ? await at(target.replications, simulations)
    : await fewest(at, { target, asked, simulations, max });
  if (!isUnavailable(answer)) {
    for (const share of SHARES) {
      const other = Math.round(share * answer.replications);
      if (other >= REPLICATIONS_MIN) await at(other, simulations);
    }
  }
  const curve = [...known.values()].toSorted((a, b) => a.replications - b.replications);
  return { answer, curve };
}

type At = (replications: number, experiments: number) => Promise<StudyPower | Unavailable>;

async function fewest(
  at: At,
  { target, asked, simulations, max }: Required<PowerSearch> & Readonly<{ target: PowerTarget }>,
): Promise<StudyPower | Unavailable> {
  const reaches = ({ tests }: StudyPower) =>
    asked.every((place) => {
      const test = tests[place]!;
      if ("power" in target) return reached(test).share >= target.power;
      return test.halfWidth !== null && "halfWidth" in target && test.halfWidth <= target.halfWidth;
    });
  const scouting = Math.ceil(SCOUTING * simulations);
  let [tooFew, next] = [REPLICATIONS_MIN - 1, Math.min(REPLICATIONS_MIN, max)];
  let enough: StudyPower | undefined;
  while (enough === undefined) {
    const scouted = await at(next, scouting);
    const found = isUnavailable(scouted) || !reaches(scouted) ? scouted : await at(next, simulations);
    if (isUnavailable(found)) return found;
    if (reaches(found)) enough = found;
    else if (next >= max) return tooLittle(found, asked);
    else [tooFew, next] = [next, Math.min(2 * next, max)];
  }
  while (enough.replications - tooFew > Math.max(1, PRECISION * enough.replications)) {
    const middle = (tooFew + enough.replications) >> 1;
    const found = await at(middle, simulations);
    if (isUnavailable(found)) return found;
    if (reaches(found)) enough = found;
    else tooFew = middle;
  }
  // So far, the number below can be known from few experiments only.
  const below = tooFew < REPLICATIONS_MIN ? enough : await at(tooFew, simulations);
  return isUnavailable(below) || reaches(below) ? below : enough;
}

function tooLittle({ replications, tests }: StudyPower, asked: readonly number[]): Unavailable {
  const own = asked.map((place) => tests[place]!);
  const power = Math.min(...own.map((test) => reached(test).share)).toFixed(2);
  const halfWidth = Math.max(...own.map(({ halfWidth }) => halfWidth ?? Infinity)).toPrecision(3);
  return unavailable(
    `${replications} replications give a power of ${power} and a half-width of ${halfWidth}`,
  );
}
