/** The section on effects: tests of how outcomes differ between conditions. */
import type { AdjustedTest, OutcomeComparisons } from "../../outcomes/mod.ts";
import { nominalLevel } from "../../statistics/group_sequential.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import type { AnalysisDesign } from "../../../core/experiment/analysis_design.ts";
import { CORRECTIONS } from "../analysis_texts.ts";
import type { Block, Callout, Figure, Section } from "../document.ts";
import {
  SAMPLE_CHANGED,
  SAMPLE_CHANGED_MEANING,
  seenBeforeTexts,
  sequencesOf,
  SPENDING,
} from "../looks_texts.ts";
import { plural } from "../numbers.ts";
import {
  callout,
  counts,
  heading,
  numbers,
  paragraph,
  shares,
  shown,
  TableIds,
  tableOf,
  texts,
} from "../tables.ts";
import { capital, named } from "../words.ts";
import { outcomeForest, standardisedForest } from "./effect_forests.ts";
import { resultList, type Results, resultsTable } from "./effect_results.ts";
import { robustnessBlocks } from "./effect_comparisons.ts";
import { modelBlocks } from "./effect_models.ts";
import { jointTable } from "./joint_texts.ts";
import { allTrendsTable } from "./trend_tables.ts";

/** Reports every effect: first the results of declared tests, then the exploratory results. */
export function effectsSection(compared: OutcomeComparisons, analysis: AnalysisDesign): Section {
  const section = (blocks: readonly Block[]): Section => ({ id: "effects", title: "Effects", blocks });
  if (compared.tests.length === 0) return section([nothingToCompare(compared)]);
  const results: Results = { compared, analysis };
  const confirmatory = compared.tests.filter((test) => test.confirmatory);
  const sampleChanged = compared.tests.filter((test) => test.sampleChanged);
  const exploratory = compared.tests.filter((test) => !test.confirmatory && !test.sampleChanged);
  const ids = new TableIds("effects");
  const models = new TableIds("model");
  const interactions = jointTable(ids.next("interactions"), results);
  const allTrends = allTrendsTable(ids.next("trends"), results);
  return section([
    standing(results, confirmatory.length, sampleChanged.length),
    comparedParagraph(compared),
    ...looksBlocks(ids, results),
    ...confirmatory.length === 0 ? [] : [
      heading("Confirmatory results"),
      paragraph(foundText(confirmatory, analysis)),
      resultList(confirmatory, results),
      shown(resultsTable(ids.next("confirmatory"), "Confirmatory results", confirmatory, results)),
    ],
    ...sampleChanged.length === 0 ? [] : [
      heading(capital(SAMPLE_CHANGED)),
      paragraph(foundText(sampleChanged, analysis)),
      resultList(sampleChanged, results),
      shown(resultsTable(ids.next("sample-changed"), capital(SAMPLE_CHANGED), sampleChanged, results)),
    ],
    ...interactions === null ? [] : [heading("Interactions as a whole"), shown(interactions)],
    ...allTrends === null ? [] : [shown(allTrends)],
    ...forests(ids, results),
    ...exploratory.length === 0 ? [] : [
      heading("Exploratory results"),
      paragraph(
        "None of these tests was declared before the run. They suggest questions for further studies; they confirm " +
          "nothing, whatever their p. Adjusted p values are corrected among these tests by the method of Benjamini and " +
          "Hochberg.",
      ),
      shown(resultsTable(ids.next("exploratory"), "Exploratory results", exploratory, results)),
    ],
    ...titled("Mixed models", compared.outcomes.flatMap((one) => modelBlocks(one, models, analysis))),
    ...titled("Robustness: the same comparisons with other methods", robustnessBlocks(results)),
  ]);
}

function nothingToCompare({ discussions, factors }: OutcomeComparisons): Callout {
  return callout(
    "note",
    "Nothing to compare",
    discussions === 0
      ? "No discussion was completed."
      : factors.length === 0
      ? "All completed discussions are of one condition."
      : "No outcome has values to compare.",
  );
}

