/** Whether a classifier can tell discussions of models from discussions of people by their measures. */
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

/** A measure is a feature if at least this share of the discussions of each corpus has it. */
export const FEATURE_SHARE_MIN = 0.9;

/** The standard deviation of the lengths of a discussion's comments. */
export const LENGTH_DEVIATION = "deviation of words";

/** One value of each discussion; `null` if it has none. */
type Feature = Readonly<
  { name: string; models: readonly (number | null)[]; people: readonly (number | null)[] }
>;

/** How one feature differs. */
export type FeatureDifference = Readonly<{
  name: string;
  models: number;
  people: number;
  /** Cliff's delta: above 0 if models have the higher values. */
  delta: EffectSize | Unavailable;
  /** The feature's coefficient among all. */
  weight: number;
}>;

/** The classification of some discussions of models and all discussions of people. */
export type HumanClassification = Readonly<{
  /** The discussions of models. */
  group: string;
  /** Whether the number of comments is a feature. */
  withComments: boolean;
  features: readonly string[];
  test: ClassifierTest | Unavailable;
  /** The most different first; empty without a test. */
  differences: readonly FeatureDifference[];
}>;

/** Classifies each group of discussions of models against all discussions of people, with and without the number of comments. */
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

/** The mean of each discussion; of lengths also their standard deviation. */
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

/** The features of each discussion that has all of them. */
function completeRows(
  features: readonly Feature[],
  corpus: "models" | "people",
): readonly (readonly number[])[] {
  return features[0]![corpus].flatMap((_, at) => {
    const row = features.flatMap((feature) => feature[corpus][at] ?? []);
    return row.length === features.length ? [row] : [];
  });
}
