/** Joins the annotations that several passes made on one scale, for example a pass of people and a pass of models. */
import type { Scale } from "../../core/annotation/scales/mod.ts";
import type { AnnotatedScale } from "./agreement.ts";
import type { Ratings } from "../statistics/agreement.ts";

/** The annotations of several passes on one scale. `passOf` has one pass for each entry of `annotators`. */
export type SharedScale = AnnotatedScale & Readonly<{ passOf: readonly string[] }>;

/**
 * The scales that several passes have in common. Scales are the same if they have the same name, type and
 * range. An annotator's name here begins with the pass, because two passes can have annotators of the same
 * name. A pass that only parsed the replies of another pass again is left out, because its annotators gave no
 * new opinions.
 */
export function acrossPasses(scales: readonly AnnotatedScale[]): readonly SharedScale[] {
  const groups = Map.groupBy(scales.filter(({ isReread }) => !isReread), ({ scale }) => rangeOf(scale));
  return [...groups.values()].filter(({ length }) => length >= 2).map(joined);
}

/** A text that is equal for scales whose values mean the same. Questions may differ between people and models. */
function rangeOf(scale: Scale): string {
  const { min, max } = scale as Readonly<{ min?: number; max?: number }>;
  return JSON.stringify([scale.name, scale.type, min, max, scale.type === "nominal" ? scale.labels : null]);
}

function joined(group: readonly AnnotatedScale[]): SharedScale {
  const passOf = group.flatMap(({ pass, annotators }) => annotators.map(() => pass));
  const rows = new Map<string, { discussion: number; position: number; row: Ratings[number][number][] }>();
  let first = 0;
  for (const { annotators, discussions, positions, ratings } of group) {
    for (const [unit, row] of ratings.entries()) {
      const [discussion, position] = [discussions[unit]!, positions[unit]!];
      const key = `${discussion} ${position}`;
      const found = rows.get(key) ?? { discussion, position, row: passOf.map(() => null) };
      rows.set(key, found);
      for (const [place, rating] of row.entries()) found.row[first + place] = rating;
    }
    first += annotators.length;
  }
  const units = [...rows.values()].sort((a, b) => a.discussion - b.discussion || a.position - b.position);
  return {
    pass: group.map(({ pass }) => pass).join(" + "),
    scale: group[0]!.scale,
    annotators: group.flatMap(({ pass, annotators }) => annotators.map((name) => `${pass}/${name}`)),
    passOf,
    asked: group.flatMap(({ asked }) => asked),
    discussions: units.map(({ discussion }) => discussion),
    positions: units.map(({ position }) => position),
    ratings: units.map(({ row }) => row),
  };
}
