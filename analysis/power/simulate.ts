/** Simulates experiments of a planned study, and counts how many of them find the effects that the study assumes. */
import { openDraw } from "../../core/random/mod.ts";
import { plannedTest } from "../outcomes/compare_outcomes.ts";
import { adjusted } from "../outcomes/families.ts";
import type { OutcomeLooks } from "../outcomes/looks.ts";
import type { Observation } from "../outcomes/observation.ts";
import { valuesOf } from "../outcomes/outcome_values.ts";
import type { Outcome } from "../outcomes/outcomes.ts";
import type { AdjustedTest, EffectTest } from "../outcomes/results.ts";
import { type Sample, sampleOf } from "../outcomes/sample.ts";
import { isUnavailable, type Unavailable, unavailable } from "../statistics/unavailable.ts";
import { type LookRule, lookRule } from "./look_rule.ts";
import { drawsOf, type DrawValues } from "./outcome_source.ts";
import { type PilotStudy, type StudyTest, subjectFor } from "./pilot_study.ts";

/** A study that is planned from a pilot. It is plain data. */
export type PlannedStudy = Readonly<{
  pilot: PilotStudy;
  /** The assumed true effect of each test of the pilot, in the unit of the test. */
  effects: readonly number[];
  /** Equal seeds give equal results. */
  seed: string;
}>;

/** Which experiments to simulate: the numbers from `from` up to, but without, `to`. */
export type Experiments = Readonly<{ replications: number; from: number; to: number }>;

/** Counts of simulated experiments. */
export type PowerTally = Readonly<{
  experiments: number;
  /**
   * The number of experiments that reach at least one goal (see {@linkcode goalOf}), and the number that reach
   * all goals.
   */
  any: number;
  all: number;
  /** The counts of each test of the pilot. */
  tests: readonly TestTally[];
}>;

/**
 * The counts of one test: the experiments that find an effect, that find it without the correction for several
 * tests, that show equivalence, and that cannot be tested.
 */
export type TestTally = Readonly<{
  found: number;
  uncorrected: number;
  equivalent: number;
  failed: number;
  /** The sum of the half-widths of the effect's intervals, the sum of their squares, and the number of intervals. */
  halfWidths: number;
  squaredHalfWidths: number;
  intervals: number;
}>;

/**
 * What a test is expected to show: an effect; or equivalence, if the assumed effect is 0 and a margin is
 * declared; or nothing (`null`).
 */
export function goalOf({ margin }: StudyTest, effect: number): "effect" | "equivalence" | null {
  return effect !== 0 ? "effect" : margin === null ? null : "equivalence";
}

/**
 * Simulates experiments, and analyses each one as the report does: with the same models, tests and corrections.
 *
 * Each experiment has its own random draws, so its result does not depend on the other experiments that are
 * simulated.
 *
 * @returns The reason if no outcome can be drawn.
 */
export function simulateExperiments(
  study: PlannedStudy,
  { replications, from, to }: Experiments,
): PowerTally | Unavailable {
  const { pilot, effects } = study;
  const experiment = experimentOf(study, replications);
  if (isUnavailable(experiment)) return experiment;
  const goals = pilot.tests.map((test, at) => goalOf(test, effects[at]!));
  let tally = emptyTally(pilot.tests.length);
  for (let number = from; number < to; number++) {
    const results = resultsOf(experiment, study, number);
    tally = addTallies(tally, countsOf(results, goals, 1 - pilot.analysis.level));
  }
  return tally;
}

/** Counts without any experiment. */
export function emptyTally(tests: number): PowerTally {
  return { experiments: 0, any: 0, all: 0, tests: Array.from({ length: tests }, () => NOTHING) };
}

/** Adds the counts of two sets of different experiments. */
export function addTallies(one: PowerTally, other: PowerTally): PowerTally {
  return {
    experiments: one.experiments + other.experiments,
    any: one.any + other.any,
    all: one.all + other.all,
    tests: one.tests.map((test, at) => {
      const more = other.tests[at]!;
      return {
        found: test.found + more.found,
        uncorrected: test.uncorrected + more.uncorrected,
        equivalent: test.equivalent + more.equivalent,
        failed: test.failed + more.failed,
        halfWidths: test.halfWidths + more.halfWidths,
        squaredHalfWidths: test.squaredHalfWidths + more.squaredHalfWidths,
        intervals: test.intervals + more.intervals,
      };
    }),
  };
}

/** A simulated experiment before its values are drawn. */
type Experiment = Readonly<{
  sample: Sample;
  sources: readonly Readonly<{ outcome: Outcome; draw: DrawValues | null }>[];
  looks: LookRule | null;
}>;

