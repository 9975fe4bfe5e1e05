/** The results of the first page: its tests as a table, as a plot and as sentences. */
import type { AdjustedTest, OutcomeComparisons } from "../../outcomes/mod.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import { effectText } from "../analysis_texts.ts";
import type { Block, Figure } from "../document.ts";
import { formatCount, plural } from "../numbers.ts";
import { paragraph, shown, TableIds } from "../tables.ts";
import type { Results } from "./effect_results.ts";
import { forestFigure } from "./effect_forests.ts";
import { type Headline, type HeadlineRow, jointOfRows } from "./first_page_rows.ts";
import { headlineTable } from "./first_page_table.ts";
import { jointSentence } from "./joint_texts.ts";
import { sentenceOf, UNCLEAR, unclearRowsText } from "./result_sentences.ts";
import { type TrendTable, trendTables } from "./trend_tables.ts";
import { named } from "../words.ts";

/** The table, the plot and the sentences. */
export function resultBlocks(headline: Headline, results: Results): readonly Block[] {
  const trends = trendTables(
    new TableIds("first-page"),
    headline.rows.flatMap(({ tests }) => tests),
    results,
    headline.alpha,
  );
  const plot = headlinePlot(headline, results, trends);
  const sentences = sentencesOf(headline, results, trends);
  const isUnclear = sentences.some((sentence) => sentence.startsWith(UNCLEAR));
  const hasMargins = headline.rows.some(({ tests }) => tests.some(({ equivalence }) => equivalence !== null));
  return [
    shown(headlineTable(headline, results)),
    ...plot === null ? [] : [plot satisfies Figure],
    { kind: "list", items: sentences },
    ...trends.map(({ table }) => shown(table)),
    ...isUnclear && !hasMargins ? [paragraph(UNCLEAR_MEANING)] : [],
  ];
}

const UNCLEAR_MEANING =
  "“No clear difference” does not mean “no difference”: only a test against a margin, declared before the run, can show " +
  "that an effect is too small to matter.";

/**
 * If more rows than this find nothing, one sentence sums them up. The same holds for rows that could not be
 * tested. One sentence also sums up rows whose trends are in a table of their own.
 */
const QUIET_MAX = 8;

function sentencesOf(
  { rows, alpha }: Headline,
  results: Results,
  trends: readonly TrendTable[],
): readonly string[] {
  const isUntested = ({ tests }: HeadlineRow) => tests.every(({ figures }) => isUnavailable(figures));
  const isUnclear = (row: HeadlineRow) =>
    !isUntested(row) &&
    row.tests.every(({ adjusted, equivalence }) =>
      equivalence === null && !(adjusted !== null && adjusted < alpha)
    );
  const areMany = rows.filter((row) => isUnclear(row) || isUntested(row)).length > QUIET_MAX;
  const inTables = new Set(trends.flatMap(({ tests }) => tests));
  const summed = rows.filter((row) =>
    isUnclear(row) && (areMany || row.tests.every((test) => inTables.has(test)))
  );
  const unclear = areMany || summed.length > 1 ? summed : [];
  const untested = areMany ? rows.filter(isUntested) : [];
  const joint = jointOfRows(rows, results);
  const isQuiet = (row: HeadlineRow, at: number) =>
    joint[at] != null && joint[at].adjusted >= alpha && (areMany || unclear.includes(row));
  const quiet = rows.flatMap((row, at) => isQuiet(row, at) ? [joint[at]!] : []);
  return [
    ...rows.flatMap((row, at) => [
      ...joint[at] == null || isQuiet(row, at) ? [] : [jointSentence(joint[at], results, alpha)],
      ...unclear.includes(row) || untested.includes(row) ? [] : [sentenceOf(row.tests, results, alpha)],
    ]),
    ...unclear.length > 0
      ? [unclearRowsText(unclear.map(({ tests }) => tests), { ...results, joint: quiet }, rows.length)]
      : [],
    ...untested.length > 0
      ? [`${plural(untested.length, "row")} of the first table could not be tested: see “Not tested”, below.`]
      : [],
  ];
}

