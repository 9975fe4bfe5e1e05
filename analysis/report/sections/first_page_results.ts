/** The results of the first page: which tests it shows, as a table, as a plot and as sentences. */
import type { AdjustedTest, OutcomeComparisons } from "../../outcomes/mod.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import { adjustedNote, countedIn } from "../analysis_texts.ts";
import type { Block, Cell, Figure } from "../document.ts";
import { plural } from "../numbers.ts";
import { figures, percent, probabilities, shown, tableOf, texts } from "../tables.ts";
import { comparisonText, METHODS, type Results } from "./effect_results.ts";
import { forestFigure } from "./effect_forests.ts";
import { coveredRange, estimatesRange, pName, sentenceOf } from "./result_sentences.ts";
import { capital } from "../words.ts";

/** The first page shows each test in a row of its own if there are no more tests than this. */
const ROWS_MAX = 12;

/** An effect with more comparisons than this is the first to be shown in one row. */
const COMPARISONS_MAX = 3;

/** The first page has at most this many rows, even if every effect has only one. */
const ROWS_LAST = 40;

/** A row of the first page: one test, or the tests of one effect on one outcome that find nothing. */
export type HeadlineRow = Readonly<{ tests: readonly AdjustedTest[] }>;

/** The tests that the first page shows. */
export type Headline = Readonly<{
  rows: readonly HeadlineRow[];
  /** How many tests did not fit. */
  left: number;
  /** Whether they are the tests of the analysis; otherwise, they are comparisons that no analysis names. */
  declared: boolean;
  /** A test with a smaller adjusted p finds an effect. */
  alpha: number;
}>;

/**
 * Chooses the tests of the first page: the tests of the analysis, or else the comparisons of two levels on annotated scales, or
 * else on any outcome. If there are too many, the tests of an effect share a row, except tests with an adjusted p below `alpha`.
 */
export function headlineResults({ tests, outcomes }: OutcomeComparisons, alpha: number): Headline {
  const ofAnalysis = tests.filter(({ declared }) => declared);
  const declared = ofAnalysis.length > 0;
  const compared = tests.filter(({ term, figures }) =>
    term.contrasts.length === 1 && !term.throughTurns && !isUnavailable(figures)
  );
  const scales = new Set(
    outcomes.filter(({ outcome }) => outcome.scale !== null).map(({ outcome }) => outcome.name),
  );
  const onScales = compared.filter(({ outcome }) => scales.has(outcome));
  const chosen = declared ? ofAnalysis : onScales.length > 0 ? onScales : compared;
  const effects = [
    ...Map.groupBy(chosen, ({ outcome, effect }) => JSON.stringify([outcome, effect])).values(),
  ];
  const all = [
    effects.flatMap((effect) => effect.map(alone)),
    effects.flatMap((effect) =>
      effect.length > COMPARISONS_MAX ? joinedRows(effect, alpha) : effect.map(alone)
    ),
    effects.flatMap((effect) => joinedRows(effect, alpha)),
  ];
  const rows = all.find(({ length }) => length <= ROWS_MAX) ?? all.at(-1)!;
  const shown = rows.slice(0, ROWS_LAST);
  const left = rows.slice(ROWS_LAST).reduce((sum, row) => sum + row.tests.length, 0);
  return { rows: shown, left, declared, alpha };
}

function alone(test: AdjustedTest): HeadlineRow {
  return { tests: [test] };
}

/** The tests that find an effect, each in a row of its own; then the others in one row. */
function joinedRows(effect: readonly AdjustedTest[], alpha: number): readonly HeadlineRow[] {
  const found = (test: AdjustedTest) => test.adjusted !== null && test.adjusted < alpha;
  const others = effect.filter((test) => !found(test));
  return [...effect.filter(found).map(alone), ...others.length === 0 ? [] : [{ tests: others }]];
}

/** The table, the plot and the sentences. */
export function resultBlocks(headline: Headline, results: Results): readonly Block[] {
  const { rows, alpha } = headline;
  const plotted = plottedTests(rows);
  const all = rows.reduce((sum, { tests }) => sum + tests.length, 0);
  const title = "The results, with their intervals";
  const plot = forestFigure(
    {
      id: "first-page-plot",
      title: plotted.length === all ? title : `${title}: ${plotted.length} of ${all} tests`,
    },
    plotted,
    results,
  );
  return [
    shown(headlineTable(headline, results)),
    ...plot === null ? [] : [plot satisfies Figure],
    { kind: "list", items: rows.map((row) => sentenceOf(row.tests, results, alpha)) },
  ];
}

/** The plot has at most this many tests. */
const PLOTTED_MAX = 30;