/** A call-out that says which conclusions the results allow. */
function standing(
  { compared: { declared, looks }, analysis }: Results,
  confirmatory: number,
  sampleChanged: number,
): Callout {
  const exploratory = (title: string) =>
    callout("caution", title, "All results are exploratory: they suggest questions and confirm nothing.");
  switch (declared) {
    case "after":
      return exploratory("The logs do not show that the analysis was declared before the run");
    case "none":
      return exploratory("No analysis was declared before the run");
    case "before": {
      if (confirmatory + sampleChanged === 0) {
        return exploratory("No test that was declared before the run can be computed");
      }
      const corrected = confirmatory + sampleChanged === 1
        ? ""
        : analysis.correction === "none"
        ? "The p values of declared tests are not corrected, as the analysis asks. "
        : `The p values of declared tests are corrected together by ${CORRECTIONS[analysis.correction]}. `;
      if (sampleChanged > 0) {
        const others = confirmatory === 0
          ? ""
          : `${plural(confirmatory, "test")} of other declared outcomes ${
            confirmatory === 1 ? "is" : "are"
          } confirmatory. `;
        return callout(
          "caution",
          capital(SAMPLE_CHANGED),
          `${plural(sampleChanged, "test")} ${
            sampleChanged === 1 ? "was" : "were"
          } declared before the run, but results were seen before ` +
            `the sample changed: ${
              named(seenBeforeTexts(looks))
            }. ${SAMPLE_CHANGED_MEANING} ${others}${corrected}All other tests are ` +
            "exploratory.",
        );
      }
      return callout(
        "note",
        "Confirmatory and exploratory results",
        `The analysis was declared before the run: its ${plural(confirmatory, "test")} ${
          confirmatory === 1 ? "is" : "are"
        } confirmatory. ${corrected}All other tests are exploratory.`,
      );
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
  const left = leftOut === 0 ? "" : ` Left out because they did not end: ${leftOut}.`;
  return paragraph(
    by.length === 0
      ? `${compared} analysed; all are of one condition.${left}`
      : `${compared} compared by ${by.join("; ")}.${left}`,
  );
}

/** The looks that the tests allow for. */
function looksBlocks(ids: TableIds, { compared, analysis }: Results): readonly Block[] {
  const rows = sequencesOf(compared.looks).flatMap(({ sequence, outcomes }) =>
    sequence.ended.map((ended, look) => ({
      outcomes,
      ended,
      fraction: sequence.fractions[look]!,
      planned: sequence.declared.includes(ended),
      nominal: nominalLevel(sequence.fractions.slice(0, look + 1), 1 - analysis.level),
    }))
  );
  if (rows.length === 0) return [];
  const table = tableOf({ id: ids.next("looks"), title: "Looks at the results", note: SPENDING }, rows, [
    texts("outcomes", "Outcomes", ({ outcomes }) => named(outcomes)),
    counts("ended", "Ended discussions", ({ ended }) => ended),
    shares("fraction", "Share of the maximum", ({ fraction }) => fraction),
    texts("planned", "Planned", ({ planned }) => planned ? "yes" : "no"),
    numbers("nominal", "Finds an effect at p below", ({ nominal }) => nominal, NOMINAL_DECIMALS),
  ]);
  return [shown(table)];
}

function foundText(family: readonly AdjustedTest[], { level, correction }: AnalysisDesign): string {
  const limit = Number((1 - level).toPrecision(6));
  const tested = family.filter(({ figures }) => !isUnavailable(figures));
  const below = tested.filter(({ adjusted }) => adjusted! < limit).length;
  const p = correction === "none" ? "a p" : "an adjusted p";
  if (family.length === 1 && tested.length === 1) {
    return `The test has ${p} ${below === 1 ? "below" : "of at least"} ${limit}.`;
  }
  const left = family.length - tested.length;
  const untested = left === 0
    ? ""
    : ` ${left} more could not be computed, and ${left === 1 ? "does" : "do"} not count in the correction.`;
  const found = `${below} ${below === 1 ? "has" : "have"} ${p} below ${limit}`;
  return `Of ${plural(tested.length, "test")}, ${found}.${untested}`;
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

/** Thresholds of p are shown with this many decimals, because they are small at early looks. */
const NOMINAL_DECIMALS = 5;
