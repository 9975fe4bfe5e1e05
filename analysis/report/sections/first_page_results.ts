/** The results of the first page: which tests it shows, as a table, as a plot and as sentences. */
import { type AdjustedTest, type OutcomeComparisons, rangeOf } from "../../outcomes/mod.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import { adjustedNote, countedIn, effectText } from "../analysis_texts.ts";
import type { Block, Cell, Figure } from "../document.ts";
import { formatCell, formatCount, plural } from "../numbers.ts";
import { figures, paragraph, percent, probabilities, shown, tableOf, texts } from "../tables.ts";
import { comparisonText, METHODS, type Results } from "./effect_results.ts";
import { forestFigure } from "./effect_forests.ts";
import { estimatesRange, pName, sentenceOf, UNCLEAR, unclearRowsText } from "./result_sentences.ts";
import { capital, named } from "../words.ts";

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
  "A result that is not clear does not mean that there is no effect. Only a test against a margin, declared before the run, " +
  "can show that an effect is too small to matter.";

/** If more rows than this find nothing, or could not be tested, they share a sentence. */
const QUIET_MAX = 8;

function sentencesOf({ rows, alpha }: Headline, results: Results): readonly string[] {
  const isUntested = ({ tests }: HeadlineRow) => tests.every(({ figures }) => isUnavailable(figures));
  const isUnclear = (row: HeadlineRow) =>
    !isUntested(row) &&
    row.tests.every(({ adjusted, equivalence }) =>
      equivalence === null && !(adjusted !== null && adjusted < alpha)
    );
  const [unclear, untested] = [rows.filter(isUnclear), rows.filter(isUntested)];
  if (unclear.length + untested.length <= QUIET_MAX) {
    return rows.map((row) => sentenceOf(row.tests, results, alpha));
  }
  const others = rows.filter((row) => !isUnclear(row) && !isUntested(row));
  return [
    ...others.map((row) => sentenceOf(row.tests, results, alpha)),
    ...unclear.length > 0 ? [unclearRowsText(unclear.map(({ tests }) => tests), results, rows.length)] : [],
    ...untested.length > 0
      ? [`${plural(untested.length, "row")} of the table could not be tested: see “Not tested”, below.`]
      : [],
  ];
}

/** The plot has at most this many tests with rows of their own. */
const PLOTTED_MAX = 30;

/** Tests that share a row are plotted only if the plot then has at most this many tests. */
const PLOTTED_SHARING_MAX = 8;

/** Tests with rows of their own, and differences between levels if all fit. The caption says what is not plotted. */
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
  return { ...figure, estimator: `Not plotted: ${left}. ${figure.estimator ?? ""}` };
}

/** More rows than this that are not plotted are counted instead of named. */
const LEFT_NAMED_MAX = 3;

function headlineTable({ rows, declared }: Headline, results: Results) {
  const { compared, analysis } = results;
  const name = pName(rows[0]!.tests[0]!, analysis);
  const hasIntervals = rows.some(({ tests }) => tests.length === 1);
  const shownTests = rows.flatMap(({ tests }) => tests);
  const note = [
    countedIn(shownTests, compared),
    "A difference is in the unit of the outcome: the named level minus the reference.",
    adjustedNote(shownTests, analysis),
    observedText(shownTests, compared),
    ...name === "p" ? [] : [`The corrected p allows for ${familyText(shownTests[0]!, compared)}.`],
    hasIntervals ? "The intervals are not corrected for the number of tests." : "",
    ...rows.some(({ tests }) => tests.length > 1)
      ? [
        "A row of several comparisons has their smallest and greatest difference, and their smallest corrected p; the " +
        "section Effects has their intervals.",
      ]
      : [],
  ].filter((text) => text !== "").join(" ");
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
            ? comparisonText(tests[0]!, results)
            : `${effectText(tests[0]!.effect, analysis)}: ${plural(tests.length, "comparison")}`,
      ),
      figures("difference", "Difference", ({ tests }) => rangeOfEstimates(tests)),
      ...hasIntervals
        ? [figures<HeadlineRow>("interval", `${percent(analysis.level)} interval`, intervalOf)]
        : [],
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

/** The range of several intervals is no interval: beside the range of the differences, it looks like one. */
function intervalOf({ tests }: HeadlineRow): Cell {
  const [{ figures }] = tests as [AdjustedTest];
  return tests.length > 1 ? null : isUnavailable(figures) ? figures : figures.interval;
}

/** The least and the greatest value of outcomes whose scale has no known limits. */
function observedText(tests: readonly AdjustedTest[], { outcomes }: OutcomeComparisons): string {
  const names = new Set(tests.map(({ outcome }) => outcome));
  const ranges = outcomes.map(({ outcome }) => outcome).filter((outcome) =>
    names.has(outcome.name) && outcome.scale !== null && !rangeOf(outcome).every(Number.isFinite)
  ).map(({ name, values }) => {
    const all = values.flatMap((list) => list.map(({ value }) => value)).toSorted((one, other) =>
      one - other
    );
    const range = { level: 1, lower: all[0] ?? 0, upper: all.at(-1) ?? 0 };
    return `${name} from ${formatCell(range, { kind: "figure" })}`;
  });
  return ranges.length === 0
    ? ""
    : `Observed values: ${named(ranges)}; the limits of the scale are not known.`;
}

/** The tests that are corrected together with a test: `all 12 declared tests`. */
function familyText({ confirmatory, sampleChanged }: AdjustedTest, { tests }: OutcomeComparisons): string {
  const isDeclared = confirmatory || sampleChanged;
  const family = tests.filter((test) =>
    (test.confirmatory || test.sampleChanged) === isDeclared && !isUnavailable(test.figures)
  );
  return `all ${plural(family.length, isDeclared ? "declared test" : "exploratory test")}`;
}

function smallestP(tests: readonly AdjustedTest[]): Cell {
  const ps = tests.flatMap(({ figures, adjusted }) =>
    isUnavailable(figures) || adjusted === null ? [] : [adjusted]
  );
  const [{ figures }] = tests as [AdjustedTest];
  return ps.length > 0 ? Math.min(...ps) : isUnavailable(figures) ? figures : null;
}

/** How many exploratory tests there are, what the first page leaves out, and which tests could not be computed. */
export function restText({ rows, left }: Headline, { tests }: OutcomeComparisons): string {
  const exploratory = tests.filter(({ confirmatory, sampleChanged }) => !confirmatory && !sampleChanged);
  const computed = exploratory.filter(({ figures }) => !isUnavailable(figures));
  const above = new Set(rows.flatMap(({ tests }) => tests));
  const here = computed.filter((test) => above.has(test)).length;
  const failed = exploratory.filter(({ figures }) => isUnavailable(figures));
  const byOutcome = [...Map.groupBy(failed, ({ outcome }) => outcome)].map(([outcome, { length }]) =>
    `${formatCount(length)} of ${outcome}`
  );
  return [
    ...left > 0 ? [`${plural(left, "more test")} did not fit here.`] : [],
    ...computed.length > here
      ? [
        `The section Effects has all ${plural(computed.length, "exploratory test")}, ${
          here === 0 ? "none" : formatCount(here)
        } of them shown above.`,
      ]
      : [],
    ...failed.length > 0
      ? [`${formatCount(failed.length)} more could not be computed: ${named(byOutcome)}.`]
      : [],
  ].join(" ");
}
