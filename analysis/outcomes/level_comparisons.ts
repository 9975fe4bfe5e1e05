/** Compares levels of a factor with its reference, by one value per discussion and in matched pairs. */
import { cliffsDelta, type EffectSize, hedgesG } from "../statistics/effect_size.ts";
import type { BootstrapEstimate } from "../statistics/cluster_bootstrap.ts";
import { mean, notComputable } from "../statistics/distributions.ts";
import { type PairedDifference, pairedDifference } from "../statistics/paired_difference.ts";
import { type PermutationResult, permutationTest } from "../statistics/permutation.ts";
import { type Unavailable, unavailable } from "../statistics/unavailable.ts";
import type { Contrast } from "./effects.ts";
import { type ObservedFactor, RUN } from "./factors.ts";
import {
  contrastOptions,
  type DifferenceOptions,
  type DiscussionValue,
  lackingLevel,
  levelDifference,
} from "./level_differences.ts";
import type { Observation } from "./observation.ts";

/** The discussions at a level. */
export type LevelSummary = Readonly<{
  /** The number of discussions with a value. A discussion's value is a mean: `values` counts the values in all means. */
  discussions: number;
  values: number;
  /** The mean over the discussions, each counting once. */
  mean: number | Unavailable;
}>;

/** A level compared with the reference, in the unit of the outcome. */
export type LevelComparison = Readonly<{
  contrast: Contrast;
  level: LevelSummary;
  reference: LevelSummary;
  /** The level's mean minus the reference's mean, with the bootstrap over discussions within levels. */
  difference: BootstrapEstimate | Unavailable;
  permutation: PermutationResult | Unavailable;
  /** Hedges' g and Cliff's delta. */
  g: EffectSize | Unavailable;
  delta: EffectSize | Unavailable;
  /** The comparison in pairs of matched discussions; `null` if the design does not match them. */
  paired:
    | Readonly<{
      result: PairedDifference | Unavailable;
      /** As in {@linkcode LevelSummary}, for the discussions in the pairs. */
      discussions: number;
      values: number;
    }>
    | null;
}>;

type ComparisonOptions = DifferenceOptions & Readonly<{ permutations: number }>;

/**
 * Compares every level of a factor with its reference.
 *
 * @param observations All discussions, because those that are not compared also show how the design was matched.
 *
 * @param values One value for each discussion.
 */
export function levelComparisons(
  factor: ObservedFactor,
  observations: readonly Matchable[],
  values: readonly DiscussionValue[],
  options: ComparisonOptions,
): readonly LevelComparison[] {
  const { name, levels, reference } = factor;
  return levels.filter((level) => level !== reference).map((level) => {
    const sides = factor.of.map((one) => one === level ? "level" : one === reference ? "reference" : null);
    const contrast = { factor: name, level, reference };
    return compareLevel(contrast, sides, observations, values, contrastOptions(contrast, options));
  });
}

function compareLevel(
  contrast: Contrast,
  sides: readonly ("level" | "reference" | null)[],
  observations: readonly Matchable[],
  values: readonly DiscussionValue[],
  options: ComparisonOptions,
): LevelComparison {
  const at = (side: "level" | "reference") =>
    values.filter((value, place) => value !== null && sides[place] === side).map((value) => value!);
  const [level, reference] = [at("level"), at("reference")];
  const [ours, theirs] = [level.map(({ value }) => value), reference.map(({ value }) => value)];
  const lacking = lackingLevel(contrast, ours, theirs);
  const compared = <T>(compute: () => T): T | Unavailable => lacking ?? compute();
  return {
    contrast,
    level: summaryOf(level),
    reference: summaryOf(reference),
    difference: levelDifference(contrast, [ours, theirs], options),
    permutation: compared(() => permutationTest(ours, theirs, options)),
    g: compared(() => hedgesG(ours, theirs, options.level)),
    delta: compared(() => cliffsDelta(ours, theirs, options.level)),
    paired: isMatched(observations, contrast.factor, sides)
      ? pairedOf(contrast, sides, observations, values, options)
      : null,
  };
}

function summaryOf(group: readonly Readonly<{ value: number; of: number }>[]): LevelSummary {
  const values = group.map(({ value }) => value);
  const wrong = notComputable(values, "value");
  return {
    discussions: group.length,
    values: group.reduce((sum, { of }) => sum + of, 0),
    mean: values.length === 0
      ? unavailable("no discussion has a value")
      : wrong === undefined
      ? mean(values)
      : unavailable(wrong),
  };
}

