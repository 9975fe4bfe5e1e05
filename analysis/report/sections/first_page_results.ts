/** The results of the first page: its tests as a table, as a plot and as sentences. */
import type { AdjustedTest, OutcomeComparisons } from "../../outcomes/mod.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import { effectText } from "../analysis_texts.ts";
import type { Block, Figure } from "../document.ts";
import { formatCount, plural } from "../numbers.ts";
import { paragraph, shown } from "../tables.ts";
import type { Results } from "./effect_results.ts";
import { forestFigure } from "./effect_forests.ts";
import { type Headline, type HeadlineRow, jointOfRows } from "./first_page_rows.ts";
import { headlineTable } from "./first_page_table.ts";
import { jointSentence } from "./joint_texts.ts";
import { sentenceOf, UNCLEAR, unclearRowsText } from "./result_sentences.ts";
import { named } from "../words.ts";

/** The table, the plot and the sentences. */
export function resultBlocks(headline: Headline, results: Results): readonly Block[] {
  const plot = headlinePlot(headline, results);
  const sentences = sentencesOf(headline, results);
  const isUnclear = sentences.some((sentence) => sentence.startsWith(UNCLEAR));
  const hasMargins = headline.rows.some(({ tests }) => tests.some(({ equivalence }) => equivalence !== null));
  return [
    shown(headlineTable(headline, results)),
    ...plot === null ? [] : [plot satisfies Figure],
    { kind: "list", items: sentences },
    ...isUnclear && !hasMargins ? [paragraph(UNCLEAR_MEANING)] : [],
  ];
}

const UNCLEAR_MEANING =
  "“No clear difference” does not mean “no difference”: only a test against a margin, declared before the run, can show " +
  "that an effect is too small to matter.";

/**
 * If more rows than this find nothing, one sentence sums them up. The same holds for rows that could not be
 * tested.
 */
const QUIET_MAX = 8;

function sentencesOf({ rows, alpha }: Headline, results: Results): readonly string[] {
  const isUntested = ({ tests }: HeadlineRow) => tests.every(({ figures }) => isUnavailable(figures));
  const isUnclear = (row: HeadlineRow) =>
    !isUntested(row) &&
    row.tests.every(({ adjusted, equivalence }) =>
      equivalence === null && !(adjusted !== null && adjusted < alpha)
    );
  const [unclear, untested] = [rows.filter(isUnclear), rows.filter(isUntested)];
  const joint = jointOfRows(rows, results);
  const sentencesOfJoint = joint.map((test) => test === null ? [] : [jointSentence(test, results, alpha)]);
  if (unclear.length + untested.length <= QUIET_MAX) {
    return rows.flatMap((row, at) => [...sentencesOfJoint[at]!, sentenceOf(row.tests, results, alpha)]);
  }
  const others = rows.filter((row) => !isUnclear(row) && !isUntested(row));
  const quiet = joint.flatMap((test) => test === null || test.adjusted < alpha ? [] : [test]);
  return [
    ...rows.flatMap((row, at) => [
      ...joint[at] !== null && joint[at]!.adjusted < alpha ? sentencesOfJoint[at]! : [],
      ...others.includes(row) ? [sentenceOf(row.tests, results, alpha)] : [],
    ]),
    ...unclear.length > 0
      ? [unclearRowsText(unclear.map(({ tests }) => tests), { ...results, joint: quiet }, rows.length)]
      : [],
    ...untested.length > 0
      ? [`${plural(untested.length, "row")} of the table could not be tested: see “Not tested”, below.`]
      : [],
  ];
}

/** The plot has at most this many of the tests that have a row of their own. */
const PLOTTED_MAX = 30;

/** Tests that share a row are plotted only if the whole plot then has at most this many tests. */
const PLOTTED_SHARING_MAX = 8;

/**
 * The plot of the tests that have a row of their own. It also has the differences between levels that share a
 * row, if all of them fit. The caption says which tests are not plotted.
 */
function headlinePlot({ rows }: Headline, results: Results): Figure | null {
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
  if (figure === null || lacking.length === 0) return figure;
  const left = lacking.length > LEFT_NAMED_MAX
    ? `${plural(lacking.flat().length, "comparison")} of ${lacking.length} rows of the table`
    : named(
      lacking.map((tests) =>
        `${plural(tests.length, "comparison")} of ${effectText(tests[0]!.effect, results.analysis)} on ${
          tests[0]!.outcome
        }`
      ),
    );
  return { ...figure, estimator: `${figure.estimator ?? ""} Not plotted: ${left}.` };
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
