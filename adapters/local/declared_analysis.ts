/** Which analysis of a run counts as declared: that of its experiment file as it was when the run was made. */
import { canonical } from "../../core/json.ts";
import type { AnalysisDesign } from "../../core/experiment/mod.ts";

/**
 * What to say where an experiment file declares another analysis than it did when its run was made: who knows results
 * can no longer declare what is to be expected of them.
 *
 * @param held What the run's manifest says; `undefined` where it was made by a version that knew no such section.
 * @param now What the file declares now.
 * @returns `null` where nothing has changed.
 */
export function analysisNote(
  held: AnalysisDesign | null | undefined,
  now: AnalysisDesign | null,
): string | null {
  const declared = held ?? null;
  if (canonical(declared) === canonical(now)) return null;
  const stays = declared === null
    ? "no analysis was declared when this run was made: the one in the experiment file came later, and does not count " +
      "as declared. Give it"
    : "the analysis declared when this run was made stays the declared one, whatever the experiment file says now. " +
      "Give another";
  return `${stays} to report --analysis FILE: its results count as exploratory`;
}
