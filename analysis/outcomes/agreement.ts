/** The annotations on each scale, and how much the annotators agree. */
import { type Scale, scaleTypeOf, type ScaleValue } from "../../core/annotation/scales/mod.ts";
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import {
  alphaInterval,
  krippendorffAlpha,
  type MeasurementLevel,
  type Ratings,
  rawAgreement,
} from "../statistics/agreement.ts";
import type { Observation } from "./observation.ts";
import type { BootstrapOptions } from "../statistics/cluster_bootstrap.ts";
import { type Interval, mean, notComputable, sampleVariance } from "../statistics/distributions.ts";
import { polarisation } from "../statistics/polarisation.ts";
import { isUnavailable, type Unavailable, unavailable } from "../statistics/unavailable.ts";

/** The annotations of a pass on one scale, over several discussions. */
export type AnnotatedScale = Readonly<{
  pass: string;
  scale: Scale;
  /** The annotators of all discussions together. */
  annotators: readonly string[];
  /** How many units each annotator was asked about. A unit is a comment or a silent turn. */
  asked: readonly number[];
  /** The index of each unit's discussion among the observations. */
  discussions: readonly number[];
  /** The position of each unit in its discussion. */
  positions: readonly number[];
  /** Set if the pass only parsed the replies of another pass again. */
  isReread?: true;
  /** One row per unit, with one entry per annotator. Values of a yes-or-no scale are the texts `yes` and `no`. */
  ratings: Ratings;
}>;

/** The level of measurement of a scale, which decides how the disagreement of two values is measured. */
export function measurementLevel(scale: Scale): MeasurementLevel {
  return scaleTypeOf(scale).level;
}

/** A rating as a number that can be averaged: yes is 1, no is 0. `null` for labels and for missing ratings. */
export function ratingNumber(rating: Ratings[number][number], scale: Scale): number | null {
  const { isShare, labels } = scaleTypeOf(scale);
  if (isShare && labels === undefined && rating !== null) return rating === "yes" ? 1 : 0;
  return typeof rating === "number" ? rating : null;
}

/** The annotations on each scale of each pass, in the order of the logs, without texts. */
export function annotatedScales(
  observations: readonly Observation[],
  silences: AnalysisDesign["silences"],
): readonly AnnotatedScale[] {
  const found = new Map<string, Collected>();
  for (const [discussion, { judgements, slots }] of observations.entries()) {
    for (const { pass, scale, annotators, targets, values, isReread } of judgements) {
      const key = JSON.stringify([pass, scale.name]);
      const collected: Collected = found.get(key) ?? {
        pass,
        scale,
        ...(isReread ? { isReread } : {}),
        places: new Map(),
        asked: [],
        discussions: [],
        positions: [],
        rows: [],
      };
      found.set(key, collected);
      const silent = [...slots.keys()].filter((position) =>
        slots[position]!.comment === null && !slots[position]!.isPast &&
        values.some((row) => (row[position] ?? null) !== null)
      );
      const positions = silences === "include" ? [...targets, ...silent] : targets;
      const places = annotators.map((name) => placeOf(collected, name));
      for (const place of places) collected.asked[place]! += positions.length;
      for (const position of positions) {
        const row = noRatings(collected.places.size);
        for (const [annotator, place] of places.entries()) {
          row[place] = ratingOf(values[annotator]![position] ?? null);
        }
        collected.discussions.push(discussion);
        collected.positions.push(position);
        collected.rows.push(row);
      }
    }
  }
  return [...found.values()].map(({ places, rows, ...collected }) => ({
    ...collected,
    annotators: [...places.keys()],
    // A row is shorter if other annotators came after it.
    ratings: rows.map((row) =>
      row.length === places.size ? row : [...row, ...noRatings(places.size - row.length)]
    ),
  }));
}

type Collected = {
  pass: string;
  scale: Scale;
  isReread?: true;
  places: Map<string, number>;
  asked: number[];
  discussions: number[];
  positions: number[];
  rows: Ratings[number][number][][];
};

function noRatings(count: number): Ratings[number][number][] {
  return Array<Ratings[number][number]>(count).fill(null);
}

function placeOf({ places, asked }: Collected, name: string): number {
  const known = places.get(name);
  if (known !== undefined) return known;
  places.set(name, asked.length);
  asked.push(0);
  return asked.length - 1;
}

function ratingOf(value: ScaleValue | null): Ratings[number][number] {
  return typeof value === "boolean" ? (value ? "yes" : "no") : value;
}

/** A comment needs values from at least this many annotators: fewer cannot show polarisation. */
export const POLARISATION_ANNOTATORS_MIN = 3;

/** A scale with more steps is too fine for a histogram of a few annotators. */
export const POLARISATION_STEPS_MAX = 101;

/** Agreement on one scale. */
export type Agreement = Readonly<{
  /** Comments with values from at least two annotators. */
  comments: number;
  alpha: number | Unavailable;
  interval: Interval | Unavailable;
  /** The number of resamples that the interval comes from. 0 if there is no interval. */
  resamples: number;
  raw: number | Unavailable;
}>;

