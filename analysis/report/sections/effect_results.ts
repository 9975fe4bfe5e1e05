/** The results of tests: confirmatory ones in sentences and in a table, exploratory ones in a table of their own. */
import type { AdjustedTest, OutcomeComparisons } from "../../outcomes/mod.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import type { AnalysisDesign } from "../../../core/experiment/analysis_design.ts";
import { decimalsFor } from "../decimals.ts";
import type { Block, Cell, Table } from "../document.ts";
import { formatCell } from "../format_cell.ts";
import { counts, figures, type FilledColumn, percent, tableOf, texts } from "./columns.ts";
import { comparisonText, METHODS, timeText } from "./effect_words.ts";

/** What tables of results are made from. */
export type Results = Readonly<{ compared: OutcomeComparisons; analysis: AnalysisDesign }>;

/**
 * Each test in a sentence.
 *
 * @param tests The tests.
 * @param results What they are among.
 */
export function resultList(tests: readonly AdjustedTest[], { compared, analysis }: Results): Block {
  const items = tests.map((test) => {
    const { figures, outcome, adjusted } = test;
    const head = `${outcome}, ${comparisonText(test, compared)}`;
    if (isUnavailable(figures)) {
      return `${head}: not tested, since ${figures.unavailable}; it counts as p = 1.`;
    }
    const { estimate, interval, p } = figures;
    const format = { kind: "number", decimals: decimalsFor([estimate, interval]) } as const;
    const bounds = isUnavailable(interval)
      ? `no interval, since ${interval.unavailable}`
      : `${percent(analysis.level)} interval ${formatCell(interval, format)}`;
    const adjustedText = analysis.correction === "none" ? "" : ` (adjusted ${pText(adjusted)})`;
    return `${head}: ${formatCell(estimate, format)}, ${bounds}; p ${equalsP(p)}${adjustedText}.`;
  });
  return { kind: "list", items };
}

function pText(p: Cell): string {
  return formatCell(p, { kind: "p" });
}

/** `= 0.030`, `< 0.001`. */
function equalsP(p: number): string {
  const text = pText(p);
  return text.startsWith("<") ? text : `= ${text}`;
}

/**
 * The table of some tests.
 *
 * @param id The table's name.
 * @param title Its title, which says whether they are confirmatory.
 * @param tests The tests.
 * @param results What they are among.
 */
export function resultsTable(
  id: string,
  title: string,
  tests: readonly AdjustedTest[],
  { compared, analysis }: Results,
): Table {
  const of = (figure: (found: Exclude<AdjustedTest["figures"], { unavailable: string }>) => Cell): Cell[] =>
    tests.map(({ figures }) => isUnavailable(figures) ? figures : figure(figures));
  return tableOf({
    id,
    title,
    note: [noteOn(tests, compared, analysis), ...remarksOn(tests, compared)].join(" "),
    columns: [
      texts("outcome", "Outcome", tests.map(({ outcome }) => outcome)),
      texts("comparison", "Comparison", tests.map((test) => comparisonText(test, compared))),
      figures("estimate", "Estimate", of(({ estimate }) => estimate)),
      figures("interval", `${percent(analysis.level)} interval`, of(({ interval }) => interval)),
      probabilities("p", "p", of(({ p }) => p)),
      probabilities("p_adjusted", "Adjusted p", tests.map(({ adjusted }) => adjusted)),
      texts("method", "Method", tests.map(({ method }) => METHODS[method])),
      counts("discussions", "Discussions", of(({ discussions }) => discussions)),
      counts("values", "Values", of(({ values }) => values)),
    ],
  });
}

/** A column of probabilities. */
export function probabilities(key: string, title: string, cells: readonly Cell[]): FilledColumn {
  return { column: { key, title, format: { kind: "p" } }, cells };
}

/** Tests that a remark names; further ones are only counted. */
const REMARKED_MAX = 3;

/** Why some tests are not by the method that the analysis names. */
function remarksOn(tests: readonly AdjustedTest[], compared: OutcomeComparisons): readonly string[] {
  const remarked = Map.groupBy(tests.filter(({ remark }) => remark !== null), ({ remark }) => remark!);
  return [...remarked].map(([remark, those]) => {
    const named = those.slice(0, REMARKED_MAX).map((test) =>
      `${test.outcome}, ${comparisonText(test, compared)}`
    );
    const rest = those.length - named.length;
    return `${named.join("; ")}${rest > 0 ? `; and ${rest} more` : ""}: ${remark}.`;
  });
}

function noteOn(
  tests: readonly AdjustedTest[],
  { outcomes }: OutcomeComparisons,
  { time }: AnalysisDesign,
): string {
  const methods = new Set(tests.map(({ method }) => method));
  const isMatched = outcomes.some(({ comparisons }) => comparisons.some(({ paired }) => paired !== null));
  return [
    "Estimates are differences from the reference in the unit of the outcome, and with turn what they change by from " +
    `each place to the next; ${timeText(time)}. All p are two-sided.`,
    ...tests.some(({ term }) => term.contrasts.length > 1)
      ? ["A product of differences is what the one changes by with the other."]
      : [],
    ...methods.has("mixed-model")
      ? [
        "Mixed model: a random intercept by discussion, REML, Student's t with Satterthwaite's degrees of freedom; " +
        '"at" names the references of factors that the model has interactions with: an effect is the one there.',
        ...isMatched ? ["Matched discussions count as independent there."] : [],
      ]
      : [],
    ...tests.some(({ term }) => term.throughTurns)
      ? [
        "Slopes do not differ at random between discussions in that model: where they do, tests with turn find too " +
        "much.",
      ]
      : [],
    ...methods.has("paired")
      ? [
        "Pairs: Student's t on the differences of matched discussions' means; with further factors, a pair is the mean " +
        "over the cells that both levels have.",
      ]
      : [],
    ...methods.has("permutation")
      ? [
        "Permutation: of discussions' values between conditions, two-sided; the interval is from the bootstrap over " +
        "discussions.",
      ]
      : [],
  ].join(" ");
}
