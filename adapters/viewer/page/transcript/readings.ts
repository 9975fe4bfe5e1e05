/** The annotations of one slot, by pass, scale and annotator. */
import { disagreement, scaleLimits } from "../../../../analysis/listing/mod.ts";
import type { Annotation, DiscussionSlots, Slot } from "../../../../analysis/projections/mod.ts";
import type { Scale, ScaleValue } from "../../../../core/annotation/scales/mod.ts";

/** What one annotator says about a slot on one scale. */
export type Reading = Readonly<{
  annotator: string;
  /** `null` if no reply could be read. */
  value: ScaleValue | null;
  /** Why the latest reply could not be read; `null` if it could. */
  problem: string | null;
  /** All replies of the annotator about this scale, in the order of the log. */
  replies: readonly Annotation[];
}>;

/** What all annotators of a pass say about a slot on one scale. */
export type ScaleReadings = Readonly<{
  pass: string;
  scale: Scale;
  /** In the order of the pass's design. Annotators without a reply are left out. */
  readings: readonly Reading[];
  /** The values as numbers, for scales of numbers, yes and no; `null` for all other scales. */
  numbers: readonly Readonly<{ annotator: string; number: number }>[] | null;
  /** The mean of the numbers; `null` without numbers. */
  mean: number | null;
  /** The difference between the annotators as a share of the scale; `null` if it cannot be computed. */
  disagreement: number | null;
}>;

/** The readings of a slot: one entry for each pass and scale with a reply. */
export function readingsOf(
  { annotations }: Pick<Slot, "annotations">,
  passes: DiscussionSlots["passes"],
): readonly ScaleReadings[] {
  if (annotations.length === 0) return [];
  return [...passes].flatMap(([pass, { design: { codebook, annotators } }]) => {
    const ofPass = annotations.filter((annotation) => annotation.pass === pass);
    if (ofPass.length === 0) return [];
    return codebook.scales.flatMap((scale) => {
      const readings = annotators.flatMap(({ name }) => readingOf(name, scale, ofPass));
      return readings.length === 0 ? [] : [{ pass, scale, readings, ...summaryOf(readings, scale) }];
    });
  });
}

function readingOf(
  annotator: string,
  { name }: Scale,
  annotations: readonly Annotation[],
): readonly Reading[] {
  const replies = annotations.filter((annotation) =>
    annotation.annotator === annotator &&
    (annotation.values === null
      ? annotation.unparsedScales?.includes(name) !== false
      : Object.hasOwn(annotation.values, name))
  );
  const last = replies.at(-1);
  if (last === undefined) return [];
  const value = last.values?.[name] ?? null;
  return [{ annotator, value, problem: value === null ? last.problem ?? "no value" : null, replies }];
}

function summaryOf(readings: readonly Reading[], scale: Scale) {
  const values = readings.flatMap(({ value }) => value === null ? [] : [value]);
  const numbers = scaleLimits(scale) === null ? null : readings.flatMap(({ annotator, value }) => {
    const number = numberOf(value);
    return number === null ? [] : [{ annotator, number }];
  });
  const mean = numbers === null || numbers.length === 0
    ? null
    : numbers.reduce((sum, { number }) => sum + number, 0) / numbers.length;
  return { numbers, mean, disagreement: disagreement(values, scale) };
}

function numberOf(value: ScaleValue | null): number | null {
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "number" ? value : null;
}