/** Measures the agreement on a scale, with a bootstrap interval over discussions. */
export function agreementOn(annotated: AnnotatedScale, options: BootstrapOptions): Agreement {
  const { ratings, scale, discussions } = annotated;
  const wrong = notComputable(ratings.flat().filter((rating) => typeof rating === "number"), "value");
  if (wrong !== undefined) {
    const none = unavailable(wrong);
    return { comments: 0, alpha: none, interval: none, resamples: 0, raw: none };
  }
  const level = measurementLevel(scale);
  const bootstrap = alphaInterval(ratings, level, options, discussions.map(String));
  const counted = isUnavailable(bootstrap) ? krippendorffAlpha(ratings, level) : bootstrap;
  const alpha = isUnavailable(counted) ? counted : "alpha" in counted ? counted.alpha : counted.estimate;
  return {
    comments: ratings.filter((row) => row.filter((rating) => rating !== null).length >= 2).length,
    alpha,
    interval: isUnavailable(bootstrap) ? bootstrap : bootstrap.interval,
    resamples: isUnavailable(bootstrap) ? 0 : bootstrap.resamples + bootstrap.failed,
    raw: rawAgreement(ratings),
  };
}

/** The agreement of two annotators. */
export type PairAgreement = Readonly<{
  one: string;
  other: string;
  /** The indices of the two annotators in the list of annotators. */
  first: number;
  second: number;
  /** The number of comments with values from both annotators. */
  comments: number;
  /** The share of these comments with equal values. */
  equal: number | Unavailable;
  /** The mean over these comments of the first annotator's value minus the second annotator's value. */
  difference: number | Unavailable;
}>;

/** The agreement of each pair of annotators, in the order of the pass. */
export function pairAgreements({ annotators, ratings, scale }: AnnotatedScale): readonly PairAgreement[] {
  return annotators.flatMap((one, first) =>
    annotators.slice(first + 1).map((other, after): PairAgreement => {
      const second = first + 1 + after;
      const both = ratings.filter((row) => row[first] !== null && row[second] !== null);
      const none = unavailable("no comment has values from both annotators");
      const differences = both.flatMap((row) => {
        const [a, b] = [ratingNumber(row[first]!, scale), ratingNumber(row[second]!, scale)];
        return a === null || b === null ? [] : [a - b];
      });
      return {
        one,
        other,
        first,
        second,
        comments: both.length,
        equal: both.length === 0
          ? none
          : both.filter((row) => row[first] === row[second]).length / both.length,
        difference: both.length === 0
          ? none
          : differences.length === 0
          ? unavailable("labels have no differences")
          : meanOf(differences),
      };
    })
  );
}

/** How one annotator used a scale. */
export type AnnotatorUse = Readonly<{
  annotator: string;
  /** The number of units that the annotator was asked about, and the number of units without a value. */
  asked: number;
  missing: number;
  /** The mean value, which shows how severe the annotator is. Yes counts as 1, no as 0. */
  mean: number | Unavailable;
  deviation: number | Unavailable;
  /** The most frequent value, and its share. If several are equally frequent, the one that was given first. */
  usual: string | null;
  usualShare: number | Unavailable;
}>;

/** How each annotator used a scale. */
export function annotatorUses(
  { annotators, asked, ratings, scale }: AnnotatedScale,
): readonly AnnotatorUse[] {
  return annotators.map((annotator, place) => {
    const given = ratings.map((row) => row[place]!).filter((rating) => rating !== null);
    const numbers = given.map((rating) => ratingNumber(rating, scale)).filter((value) => value !== null);
    const counts = [...Map.groupBy(given, (rating) => rating)].map((
      [rating, { length }],
    ) => [rating, length]);
    const usual = counts.toSorted(([, one], [, other]) => Number(other) - Number(one))[0];
    const none = unavailable(given.length === 0 ? "the annotator gave no value" : "labels have no mean");
    return {
      annotator,
      asked: asked[place]!,
      missing: asked[place]! - given.length,
      mean: numbers.length === 0 ? none : meanOf(numbers),
      deviation: numbers.length === 0
        ? none
        : numbers.length === 1
        ? unavailable("there is one value")
        : computed(numbers, (values) => Math.sqrt(sampleVariance(values))),
      usual: usual === undefined ? null : String(usual[0]),
      usualShare: usual === undefined ? none : Number(usual[1]) / given.length,
    };
  });
}

/**
 * The polarisation (nDFU) of each comment with values from at least {@linkcode POLARISATION_ANNOTATORS_MIN} annotators.
 *
 * @returns One list per discussion, or the reason why there is none.
 */
export function polarisations(
  { scale, ratings, discussions }: AnnotatedScale,
  observations: number,
): readonly (readonly number[])[] | Unavailable {
  const range = scaleTypeOf(scale).steps?.(scale);
  if (range === undefined) return unavailable("the steps of the scale are not ordinal");
  const { min, max } = range;
  const steps = max - min + 1;
  if (steps > POLARISATION_STEPS_MAX) {
    return unavailable(`the scale has more than ${POLARISATION_STEPS_MAX} steps`);
  }
  const lists: number[][] = Array.from({ length: observations }, () => []);
  for (const [unit, row] of ratings.entries()) {
    const given = row.filter((rating) => typeof rating === "number" && rating >= min && rating <= max);
    if (given.length < POLARISATION_ANNOTATORS_MIN) continue;
    const histogram = Array.from({ length: steps }, () => 0);
    for (const rating of given) histogram[Math.floor(Number(rating) - min)]!++;
    const found = polarisation(histogram);
    if (!isUnavailable(found)) lists[discussions[unit]!]!.push(found);
  }
  return lists;
}

function meanOf(values: readonly number[]): number | Unavailable {
  return computed(values, mean);
}

function computed(
  values: readonly number[],
  figure: (values: readonly number[]) => number,
): number | Unavailable {
  const wrong = notComputable(values, "value");
  return wrong === undefined ? figure(values) : unavailable(wrong);
}
