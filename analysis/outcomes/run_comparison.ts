/** Compares the outcomes of two runs as distributions over discussions. */
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { differencesBetween } from "../../core/run_log/mod.ts";
import { mean, quantile } from "../statistics/distributions.ts";
import { type DistributionDistance, distributionDistance } from "../statistics/distribution_distance.ts";
import type { Unavailable } from "../statistics/unavailable.ts";
import { ownOf } from "./factors.ts";
import type { Observation } from "./observation.ts";
import { numbersIn } from "./outcome_values.ts";
import { type Counting, type Outcome, outcomesOf } from "./outcomes.ts";

/** The values of one run: for each discussion, the mean over its comments. */
export type RunSample = Readonly<{
  values: readonly number[];
  mean: number;
  /** Lower quartile, median and upper quartile (type 6 of Hyndman and Fan 1996). */
  quartiles: readonly [lower: number, median: number, upper: number];
}>;

/** An outcome in two runs. */
export type ComparedOutcome = Readonly<{
  outcome: string;
  unit: Outcome["unit"];
  /** A level that both runs have; `null` for all discussions. */
  level: Readonly<{ factor: string; label: string }> | null;
  first: RunSample;
  second: RunSample;
  distance: DistributionDistance | Unavailable;
  /**
   * The differences between the scales of the two runs, such as `max: 5 → 7`. The values may then not be
   * comparable.
   */
  scaleDifferences: readonly string[];
}>;

/** The discussions of two runs. */
export type RunPair = readonly [first: readonly Observation[], second: readonly Observation[]];

/**
 * Compares every outcome that has values in both runs, over all discussions and at each level that both runs have.
 *
 * Scales are found by their names. The passes that have a scale can have different names in the two runs.
 * Scales of different types are not compared.
 */
export function compareRuns(
  runs: RunPair,
  analysis: Counting & Pick<AnalysisDesign, "level">,
  seed: string,
): readonly ComparedOutcome[] {
  const [first, second] = runs.map((run) => outcomesOf(run, { ...analysis, outcomes: [] }));
  const groups = groupsOf(runs);
  return first!.flatMap((outcome) => {
    const same = second!.find(({ name, scale }) =>
      name === outcome.name && scale?.type === outcome.scale?.type
    );
    if (same === undefined) return [];
    const scaleDifferences = differencesBetween(outcome.scale, same.scale);
    return groups.flatMap(({ level, members }): readonly ComparedOutcome[] => {
      const [one, other] = [valuesOf(outcome, members[0]), valuesOf(same, members[1])];
      if (one.length === 0 || other.length === 0) return [];
      const distance = distributionDistance(one, other, { seed, level: analysis.level });
      const { name, unit } = outcome;
      const samples = { first: sampleOf(one), second: sampleOf(other) };
      return [{ outcome: name, unit, level, ...samples, distance, scaleDifferences }];
    });
  });
}

type RunGroup = Pick<ComparedOutcome, "level"> & Readonly<{ members: readonly (readonly number[])[] }>;

/** All discussions, then the discussions of each level that both runs have. */
function groupsOf(runs: RunPair): readonly RunGroup[] {
  const levels = new Map<string, RunGroup["level"]>();
  for (const [factor, label] of runs[0].flatMap(({ factors }) => Object.entries(factors))) {
    levels.set(JSON.stringify([factor, label]), { factor, label });
  }
  const whole = { level: null, members: runs.map((run) => [...run.keys()]) };
  const shared = [...levels.values()].map((level) => ({
    level,
    members: runs.map((run) =>
      [...run.keys()].filter((index) => ownOf(run[index]!.factors, level!.factor) === level!.label)
    ),
  })).filter(({ members }) => members.every((own) => own.length > 0));
  return [whole, ...shared];
}

function valuesOf({ values }: Outcome, members: readonly number[] = []): readonly number[] {
  return members.map((member) => numbersIn(values, member)).filter((list) => list.length > 0).map(mean);
}

function sampleOf(values: readonly number[]): RunSample {
  const sorted = Float64Array.from(values).sort();
  const [lower, median, upper] = [0.25, 0.5, 0.75].map((p) => quantile(sorted, p));
  return { values, mean: mean(values), quartiles: [lower!, median!, upper!] };
}
