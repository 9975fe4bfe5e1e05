/** The discussions of an analysis, and the data that the tests of all outcomes share. */
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { type Contrast, type Effect, effectsOf } from "./effects.ts";
import { comparisonOf, type TestSubject } from "./effect_tests.ts";
import { type ObservedFactor, observedFactors, ownOf } from "./factors.ts";
import { type ComparisonOptions, levelComparisons, matchedContrast } from "./level_comparisons.ts";
import { completedOf, type Observation } from "./observation.ts";
import { type DiscussionMeans, meansOf } from "./outcome_values.ts";
import type { Outcome } from "./outcomes.ts";
import type { ModelContext } from "./outcome_model_data.ts";
import { outcomeModels } from "./outcome_models.ts";
import { termPermutation } from "./permuted_term.ts";
import { blocksOf, cornersOf, isMatched } from "./within_replicates.ts";

/** The discussions of an analysis. */
export type Sample = Readonly<{
  /** All discussions, even incomplete ones, because they show how the design was matched. */
  observations: readonly Observation[];
  /** The completed discussions, which are compared, and their indices among all discussions. */
  compared: readonly Observation[];
  places: readonly number[];
  /** All observed factors and all planned factors. They include levels that no discussion has. */
  factors: readonly ObservedFactor[];
  effects: readonly Effect[];
  /** The data that the models of all outcomes share, for the compared discussions. */
  context: ModelContext;
  /** Whether the discussions at the compared levels of some contrasts are matched. */
  isMatched: (contrasts: readonly Contrast[]) => boolean;
}>;

/**
 * Prepares the discussions for all tests.
 *
 * @param order Factor → its levels in the order of the experiment file.
 */
export function sampleOf(
  observations: readonly Observation[],
  { reference, effects: declared, adjust, level }: Pick<
    AnalysisDesign,
    "reference" | "effects" | "adjust" | "level"
  >,
  order: Readonly<Record<string, readonly string[]>>,
): Sample {
  const places = [...observations.keys()].filter((place) => observations[place]!.end === "completed");
  const compared = completedOf(observations);
  const factors = plannedFactors(observations, reference, order);
  const effects = effectsOf(factors, declared);
  const context = {
    observations: compared,
    factors: factors.map((factor) => ({ ...factor, of: places.map((place) => factor.of[place]!) })),
    blocks: blocksOf(observations, places),
    effects,
    adjust,
    level,
  };
  return {
    observations,
    compared,
    places,
    factors,
    effects,
    context,
    isMatched: (contrasts) => isMatched(observations, contrasts, cornersOf(contrasts, factors)),
  };
}

/**
 * An outcome, with all data that its tests need.
 *
 * @param outcome It has one list of values for each compared discussion.
 */
export function subjectOf(
  outcome: Outcome,
  sample: Sample,
  options: ComparisonOptions,
): TestSubject {
  const { observations, factors, context } = sample;
  const values = allMeans(outcome, sample);
  const comparisons = factors.flatMap((factor) => levelComparisons(factor, observations, values, options));
  return {
    outcome,
    models: outcomeModels(outcome, context),
    comparisons,
    pairs: (contrasts) =>
      contrasts.length === 1
        ? comparisonOf(contrasts[0]!, comparisons).paired
        : matchedContrast(contrasts, { factors, observations, values }, options),
    permuted: termPermutation(outcome, context, options),
    factors: factors.map(({ name }) => name),
  };
}

/** The mean of each discussion; incomplete discussions have none. */
export function allMeans(
  { values }: Pick<Outcome, "values">,
  { observations, places }: Pick<Sample, "observations" | "places">,
): DiscussionMeans {
  const compared = meansOf(values);
  if (places.length === observations.length) return compared;
  const means = new Float64Array(observations.length).fill(NaN);
  const counts = new Uint32Array(observations.length);
  for (const [index, place] of places.entries()) {
    means[place] = compared.means[index]!;
    counts[place] = compared.counts[index]!;
  }
  return { means, counts };
}

/** All observed factors and all planned factors, with the levels that no discussion has. */
function plannedFactors(
  observations: readonly Observation[],
  reference: AnalysisDesign["reference"],
  order: Readonly<Record<string, readonly string[]>>,
): readonly ObservedFactor[] {
  const observed = observedFactors(observations, reference, order);
  const lacking = Object.entries(order).filter(([name, levels]) =>
    levels.length > 1 && observed.every((factor) => factor.name !== name)
  ).map(([name, levels]): ObservedFactor => ({
    name,
    levels,
    reference: ownOf(reference, name) ?? levels[0]!,
    of: observations.map(({ factors }) => ownOf(factors, name) ?? null),
  }));
  const planned = observed.map((factor): ObservedFactor => {
    const unseen = (ownOf(order, factor.name) ?? []).filter((level) => !factor.levels.includes(level));
    return { ...factor, levels: [...factor.levels, ...unseen] };
  });
  return [...planned, ...lacking];
}