function pairedOf(
  { factor }: Contrast,
  sides: readonly ("level" | "reference" | null)[],
  observations: readonly Matchable[],
  values: readonly DiscussionValue[],
  options: ComparisonOptions,
): LevelComparison["paired"] {
  const { pairs, used } = pairsOf(observations, factor, sides, values.map((value) => value?.value ?? null));
  return {
    result: pairedDifference(pairs, options),
    discussions: used.length,
    values: used.reduce((sum, place) => sum + values[place]!.of, 0),
  };
}

/** The fields that show which discussions are matched. */
type Matchable = Pick<Observation, "run" | "factors" | "seed" | "imported">;

/** A pair's values, as `pairedDifference` takes them; `null` for a missing value. */
export type Pair = readonly [value: number | null, reference: number | null];

/** A discussion's index among the observations, and its value. */
type Member = Readonly<{ place: number; value: number | null }>;

/**
 * Whether discussions of two levels are matched: most of them share their seed with a discussion of the other level in
 * the same run. Imported discussions are never matched, because their seeds are unknown.
 *
 * @param observations All discussions, including incomplete ones, because the plan decides what is matched.
 */
export function isMatched(
  observations: readonly Matchable[],
  factor: string,
  sides: readonly ("level" | "reference" | null)[],
): boolean {
  if (factor === RUN) return false;
  let [matched, all] = [0, 0];
  for (const places of bySeed(observations, sides).values()) {
    all += places.length;
    if (new Set(places.map((place) => sides[place])).size === 2) matched += places.length;
  }
  all += sides.filter((side, place) => side !== null && observations[place]!.imported).length;
  return matched > all / 2;
}

/**
 * The pairs of two levels: one for each seed of a run that both levels have. If further factors are crossed, a pair is
 * the mean over the cells with values at both levels. So the two sides of a pair differ only in the level.
 *
 * @returns The pairs, and the indices of the discussions that their values come from.
 */
function pairsOf(
  observations: readonly Matchable[],
  factor: string,
  sides: readonly ("level" | "reference" | null)[],
  values: readonly (number | null)[],
): Readonly<{ pairs: readonly Pair[]; used: readonly number[] }> {
  const pairs: Pair[] = [];
  const used: number[] = [];
  for (const places of bySeed(observations, sides).values()) {
    if (new Set(places.map((place) => sides[place])).size < 2) continue;
    const members = places.map((place): Member => ({ place, value: values[place]! }));
    const whole = [...Map.groupBy(members, ({ place }) => cellOf(observations[place]!, factor)).values()]
      .map((cell) => sidesOf(cell, sides))
      .filter(({ level, reference }) => level.length > 0 && reference.length > 0);
    if (whole.length === 0) pairs.push([null, null]);
    else {
      pairs.push([
        meanOfMeans(whole.map(({ level }) => level)),
        meanOfMeans(whole.map((cell) => cell.reference)),
      ]);
      used.push(
        ...whole.flatMap(({ level, reference }) => [...level, ...reference].map(({ place }) => place)),
      );
    }
  }
  return { pairs, used };
}

/** The indices of the discussions at either level by run and seed, without imported ones. */
function bySeed(
  observations: readonly Matchable[],
  sides: readonly ("level" | "reference" | null)[],
): Map<string, number[]> {
  const places = [...sides.keys()].filter((place) => sides[place] !== null && !observations[place]!.imported);
  return Map.groupBy(places, (place) => {
    const { run, seed } = observations[place]!;
    return JSON.stringify([run, seed]);
  });
}

/** A discussion's levels of all factors except one. */
function cellOf({ factors }: Matchable, but: string): string {
  const others = Object.entries(factors).filter(([name]) => name !== but);
  return JSON.stringify(others.sort(([a], [b]) => a < b ? -1 : 1));
}

type Valued = Readonly<{ place: number; value: number }>;

function sidesOf(
  cell: readonly Member[],
  sides: readonly ("level" | "reference" | null)[],
): Readonly<{ level: readonly Valued[]; reference: readonly Valued[] }> {
  const valued = cell.filter((member): member is Valued => member.value !== null);
  return {
    level: valued.filter(({ place }) => sides[place] === "level"),
    reference: valued.filter(({ place }) => sides[place] === "reference"),
  };
}

function meanOfMeans(cells: readonly (readonly Valued[])[]): number {
  const means = cells.map((cell) => cell.reduce((sum, { value }) => sum + value, 0) / cell.length);
  return means.reduce((sum, value) => sum + value, 0) / means.length;
}