/** The plot has at most this many of the tests that have a row of their own. */
const PLOTTED_MAX = 30;

/** Tests that share a row are plotted only if the whole plot then has at most this many tests. */
const PLOTTED_SHARING_MAX = 8;

/**
 * The plot of the tests that have a row of their own. It also has the differences between levels that share a
 * row, if all of them fit. Tests of trends that are in a table of their own are left out if others are left. The
 * caption says which tests are not plotted.
 */
function headlinePlot(headline: Headline, results: Results, trends: readonly TrendTable[]): Figure | null {
  const inTables = new Set(trends.flatMap(({ tests }) => tests));
  const left = headline.rows.filter(({ tests }) => !tests.every((test) => inTables.has(test)));
  const rows = left.length === 0 ? headline.rows : left;
  const isMain = ({ term }: AdjustedTest) => term.contrasts.length === 1 && !term.throughTurns;
  const alone = rows.filter(({ tests }) => tests.length === 1).flatMap(({ tests }) => tests);
  const sharing = rows.filter(({ tests }) => tests.length > 1).flatMap(({ tests }) => tests.filter(isMain));
  const chosen = new Set([
    ...alone.slice(0, PLOTTED_MAX),
    ...alone.length + sharing.length <= PLOTTED_SHARING_MAX ? sharing : [],
  ]);
  const plotted = rows.flatMap(({ tests }) => tests.filter((test) => chosen.has(test)));
  const figure = forestFigure(
    { id: "first-page-plot", title: "The results, with their intervals" },
    plotted,
    results,
  );
  const lacking = rows.map(({ tests }) =>
    tests.filter((test) => !chosen.has(test) && !isUnavailable(test.figures))
  ).filter(({ length }) => length > 0);
  if (figure === null) return figure;
  const inTable = left.length === 0 || left.length === headline.rows.length
    ? ""
    : ` Trends are not plotted, but in the table below: ${named(trends.map(({ table }) => table.title))}.`;
  const notPlotted = lacking.length === 0 ? "" : ` Not plotted: ${lackingText(lacking, results)}.`;
  return { ...figure, estimator: `${figure.estimator ?? ""}${notPlotted}${inTable}` };
}

function lackingText(lacking: readonly (readonly AdjustedTest[])[], results: Results): string {
  return lacking.length > LEFT_NAMED_MAX
    ? `${plural(lacking.flat().length, "comparison")} of ${lacking.length} rows of the first table`
    : named(
      lacking.map((tests) =>
        `${plural(tests.length, "comparison")} of ${effectText(tests[0]!.effect, results.analysis)} on ${
          tests[0]!.outcome
        }`
      ),
    );
}

/** If more rows than this are not plotted, they are counted instead of named. */
const LEFT_NAMED_MAX = 3;

/** Says how many exploratory tests there are, and how many the first page leaves out or could not be computed. */
export function restText({ rows, left }: Headline, { tests }: OutcomeComparisons): string {
  const exploratory = tests.filter(({ confirmatory, sampleChanged }) => !confirmatory && !sampleChanged);
  const computed = exploratory.filter(({ figures }) => !isUnavailable(figures));
  const above = new Set(rows.flatMap(({ tests }) => tests));
  const here = computed.filter((test) => above.has(test)).length;
  const failed = exploratory.filter((test) => isUnavailable(test.figures) && !above.has(test));
  return [
    ...left > 0 ? [`${plural(left, "more test")} did not fit here.`] : [],
    ...computed.length > here
      ? [
        `The section Effects has all ${plural(computed.length, "exploratory test")}, ${
          here === 0 ? "none" : formatCount(here)
        } of them shown above.`,
      ]
      : [],
    ...failed.length > 0 ? [`${plural(failed.length, "more test")} could not be computed.`] : [],
  ].join(" ");
}
