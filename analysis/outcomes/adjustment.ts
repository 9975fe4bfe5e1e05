/**
 * The factors that a model adjusts for, so that the effect of one factor does not contain the effect of
 * another. If the analysis does not name these factors, the model adjusts for all factors of the design.
 */
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import type { Effect } from "./effects.ts";
import type { ObservedFactor } from "./factors.ts";

/**
 * The factors of an outcome's models.
 *
 * A factor of a declared effect is always included if its level varies. Any other factor is left out in three
 * cases: `adjust` does not list it; some discussion has no level of it; or it cannot be separated from an
 * included factor, because the level of one determines the level of the other.
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
