/** The results of tests as sentences and as tables, and the names of comparisons. */
import type {
  AdjustedTest,
  Contrast,
  EffectTest,
  OutcomeComparisons,
  TestMethod,
} from "../../outcomes/mod.ts";
import { isUnavailable, type Unavailable } from "../../statistics/unavailable.ts";
import type { AnalysisDesign } from "../../../core/experiment/analysis_design.ts";
import { adjustedNote, caveatsOf, countedNote, effectText } from "../analysis_texts.ts";
import type { Block, Cell, Table } from "../document.ts";
import { leastPText } from "../least_p.ts";
import { decimalsFor, formatCell } from "../numbers.ts";
import { counts, figures, percent, probabilities, tableOf, texts } from "../tables.ts";
import { capital } from "../words.ts";

export type Results = Readonly<{ compared: OutcomeComparisons; analysis: AnalysisDesign }>;

export function resultList(tests: readonly AdjustedTest[], results: Results): Block {
  const { analysis } = results;
  const items = tests.map((test) => {
    const { figures, outcome, repeated, adjusted } = test;
    const head = `${outcome}, ${comparisonText(test, results)}`;
    if (isUnavailable(figures)) {
      return `${head}: not tested, because ${figures.unavailable}.`;
    }
    const { estimate, interval, p } = figures;
    const kind = repeated === null ? "interval" : "repeated interval";
    const format = { kind: "number", decimals: decimalsFor([estimate, interval]) } as const;
    const range = isUnavailable(interval)
      ? `no interval, because ${interval.unavailable}`
      : `${percent(analysis.level)} ${kind} ${formatCell(interval, format)}`;
    const repeatedText = repeated === null ? "" : `, repeated p ${equalsP(repeated)}`;
    const adjustedText = analysis.correction === "none" ? "" : ` (adjusted ${pText(adjusted)})`;
    return `${head}: ${formatCell(estimate, format)}, ${range}; p ${
      equalsP(p)
    }${repeatedText}${adjustedText}.`;
  });
  return { kind: "list", items };
}

function pText(p: Cell): string {
  return formatCell(p, { kind: "p" });
}

/** A p value with its sign, such as `= 0.030`, `< 0.001` or `> 0.999`. */
export function equalsP(p: number): string {
  const text = pText(p);
  return /^[<>]/.test(text) ? text : `= ${text}`;
}

export function resultsTable(
  id: string,
  title: string,
  tests: readonly AdjustedTest[],
  results: Results,
): Table {
  const { analysis } = results;
  const of =
    (figure: (found: Exclude<AdjustedTest["figures"], Unavailable>) => Cell) => (test: AdjustedTest) =>
      isUnavailable(test.figures) ? test.figures : figure(test.figures);
  const areRepeated = tests.some(({ repeated }) => repeated !== null);
  const leastP = leastPText(
    tests.map(({ figures }) => isUnavailable(figures) ? undefined : figures.arrangements),
  );
  const note = [noteOn(tests, results) + leastP, ...remarksOn(tests, results)].join(" ");
  return tableOf({ id, title, note }, tests, [
    texts("outcome", "Outcome", ({ outcome }) => outcome),
    texts("comparison", "Comparison", (test) => comparisonText(test, results)),
    figures("estimate", "Estimate", of(({ estimate }) => estimate)),
    figures(
      "interval",
      `${percent(analysis.level)} ${areRepeated ? "repeated " : ""}interval`,
      of(({ interval }) => interval),
    ),
    probabilities("p", "p", of(({ p }) => p)),
    ...areRepeated
      ? [probabilities<AdjustedTest>("p_repeated", "Repeated p", ({ repeated }) => repeated)]
      : [],
    probabilities("p_adjusted", "Adjusted p", ({ adjusted }) => adjusted),
    texts("method", "Method", ({ method }) => METHODS[method]),
    counts("discussions", "Discussions", of(({ discussions }) => discussions)),
    counts("values", "Values", of(({ values }) => values)),
  ]);
}

/** A remark names at most this many tests, and counts the others. */
const REMARKED_MAX = 3;

/** Says why the method of some tests differs from the method that the analysis names. */
function remarksOn(tests: readonly AdjustedTest[], results: Results): readonly string[] {
  const remarked = Map.groupBy(tests.filter(({ remark }) => remark !== null), ({ remark }) => remark!);
  return [...remarked].map(([remark, those]) => {
    const named = those.slice(0, REMARKED_MAX).map((test) =>
      `${test.outcome}, ${comparisonText(test, results)}`
    );
    const rest = those.length - named.length;
    return `${named.join("; ")}${rest > 0 ? `; and ${rest} more` : ""}: ${remark}.`;
  });
}

function noteOn(
  tests: readonly AdjustedTest[],
  { compared: { outcomes }, analysis }: Results,
): string {
  const { time } = analysis;
  const estimators = new Set(
    tests.filter(({ figures }) => !isUnavailable(figures))
      .map(({ method, estimator }) => `${capital(METHODS[method])}: ${estimator}.`),
  );
  const tested = outcomes.map(({ outcome }) => outcome)
    .filter(({ name }) => tests.some(({ outcome }) => outcome === name));
  return [
    "Estimates are differences from the reference in the unit of the outcome. A row with × " +
    `${time} gives how much the difference changes per ${time}; ${
      timeText(time)
    }. All p values are two-sided.`,
    ...tests.some(({ term }) => term.contrasts.length > 1)
      ? ["A product of differences is an interaction: how one difference changes with the other."]
      : [],
    ...estimators,
    adjustedNote(tests, analysis),
    countedNote(tested),
    ...caveatsOf(tested),
  ].join(" ");
}

/** The names of methods in tables. */
export const METHODS: Readonly<Record<TestMethod, string>> = {
  "mixed-model": "mixed model",
  "logistic-mixed-model": "logistic mixed model",
  "ordinal-mixed-model": "ordinal mixed model",
  "linear-model": "linear model",
  "paired": "pairs, t",
  "permutation": "permutation",
};

/**
 * A level minus its reference, such as `gentle − none`. If there are several factors, the factor's name comes
 * first.
 */
export function contrastText(
  { factor, level, reference }: Contrast,
  { factors }: Pick<OutcomeComparisons, "factors">,
): string {
  const difference = `${level} − ${reference}`;
  return factors.length > 1 ? `${factor}: ${difference}` : difference;
}

/** What a test compares, such as `gentle − none` or `(gentle − none) × turn`. */
export function comparisonText(
  { effect, term }: Pick<EffectTest, "effect" | "term">,
  { compared, analysis }: Results,
): string {
  if (term.contrasts.length === 0) return effectText(effect, analysis);
  const texts = term.contrasts.map((contrast) => contrastText(contrast, compared));
  const [alone] = texts;
  if (texts.length === 1 && !term.throughTurns) return alone!;
  return [...texts.map((text) => `(${text})`), ...term.throughTurns ? [analysis.time] : []].join(" × ");
}

/** Explains the word `turn` or `position`, as a clause. */
export function timeText(time: AnalysisDesign["time"]): string {
  return time === "turn"
    ? `"${time}" is the number of the turn, counted from 0 (transcripts count from 1)`
    : `"${time}" is the position among openings, turns and moderations, counted from 0`;
}