function experimentOf({ pilot, effects }: PlannedStudy, replications: number): Experiment | Unavailable {
  const { analysis, order } = pilot;
  const { observations, originals } = copiesOf(pilot, replications);
  const sample = sampleOf(observations, analysis, order);
  const sources = pilot.sources.map(({ outcome, source }, place) => {
    const values = valuesOf(outcome.values, originals);
    if (isUnavailable(source)) return { outcome: { ...outcome, values }, draw: source };
    const assumed = pilot.tests.flatMap((test, at): [string, number][] =>
      test.source === place && test.coefficient !== null ? [[test.coefficient, effects[at]!]] : []
    );
    const coefficients = { ...source.coefficients, ...Object.fromEntries(assumed) };
    return {
      outcome: { ...outcome, values },
      draw: drawsOf({ ...source, coefficients }, values, sample.context),
    };
  });
  const reason = sources.map(({ draw }) => draw).find((draw) => isUnavailable(draw));
  if (sources.every(({ draw }) => isUnavailable(draw))) {
    return reason ?? unavailable("there is no declared test");
  }
  return {
    sample,
    sources: sources.map(({ outcome, draw }) => ({ outcome, draw: isUnavailable(draw) ? null : draw })),
    looks: lookRule(analysis, pilot.tests.length),
  };
}

/**
 * Makes the discussions of an experiment from copies of the pilot's discussions. For each replication, each
 * condition gets a copy of its next discussion; after the last one, it begins again with the first.
 */
function copiesOf(
  { observations, matched }: Pick<PilotStudy, "observations" | "matched">,
  replications: number,
): Readonly<{ observations: readonly Observation[]; originals: readonly number[] }> {
  const byCondition = Map.groupBy(observations.keys(), (place) => observations[place]!.condition);
  const copies = [...byCondition].flatMap(([condition, places]) => {
    const inOrder = places.toSorted((a, b) => observations[a]!.replicate - observations[b]!.replicate);
    return Array.from({ length: replications }, (_, replicate) => {
      const original = inOrder[replicate % inOrder.length]!;
      const discussion = `${condition}/${replicate}`;
      const copy: Observation = {
        ...observations[original]!,
        discussion,
        replicate: replicate + 1,
        seed: matched ? `r${replicate}` : discussion,
      };
      return { copy, original };
    });
  });
  return { observations: copies.map(({ copy }) => copy), originals: copies.map(({ original }) => original) };
}

/** The tests of one experiment; `null` for a test whose outcome cannot be drawn. */
function resultsOf(
  { sample, sources, looks }: Experiment,
  { pilot: { tests, analysis }, seed }: PlannedStudy,
  number: number,
): readonly (AdjustedTest | null)[] {
  const results = new Map<StudyTest, EffectTest>();
  for (const [place, { outcome, draw }] of sources.entries()) {
    if (draw === null) continue;
    const own = tests.filter(({ source }) => source === place);
    const values = draw(openDraw(seed, "power", sample.observations.length, place, number));
    const plans = own.map(({ plan }) => plan);
    const subject = subjectFor({ ...outcome, values }, sample, {
      plans,
      seed: JSON.stringify([seed, number]),
    });
    for (const test of own) {
      const result = plannedTest(test.plan, subject, { analysis, nominal: looks?.nominal });
      results.set(test, { ...(looks?.repeated(result) ?? result), checks: [] });
    }
  }
  const declaredBefore = new Map(sources.map(({ outcome: { name } }) => [name, NO_LOOKS]));
  const family = adjusted([...results.values()], declaredBefore, analysis.correction);
  const places = new Map([...results.keys()].map((test, at) => [test, family[at]!]));
  return tests.map((test) => places.get(test) ?? null);
}

/** The rule for looks has already changed p, so the correction must not allow for looks again. */
const NO_LOOKS: OutcomeLooks = { seenBeforeChange: [], sequence: null };

function countsOf(
  results: readonly (AdjustedTest | null)[],
  goals: readonly ReturnType<typeof goalOf>[],
  alpha: number,
): PowerTally {
  const tests = results.map((result): TestTally => {
    if (result === null || isUnavailable(result.figures)) return { ...NOTHING, failed: 1 };
    const { figures: { p, interval }, adjusted, equivalence } = result;
    const isEquivalent = equivalence !== null && !isUnavailable(equivalence) && equivalence.adjusted! < alpha;
    const halfWidth = isUnavailable(interval) ? null : (interval.upper - interval.lower) / 2;
    return {
      failed: 0,
      found: Number(adjusted! < alpha),
      uncorrected: Number(p < alpha),
      equivalent: Number(isEquivalent),
      halfWidths: halfWidth ?? 0,
      squaredHalfWidths: (halfWidth ?? 0) ** 2,
      intervals: Number(halfWidth !== null),
    };
  });
  const reached = goals.flatMap((goal, at) =>
    goal === null ? [] : [tests[at]![goal === "effect" ? "found" : "equivalent"] === 1]
  );
  return {
    experiments: 1,
    any: Number(reached.some((one) => one)),
    all: Number(reached.length > 0 && reached.every((one) => one)),
    tests,
  };
}

const NOTHING: TestTally = {
  found: 0,
  uncorrected: 0,
  equivalent: 0,
  failed: 0,
  halfWidths: 0,
  squaredHalfWidths: 0,
  intervals: 0,
};
