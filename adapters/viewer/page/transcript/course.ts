/** The course of an annotation scale over a discussion. */
import { scaleLimits } from "../../../../analysis/listing/mod.ts";
import type { DiscussionSlots } from "../../../../analysis/projections/mod.ts";
import { wasGenerated } from "./plain_words.ts";
import { readingsOf, type ScaleReadings } from "./readings.ts";

/** The values of one comment. */
export type CoursePoint = Readonly<{
  position: number;
  author: string;
  /**
   * Whether a model or a person wrote the comment in the discussion. Openings and scripted comments come from
   * the experiment.
   */
  isGenerated: boolean;
  mean: number;
  /** The lowest and the highest value that an annotator gave. */
  low: number;
  high: number;
  values: NonNullable<ScaleReadings["numbers"]>;
}>;

/** The values of all comments on one scale of a pass. */
export type Course = Readonly<{
  pass: string;
  scale: string;
  min: number;
  max: number;
  points: readonly CoursePoint[];
  /** The first of the comments with the highest mean. */
  peak: CoursePoint;
  /** The first of the generated comments with the highest mean; `null` if there are no generated comments. */
  generatedPeak: CoursePoint | null;
}>;

/** The courses of all scales with numbers, in the order of the passes. */
export function coursesOf({ slots, passes }: Pick<DiscussionSlots, "slots" | "passes">): readonly Course[] {
  const points = new Map<string, CoursePoint[]>();
  for (const slot of slots) {
    for (const { pass, scale, numbers, mean } of readingsOf(slot, passes)) {
      if (numbers === null || mean === null) continue;
      const values = numbers.map(({ number }) => number);
      const { position, author } = slot;
      const point = {
        position,
        author,
        isGenerated: wasGenerated(slot),
        mean,
        low: Math.min(...values),
        high: Math.max(...values),
        values: numbers,
      };
      const key = JSON.stringify([pass, scale.name]);
      const others = points.get(key);
      if (others === undefined) points.set(key, [point]);
      else others.push(point);
    }
  }
  return [...passes].flatMap(([pass, { design: { codebook } }]) =>
    codebook.scales.flatMap((scale) => {
      const found = points.get(JSON.stringify([pass, scale.name]));
      const limits = scaleLimits(scale);
      if (found === undefined || limits === null) return [];
      const generated = found.filter(({ isGenerated }) => isGenerated);
      return [{
        pass,
        scale: scale.name,
        ...limits,
        points: found,
        peak: peakOf(found)!,
        generatedPeak: peakOf(generated),
      }];
    })
  );
}

function peakOf([first, ...others]: readonly CoursePoint[]): CoursePoint | null {
  return first === undefined
    ? null
    : others.reduce((highest, point) => point.mean > highest.mean ? point : highest, first);
}
