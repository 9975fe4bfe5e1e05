/** Compares levels of a factor with its reference: with one value for each discussion, and in matched pairs. */
import { cliffsDelta, type EffectSize, hedgesG } from "../statistics/effect_size.ts";
import type { BootstrapEstimate } from "../statistics/cluster_bootstrap.ts";
import { mean, notComputable } from "../statistics/distributions.ts";
import { type PairedDifference, pairedDifference } from "../statistics/paired_difference.ts";
import {
  type PermutationOptions,
  type PermutationResult,
  permutationTest,
} from "../statistics/permutation.ts";
import { type Unavailable, unavailable } from "../statistics/unavailable.ts";
import type { Contrast } from "./effects.ts";
import type { ObservedFactor } from "./factors.ts";
import {
  contrastOptions,
  type DifferenceOptions,
  lackingLevel,
  levelDifference,
} from "./level_differences.ts";
import { once } from "./once.ts";
import type { DiscussionMeans } from "./outcome_values.ts";
import { contrastPairs, cornersOf, isMatched, type Matchable } from "./within_replicates.ts";

/** A summary of the discussions at one level. */
export type LevelSummary = Readonly<{
  /**
   * The number of discussions with a value. Each of these values is a mean of several: `values` counts all of
   * them.
   */
  discussions: number;
  values: number;
  /** The mean over the discussions. Each discussion counts once. */
  mean: number | Unavailable;
}>;

/** A level compared with the reference, in the unit of the outcome. Figures are computed when they are read. */
export type LevelComparison = Readonly<{
  contrast: Contrast;
  level: LevelSummary;
  reference: LevelSummary;
  /**
   * The level's mean minus the reference's mean. Its interval comes from drawing discussions again within each
   * level.
   */
  difference: BootstrapEstimate | Unavailable;
  permutation: PermutationResult | Unavailable;
  /** Hedges' g and Cliff's delta. */
  g: EffectSize | Unavailable;
  delta: EffectSize | Unavailable;
  /** The comparison in pairs of matched discussions; `null` if the design does not match discussions. */
  paired:
    | Readonly<{
      result: PairedDifference | Unavailable;
      /** The same as in {@linkcode LevelSummary}, but only for the discussions in the pairs. */
      discussions: number;
      values: number;
    }>
    | null;
}>;

/** The options of a comparison of levels. */
export type ComparisonOptions = DifferenceOptions & Pick<PermutationOptions, "permutations">;

/**
 * Compares every level of a factor with its reference.
 *
 * @param observations All discussions, even incomplete ones, because they show how the design was matched.
 *
 * @param values One mean for each discussion.
 */
export function levelComparisons(
  factor: ObservedFactor,
  observations: readonly Matchable[],
  values: DiscussionMeans,
  options: ComparisonOptions,
): readonly LevelComparison[] {
  const { name, levels, reference } = factor;
  return levels.filter((level) => level !== reference).map((level) => {
    const contrast = { factor: name, level, reference };
    return compareLevel(contrast, { factor, observations, values }, contrastOptions(contrast, options));
  });
}

/** The data that a comparison of levels needs. */
type Comparable = Readonly<{
  factor: ObservedFactor;
  observations: readonly Matchable[];
  values: DiscussionMeans;
}>;

function compareLevel(contrast: Contrast, data: Comparable, options: ComparisonOptions): LevelComparison {
  const figures = figuresOf(contrast, data, options);
  return {
    contrast,
    level: figures.level,
    reference: figures.reference,
    get difference() {
      return figures.difference();
    },
    get permutation() {
      return figures.permutation();
    },
    get g() {
      return figures.g();
    },
    get delta() {
      return figures.delta();
    },
    get paired() {
      return figures.paired();
    },
  };
}

/** The figures of a comparison, as functions. A function computes its figure once, when it is called first. */
function figuresOf(
  contrast: Contrast,
  { factor, observations, values }: Comparable,
  options: ComparisonOptions,
) {
  // The values of the levels are found again for each figure, so that they are not kept with the comparison.
  const both = () =>
    [contrast.level, contrast.reference].map((level) =>
      placesAt(level, factor, values).map((place) => values.means[place]!)
    ) as [number[], number[]];
  const compared = <T>(compute: (ours: number[], theirs: number[]) => T) =>
    once((): T | Unavailable => {
      const [ours, theirs] = both();
      return lackingLevel(contrast, ours, theirs) ?? compute(ours, theirs);
    });
  return {
    level: summaryOf(placesAt(contrast.level, factor, values), values),
    reference: summaryOf(placesAt(contrast.reference, factor, values), values),
    difference: once(() => levelDifference(contrast, both(), options)),
    permutation: compared((ours, theirs) => permutationTest(ours, theirs, options)),
    g: compared((ours, theirs) => hedgesG(ours, theirs, options.level)),
    delta: compared((ours, theirs) => cliffsDelta(ours, theirs, options.level)),
    paired: once(() => matchedContrast([contrast], { factors: [factor], observations, values }, options)),
  };
}

/** The indices of the discussions at a level that have a value. */
function placesAt(level: string, { of }: ObservedFactor, { counts }: DiscussionMeans): number[] {
  return [...counts.keys()].filter((place) => counts[place]! > 0 && of[place] === level);
}

function summaryOf(places: readonly number[], { means, counts }: DiscussionMeans): LevelSummary {
  const values = places.map((place) => means[place]!);
  const wrong = notComputable(values, "value");
  return {
    discussions: places.length,
    values: places.reduce((sum, place) => sum + counts[place]!, 0),
    mean: values.length === 0
      ? unavailable("no discussion has a value")
      : wrong === undefined
      ? mean(values)
      : unavailable(wrong),
  };
}

/**
 * The contrast of one or more factors within replicates, tested by Student's t.
 *
 * @returns `null` if the discussions are not matched.
 */
export function matchedContrast(
  contrasts: readonly Contrast[],
  { factors, observations, values }: Readonly<{
    factors: readonly ObservedFactor[];
    observations: readonly Matchable[];
    values: DiscussionMeans;
  }>,
  options: ComparisonOptions,
): LevelComparison["paired"] {
  const corners = cornersOf(contrasts, factors);
  if (!isMatched(observations, contrasts, corners)) return null;
  const numbers = Array.from(values.means, (mean, place) => values.counts[place]! > 0 ? mean : null);
  const { pairs, used } = contrastPairs(observations, { contrasts, corners }, numbers);
  return {
    result: pairedDifference(pairs, options),
    discussions: used.length,
    values: used.reduce((sum, place) => sum + values.counts[place]!, 0),
  };
}
