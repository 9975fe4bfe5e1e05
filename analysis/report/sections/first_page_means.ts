/** The means of the outcomes, which the first page shows if there is nothing to compare. */
import {
  describe,
  meansOf,
  ofStudentsT,
  type OutcomeComparisons,
  rangeOf,
  withinRange,
} from "../../outcomes/mod.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import type { AnalysisDesign } from "../../../core/experiment/analysis_design.ts";
import { countedNote } from "../analysis_texts.ts";
import type { Block } from "../document.ts";
import { callout, counts, figures, percent, shown, tableOf, texts } from "../tables.ts";

/** The first page has the means of at most this many outcomes. */
const OUTCOMES_MAX = 20;

export function meansTable(
  { outcomes, discussions }: OutcomeComparisons,
  { level }: AnalysisDesign,
): readonly Block[] {
  const rows = outcomes.slice(0, OUTCOMES_MAX).map(({ outcome }) => {
    const { means: all, counts } = meansOf(outcome.values);
    const means = [...all].filter((_, discussion) => counts[discussion]! > 0).map((mean) => [mean]);
    const { mean: average, interval, discussions } = describe(means, ofStudentsT(level));
    return {
      name: outcome.name,
      average,
      interval: isUnavailable(interval) ? interval : withinRange(interval, rangeOf(outcome)),
      discussions,
    };
  }).filter(({ discussions }) => discussions > 0);
  if (rows.length === 0) {
    return [callout(
      "note",
      "No results",
      discussions === 0 ? "No discussion is complete." : "No outcome has a value.",
    )];
  }
  const counted = outcomes.map(({ outcome }) => outcome).filter(({ name }) =>
    rows.some((row) => row.name === name)
  );
  const note = `${countedNote(counted)} ` +
    "Means over discussions, each counting once, with intervals of Student's t. Nothing is compared.";
  return [shown(tableOf({ id: "first-page", title: "Means of the outcomes", note }, rows, [
    texts("outcome", "Outcome", ({ name }) => name),
    figures("mean", "Mean", ({ average }) => average),
    figures("interval", `${percent(level)} interval`, ({ interval }) => interval),
    counts("discussions", "Discussions", ({ discussions }) => discussions),
  ]))];
}
