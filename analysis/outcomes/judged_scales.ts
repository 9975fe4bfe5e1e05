/** What annotators said on each scale, in the form that measures of agreement take. */
import type { Scale, ScaleValue } from "../../core/events/mod.ts";
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import type { MeasurementLevel, Ratings } from "../statistics/agreement.ts";
import type { Observation } from "./observation.ts";

/** The judgements of a pass on one scale, over several discussions. */
export type JudgedScale = Readonly<{
  pass: string;
  scale: Scale;
  /** Everybody who judged in any of the discussions. */
  annotators: readonly string[];
  /** How many units each annotator was to judge. */
  asked: readonly number[];
  /** The index of each unit's discussion among the observations. */
  discussions: readonly number[];
  /** One row a unit, one entry an annotator; yes and no are labels here. */
  ratings: Ratings;
}>;

/** How values of a scale are compared. */
export function measurementLevel({ type }: Scale): MeasurementLevel {
  return type === "ordinal" || type === "interval" ? type : "nominal";
}

/** A judgement that can be averaged, as a number: yes is 1; `null` for labels. */
export function ratingNumber(rating: Ratings[number][number], { type }: Scale): number | null {
  if (type === "boolean" && rating !== null) return rating === "yes" ? 1 : 0;
  return typeof rating === "number" ? rating : null;
}

/**
 * Collects what was judged: every comment that a pass is about, openings too.
 *
 * @param observations The discussions.
 * @param silences Whether judgements of silent turns count.
 * @returns Each pass and scale, in the order of the logs; texts are not among them.
 */
export function judgedScales(
  observations: readonly Observation[],
  silences: AnalysisDesign["silences"],
): readonly JudgedScale[] {
  const found = new Map<string, Collected>();
  for (const [discussion, { judgements, slots }] of observations.entries()) {
    for (const { pass, scale, annotators, targets, values } of judgements) {
      const key = JSON.stringify([pass, scale.name]);
      const collected: Collected = found.get(key) ??
        { pass, scale, places: new Map(), asked: [], discussions: [], rows: [] };
      found.set(key, collected);
      const silent = [...slots.keys()].filter((position) =>
        slots[position]!.comment === null && values.some((row) => (row[position] ?? null) !== null)
      );
      const positions = silences === "include" ? [...targets, ...silent] : targets;
      const places = annotators.map((name) => placeOf(collected, name));
      for (const place of places) collected.asked[place]! += positions.length;
      for (const position of positions) {
        const row: Ratings[number][number][] = [];
        for (const [annotator, place] of places.entries()) {
          row[place] = ratingOf(values[annotator]![position] ?? null);
        }
        collected.discussions.push(discussion);
        collected.rows.push(row);
      }
    }
  }
  return [...found.values()].map(({ places, rows, ...collected }) => ({
    ...collected,
    annotators: [...places.keys()],
    ratings: rows.map((row) => Array.from({ length: places.size }, (_, place) => row[place] ?? null)),
  }));
}

type Collected = {
  pass: string;
  scale: Scale;
  places: Map<string, number>;
  asked: number[];
  discussions: number[];
  rows: Ratings[number][number][][];
};

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
