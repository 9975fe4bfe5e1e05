/**
 * Tests whether a classifier can tell discussions of models from discussions of people, by figures of the
 * discussions.
 */
import { mean, sampleVariance } from "../statistics/distributions.ts";
import { cliffsDelta, type EffectSize } from "../statistics/effect_size.ts";
import {
  type ClassifierTest,
  classifierTest,
  type ClassifierTestOptions,
} from "../statistics/two_sample_classifier.ts";
import { isUnavailable, type Unavailable, unavailable } from "../statistics/unavailable.ts";
import type { Group } from "./factors.ts";
import { COMMENT_LENGTH, COMMENTS, type Measure } from "./human_comparison.ts";

/** A figure is used as a feature if at least this share of the discussions of each corpus has a value. */
export const FEATURE_SHARE_MIN = 0.9;

/** The standard deviation of the lengths of a discussion's comments. */
export const LENGTH_DEVIATION = "deviation of words";

/** A feature, with one value for each discussion; `null` if the discussion has none. */
type Feature = Readonly<
  { name: string; models: readonly (number | null)[]; people: readonly (number | null)[] }
>;

/** How one feature differs between models and people. `models` and `people` are its means. */
export type FeatureDifference = Readonly<{
  name: string;
  models: number;
  people: number;
  /** Cliff's delta: above 0 if models have the higher values. */
  delta: EffectSize | Unavailable;
  /** The coefficient of the feature in the classifier with all features. */
  weight: number;
}>;

/** The result of the classifier for a group of discussions of models and all discussions of people. */
export type HumanClassification = Readonly<{
  /** The name of the group of discussions of models. */
  group: string;
  /** Whether the number of comments is a feature. */
  withComments: boolean;
  features: readonly string[];
  test: ClassifierTest | Unavailable;
  /** Sorted by the size of Cliff's delta, the largest first. Empty if there is no test. */
  differences: readonly FeatureDifference[];
}>;

/**
 * Classifies each group of discussions of models against all discussions of people: once with the number of
 * comments as a feature, and once without it.
 */
export function classifyPeople(
  measures: readonly Measure[],
  groups: readonly Group[],
  options: ClassifierTestOptions,
): readonly HumanClassification[] {
  const all = measures.flatMap(featuresOf);
  return groups.flatMap(({ name: group, members }) => {
    const own = all.map((feature) => ({ ...feature, models: members.map((at) => feature.models[at]!) }))
      .filter(({ models, people }) => [models, people].every(isKnown));
    const others = own.filter(({ name }) => name !== COMMENTS);
    const sets = others.length === own.length ? [own] : [own, others];
    return sets.map((features) =>
      classified({ group, withComments: features !== others, features }, options)
    );
  });
}

/** The features of a measure: each discussion's mean. For lengths of comments, also their standard deviation. */
function featuresOf({ name, models, people }: Measure): readonly Feature[] {
  const feature = (called: string, of: (values: readonly number[]) => number | null): Feature => ({
    name: called,
    models: models.map(of),
    people: people.map(of),
  });
  const means = feature(name, (values) => values.length === 0 ? null : mean(values));
  if (name !== COMMENT_LENGTH) return [means];
  const deviation = (values: readonly number[]) =>
    values.length < 2 ? null : Math.sqrt(sampleVariance(values));
  return [means, feature(LENGTH_DEVIATION, deviation)];
}

function isKnown(values: readonly (number | null)[]): boolean {
  return values.filter((value) => value !== null).length >= FEATURE_SHARE_MIN * values.length;
}

function classified(
  { group, withComments, features }: Readonly<{
    group: string;
    withComments: boolean;
    features: readonly Feature[];
  }>,
  options: ClassifierTestOptions,
): HumanClassification {
  const names = features.map(({ name }) => name);
  const said = { group, withComments, features: names };
  if (features.length === 0) {
    return { ...said, test: unavailable("no feature is known in enough discussions"), differences: [] };
  }
  const [models, people] = [completeRows(features, "models"), completeRows(features, "people")];
  const test = classifierTest(models, people, options);
  if (isUnavailable(test)) return { ...said, test, differences: [] };
  const differences = names.map((name, at): FeatureDifference => {
    const [one, other] = [models, people].map((rows) => rows.map((row) => row[at]!));
    const delta = cliffsDelta(one!, other!, options.level);
    return { name, models: mean(one!), people: mean(other!), delta, weight: test.weights[at]! };
  });
  const size = ({ delta }: FeatureDifference) => isUnavailable(delta) ? 0 : Math.abs(delta.estimate);
  return { ...said, test, differences: differences.sort((a, b) => size(b) - size(a)) };
}

/** One row of features for each discussion. A discussion that lacks a feature is left out. */
function completeRows(
  features: readonly Feature[],
  corpus: "models" | "people",
): readonly (readonly number[])[] {
  return features[0]![corpus].flatMap((_, at) => {
    const row = features.flatMap((feature) => feature[corpus][at] ?? []);
    return row.length === features.length ? [row] : [];
  });
}