/** The tests with rows of their own, and as many differences between levels as there is room for, in their order. */
function plottedTests(rows: readonly HeadlineRow[]): readonly AdjustedTest[] {
  const tests = rows.flatMap((row) => row.tests.map((test) => ({ test, isAlone: row.tests.length === 1 })));
  const isMain = ({ term }: AdjustedTest) => term.contrasts.length === 1 && !term.throughTurns;
  const shown = tests.filter(({ test, isAlone }) => isAlone || isMain(test)).map(({ test }) => test);
  return shown.slice(0, PLOTTED_MAX);
}

function headlineTable({ rows, declared }: Headline, { compared, analysis }: Results) {
  const name = pName(rows[0]!.tests[0]!, analysis);
  const tests = rows.flatMap((row) => row.tests);
  const note = [
    countedIn(tests, compared),
    "A difference is in the unit of the outcome: the named level minus the reference.",
    adjustedNote(tests),
    ...name === "p" ? [] : [
      `The corrected p allows for all ${
        declared && compared.declared === "before" ? "declared" : "exploratory"
      } tests.`,
    ],
    ...rows.some(({ tests }) => tests.length > 1)
      ? [
        "A row of several comparisons has the range of their differences, the range that their intervals cover, and their " +
        "smallest corrected p; the section Effects has each of them.",
      ]
      : [],
  ].join(" ");
  const title = declared ? "Results of the declared tests" : "Comparisons of conditions";
  return tableOf(
    { id: "first-page", title: compared.declared === "before" || !declared ? title : "Results", note },
    rows,
    [
      texts("outcome", "Outcome", ({ tests }) => tests[0]!.outcome),
      texts(
        "comparison",
        "Comparison",
        ({ tests }) =>
          tests.length === 1
            ? comparisonText(tests[0]!, compared)
            : `${tests[0]!.effect.join(" × ")}: ${plural(tests.length, "comparison")}`,
      ),
      figures("difference", "Difference", ({ tests }) => rangeOfEstimates(tests)),
      figures(
        "interval",
        `${percent(analysis.level)} interval`,
        ({ tests }) => intervalsOf(tests),
      ),
      probabilities("p_corrected", capital(name), ({ tests }) => smallestP(tests)),
      texts("method", "Method", ({ tests }) =>
        [
          ...new Set(tests.map(({ method }) => METHODS[method])),
        ].join(", ")),
    ],
  );
}

function rangeOfEstimates(tests: readonly AdjustedTest[]): Cell {
  const [{ figures }] = tests as [AdjustedTest];
  return estimatesRange(tests) ?? (isUnavailable(figures) ? figures : null);
}

function intervalsOf(tests: readonly AdjustedTest[]): Cell {
  const [{ figures }] = tests as [AdjustedTest];
  return coveredRange(tests) ?? (isUnavailable(figures) ? figures : figures.interval);
}

function smallestP(tests: readonly AdjustedTest[]): Cell {
  const ps = tests.flatMap(({ figures, adjusted }) =>
    isUnavailable(figures) || adjusted === null ? [] : [adjusted]
  );
  const [{ figures }] = tests as [AdjustedTest];
  return ps.length > 0 ? Math.min(...ps) : isUnavailable(figures) ? figures : null;
}

/** How much other reasonable choices change the declared tests; empty if there are no alternatives. */
export function alternativesText({ multiverses }: OutcomeComparisons, alpha: number): string {
  const computed = multiverses.map(({ alternatives }) =>
    alternatives.flatMap(({ isDeclared, figures }) => isUnavailable(figures) ? [] : [{ isDeclared, figures }])
  );
  const pairs = computed.flatMap((alternatives) => {
    const own = alternatives.find(({ isDeclared }) => isDeclared);
    const others = alternatives.filter(({ isDeclared }) => !isDeclared);
    return own === undefined ? [] : others.map((other) => [own.figures, other.figures] as const);
  });
  if (pairs.length === 0) return "";
  const same = pairs.filter(([own, other]) => Math.sign(own.estimate) === Math.sign(other.estimate)).length;
  const agreeing = pairs.filter(([own, other]) => (own.p < alpha) === (other.p < alpha)).length;
  const what = multiverses.length === 1 ? "this test" : "these tests";
  return `Other reasonable choices of comments and models compute ${what} in ${
    plural(pairs.length, "other way")
  }: ${same} ${same === 1 ? "has" : "have"} the same sign, and ${agreeing} ${
    agreeing === 1 ? "agrees" : "agree"
  } on whether the uncorrected p is below ${Number(alpha.toPrecision(6))}. See Effects.`;
}

/** What the first page leaves out. */
export function restText({ rows, left, declared }: Headline, { tests }: OutcomeComparisons): string {
  const shown = rows.reduce((sum, row) => sum + row.tests.length, 0);
  const others = tests.length - shown - left;
  return [
    ...left > 0 ? [`${plural(left, "more test")} did not fit here.`] : [],
    ...others > 0
      ? [
        `${plural(others, declared ? "exploratory test" : "other test")} ${
          others === 1 ? "is" : "are"
        } in the section Effects.`,
      ]
      : [],
  ].join(" ");
}
