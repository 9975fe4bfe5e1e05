/** The section on effects: what the conditions do to the outcomes, and how well that is known. */
import type { OutcomeComparisons } from "../../outcomes/mod.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import type { AnalysisDesign } from "../../../core/experiment/analysis_design.ts";
import { CORRECTIONS } from "../analysis_texts.ts";
import type { Block, Callout, Figure, Section } from "../document.ts";
import { plural } from "../numbers.ts";
import { TableIds } from "../table_ids.ts";
import { heading, paragraph, shown } from "./columns.ts";
import { outcomeForest, standardisedForest } from "./effect_figures.ts";
import { resultList, type Results, resultsTable } from "./effect_results.ts";
import { modelBlocks } from "./model_tables.ts";
import { robustnessBlocks } from "./robustness_tables.ts";

/**
 * Says what was found of every effect, confirmatory results apart from exploratory ones.
 *
 * @param compared The comparisons.
 * @param analysis The analysis that they are of.
 */
export function effectsSection(compared: OutcomeComparisons, analysis: AnalysisDesign): Section {
  const section = (blocks: readonly Block[]): Section => ({ id: "effects", title: "Effects", blocks });
  if (compared.tests.length === 0) return section([nothingToCompare(compared)]);
  const results: Results = { compared, analysis };
  const confirmatory = compared.tests.filter((test) => test.confirmatory);
  const exploratory = compared.tests.filter((test) => !test.confirmatory);
  const ids = new TableIds("effects");
  const models = new TableIds("model");
  return section([
    standing(results, confirmatory.length),
    comparedParagraph(compared),
    ...confirmatory.length === 0 ? [] : [
      heading("Confirmatory results"),
      paragraph(countedText(results)),
      resultList(confirmatory, results),
      shown(resultsTable(ids.next("confirmatory"), "Confirmatory results", confirmatory, results)),
    ],
    ...forests(ids, results),
    ...exploratory.length === 0 ? [] : [
      heading("Exploratory results"),
      paragraph(
        "Nothing here was declared before the run. The results suggest what to ask next; they confirm nothing, " +
          "whatever their p, which is adjusted among them by the method of Benjamini and Hochberg.",
      ),
      shown(resultsTable(ids.next("exploratory"), "Exploratory results", exploratory, results)),
    ],
    ...titled("Mixed models", compared.outcomes.flatMap((one) => modelBlocks(one, models, analysis.level))),
    ...titled(
      "The same comparisons by other means",
      robustnessBlocks(results),
    ),
  ]);
}

function nothingToCompare({ discussions, factors }: OutcomeComparisons): Callout {
  return {
    kind: "callout",
    tone: "note",
    title: "Nothing to compare",
    text: discussions === 0
      ? "No discussion came to its end."
      : factors.length === 0
      ? "All completed discussions are of one condition: there is none to compare it with."
      : "No outcome has values that could be compared.",
  };
}

/** What may be concluded from what follows. */
function standing({ compared: { declared }, analysis }: Results, confirmatory: number): Callout {
  const exploratory = (title: string): Callout => ({
    kind: "callout",
    tone: "caution",
    title,
    text: "All results are exploratory: they raise questions, and confirm nothing.",
  });
  switch (declared) {
    case "after":
      return exploratory("Nothing shows that the analysis was declared before the run");
    case "none":
      return exploratory("No analysis was declared before the run");
    case "before": {
      if (confirmatory === 0) return exploratory("Of what was declared before the run nothing can be tested");
      const corrected = analysis.correction === "none"
        ? "not corrected, as the analysis asks"
        : `corrected together by ${CORRECTIONS[analysis.correction]}`;
      return {
        kind: "callout",
        tone: "note",
        title: "Confirmatory and exploratory results",
        text: `The analysis was declared before the run: its ${plural(confirmatory, "test")} ${
          confirmatory === 1 ? "is" : "are"
        } confirmatory, and p values are ${corrected}. All else is exploratory.`,
      };
    }
    default:
      return declared satisfies never;
  }
}

function comparedParagraph({ discussions, leftOut, factors }: OutcomeComparisons): Block {
  const by = factors.map(({ name, levels, reference }) =>
    `${name} (reference ${reference}; ${levels.filter((level) => level !== reference).join(", ")})`
  );
  const compared = `${plural(discussions, "completed discussion")} ${discussions === 1 ? "is" : "are"}`;
  const left = leftOut === 0 ? "" : ` Left out, as they did not come to their end: ${leftOut}.`;
  return paragraph(
    by.length === 0
      ? `${compared} analysed; all are of one condition, so that there is none to compare with.${left}`
      : `${compared} compared by ${by.join("; ")}.${left}`,
  );
}

function countedText({ compared: { tests }, analysis: { level, correction } }: Results): string {
  const family = tests.filter((test) => test.confirmatory);
  const limit = Number((1 - level).toPrecision(6));
  const below = family.filter(({ adjusted }) => adjusted! < limit).length;
  const untested = family.filter(({ figures }) => isUnavailable(figures)).length;
  const p = correction === "none" ? "a p" : "an adjusted p";
  const tested = `Of ${plural(family.length, "test")}, ${below} ${
    below === 1 ? "has" : "have"
  } ${p} below ${limit}.`;
  if (untested === 0) return tested;
  return `${tested} ${untested} could not be computed and ${untested === 1 ? "counts" : "count"} as p = 1.`;
}

function forests(ids: TableIds, results: Results): readonly Figure[] {
  const declared = results.compared.outcomes.filter(({ outcome }) => outcome.declared);
  return [
    ...declared.flatMap(({ outcome: { name } }) => [
      outcomeForest(ids.next(name, "forest"), name, false, results),
      outcomeForest(ids.next(name, "slopes", "forest"), name, true, results),
    ]),
    standardisedForest(ids.next("standardised"), results),
  ].filter((figure) => figure !== null);
}

function titled(title: string, blocks: readonly Block[]): readonly Block[] {
  return blocks.length === 0 ? [] : [heading(title), ...blocks];
}
