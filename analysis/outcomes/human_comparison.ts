/** Compares discussions of models with discussions of people: lengths, annotated values, diversity, participation, turns. */
import { type AnalysisDesign, isTextMetric, whoseComments } from "../../core/experiment/analysis_design.ts";
import { type Scale, scaleTypeOf } from "../../core/annotation/scales/mod.ts";
import type { BootstrapOptions } from "../statistics/cluster_bootstrap.ts";
import { type CorpusDistances, corpusDistances } from "../statistics/corpus_distances.ts";
import { isUnavailable, type Unavailable } from "../statistics/unavailable.ts";
import { type Bin, binsOf, stepBins, wholeBins } from "./describe.ts";
import { countConduct } from "./describe_conduct.ts";
import type { Group } from "./factors.ts";
import type { Observation } from "./observation.ts";
import { rangeOfScale } from "./outcome_range.ts";
import { numbersIn } from "./outcome_values.ts";
import { type Counting, type Outcome, outcomesOf } from "./outcomes.ts";

/** A figure that is compared, and its values in each discussion. */
export type Measure =
  & Pick<Outcome, "name" | "unit" | "comments" | "silences">
  & Readonly<{
    /** The values in discussions of models, and in discussions of people: one list for each discussion. */
    models: readonly (readonly number[])[];
    people: readonly (readonly number[])[];
    bins: readonly Bin[];
  }>;

/** The name of the measure that has the lengths of comments, in words. */
export const COMMENT_LENGTH = "words of a comment";

/** The name of the measure that has the share of turns whose participant also had the turn before. */
export const REPEAT_SHARE = "repeat-share";

/** The name of the measure that has the number of comments that count in a discussion. */
export const COMMENTS = "comments of a discussion";

/**
 * Outcomes that are not compared. Discussions of people have no silent turns and no requests to moderators. In
 * place of the mean `words`, all lengths are compared ({@linkcode COMMENT_LENGTH}).
 */
const LEFT_OUT: readonly string[] = ["silence-rate", "intervention-rate", "words"];

/** The measures that have values in both corpora. */
export function measuresOf(
  models: readonly Observation[],
  people: readonly Observation[],
  analysis: Counting,
): readonly Measure[] {
  const [ofModels, ofPeople] = [models, people].map((observations) =>
    outcomesOf(observations, { ...analysis, outcomes: [] })
  );
  const shared = ofModels!.flatMap((outcome): readonly Measure[] => {
    if (LEFT_OUT.includes(outcome.name)) return [];
    const same = ofPeople!.find(({ name, scale }) => name === outcome.name && areAlike(scale, outcome.scale));
    return same === undefined ? [] : [{ ...outcome, ...pairOf(outcome, same), bins: binsFor(outcome, same) }];
  });
  const of = (
    name: string,
    unit: Measure["unit"],
    listsIn: (observation: Observation) => readonly number[],
  ): Measure => {
    const [one, other] = [models.map(listsIn), people.map(listsIn)];
    const comments = name === REPEAT_SHARE ? null : whoseComments(analysis, ["words"]);
    const all = [...one, ...other].flat();
    const bins = name === REPEAT_SHARE ? binsOf(all) : wholeBins(all);
    return { name, unit, comments, silences: "exclude", models: one, people: other, bins };
  };
  const lengths = (observation: Observation) => lengthsIn(observation, analysis);
  return [
    of(COMMENT_LENGTH, "comment", lengths),
    of(COMMENTS, "discussion", (observation) => [lengths(observation).length]),
    of(
      REPEAT_SHARE,
      "discussion",
      ({ conduct: { structure: { repeated, turns } } }) => turns === 0 ? [] : [repeated / turns],
    ),
    ...shared,
  ].filter(({ models, people }) => [models, people].every((lists) => lists.some((list) => list.length > 0)));
}

/** The outcomes whose results some measures show. Not every measure is an outcome: the number of comments is not. */
export function outcomesIn(measures: readonly Measure[]): readonly string[] {
  return measures.flatMap(({ name }) =>
    name === COMMENT_LENGTH ? ["words"] : name === COMMENTS || name === REPEAT_SHARE ? [] : [name]
  );
}

/**
 * Whether the values of two scales mean the same: a 4 on a scale of 5 steps is not a 4 on a scale of 7 steps.
 * If the limits of one scale are not known, only the types are compared.
 */
function areAlike(one: Scale | null, other: Scale | null): boolean {
  if (one === null || other === null) return one === other;
  const ranges = [rangeOfScale(one), rangeOfScale(other)];
  const areKnown = ranges.every((limits) => limits.every(Number.isFinite));
  return one.type === other.type && (!areKnown || ranges[0]!.join() === ranges[1]!.join());
}

function pairOf(one: Outcome, other: Outcome): Pick<Measure, "models" | "people"> {
  const [models, people] = [one, other].map(({ values, missingIn }) =>
    Array.from(missingIn, (_, discussion) => numbersIn(values, discussion))
  );
  return { models: models!, people: people! };
}

function binsFor(one: Outcome, other: Outcome): readonly Bin[] {
  const all = [one, other].flatMap(({ values }) => Array.from(values.values));
  const steps = one.scale === null || isTextMetric(one.name)
    ? undefined
    : scaleTypeOf(one.scale).steps?.(one.scale);
  const fits = steps !== undefined && all.every((value) => value >= steps.min && value <= steps.max);
  return fits ? stepBins(steps.min, steps.max) : binsOf(all);
}

function lengthsIn(observation: Observation, analysis: Counting): readonly number[] {
  const { participantWords, moderatorWords } = countConduct([observation]);
  const whose = whoseComments(analysis, ["words"]);
  return [
    ...whose === "moderators" ? [] : participantWords.flat(),
    ...whose === "participants" ? [] : moderatorWords.flat(),
  ];
}

/** A measure in a group of discussions of models, compared with all discussions of people. */
export type HumanComparison = Readonly<{
  measure: Measure;
  /** The discussions of models. */
  group: string;
  models: readonly number[];
  people: readonly number[];
  distances: CorpusDistances | Unavailable;
}>;

/** Compares groups of discussions of models with all discussions of people. */
export function comparePeople(
  measures: readonly Measure[],
  groups: readonly Group[],
  options: BootstrapOptions & Pick<AnalysisDesign, "level">,
): readonly HumanComparison[] {
  return measures.flatMap((measure) => {
    const people = measure.people.flat();
    const edges = measure.bins.slice(1).map(({ from }) => from);
    return groups.flatMap(({ name, members }): readonly HumanComparison[] => {
      const lists = members.map((member) => measure.models[member]!);
      const models = lists.flat();
      if (models.length === 0) return [];
      const distances = corpusDistances(lists, { other: measure.people, edges }, options);
      return [{ measure, group: name, models, people, distances }];
    });
  });
}

/** One distance of a comparison, or the reason why it cannot be computed. */
export function distanceOf<Key extends keyof CorpusDistances>(
  { distances }: HumanComparison,
  key: Key,
): CorpusDistances[Key] | Unavailable {
  return isUnavailable(distances) ? distances : distances[key];
}
