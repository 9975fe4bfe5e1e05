/**
 * The factors that a model adjusts for: all factors of the design unless the analysis names some, so that an effect is not
 * mixed with another factor's.
 */
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import type { Effect } from "./effects.ts";
import type { ObservedFactor } from "./factors.ts";

/**
 * The factors of an outcome's models.
 *
 * Factors of declared effects are always among them, if they vary. Another factor is left out if `adjust` does not list it,
 * if a discussion has no level of it, or if it cannot be separated from a factor that comes before: one of the two
 * determines the other.
 *
 * @param places The indices of the discussions with values.
 */
export function modelFactors(
  factors: readonly ObservedFactor[],
  { effects, adjust }: Readonly<{ effects: readonly Effect[] }> & Pick<AnalysisDesign, "adjust">,
  places: readonly number[],
): readonly ObservedFactor[] {
  const declared = new Set(effects.filter((effect) => effect.declared).flatMap(({ names }) => names));
  const varying = factors.filter(({ of }) => levelsAmong(places.map((place) => of[place]!)).length > 1);
  const kept = varying.filter(({ name }) => declared.has(name));
  for (const factor of varying.filter(({ name }) => !declared.has(name))) {
    const isWhole = places.every((place) => factor.of[place] !== null);
    const isWanted = adjust === undefined || adjust.includes(factor.name);
    if (isWanted && isWhole && kept.every((other) => !areNested(factor, other, places))) kept.push(factor);
  }
  return varying.filter((factor) => kept.includes(factor));
}

/** The distinct levels in a list. */
export function levelsAmong(levels: readonly (string | null)[]): string[] {
  return [...new Set(levels.filter((level) => level !== null))];
}

/** Whether the level of one factor determines the level of the other. */
function areNested(one: ObservedFactor, other: ObservedFactor, places: readonly number[]): boolean {
  const pairs = new Set(places.map((place) => JSON.stringify([one.of[place], other.of[place]])));
  return [one, other].some(({ of }) => new Set(places.map((place) => of[place])).size === pairs.size);
}
