/** Forest plots: estimates of effects with their intervals. */
import type { AdjustedTest, Alternative } from "../../outcomes/mod.ts";
import type { Interval } from "../../statistics/distributions.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import { countedIn } from "../analysis_texts.ts";
import type { Figure, Plot, Standing } from "../document.ts";
import { SAMPLE_CHANGED } from "../looks_texts.ts";
import { decimalsFor, formatCell } from "../numbers.ts";
import { figures, numbers, percent, TableIds, tableOf, texts } from "../tables.ts";
import { joined } from "../words.ts";
import { comparisonText, contrastText, type Results } from "./effect_results.ts";

/** A plot shows at most this many effects. Its table has all effects. */
const FOREST_EFFECTS_MAX = 60;

type ForestEffect = Readonly<{ label: string; standing: Standing; estimate: number; interval: Interval }>;

/**
 * The plot of the effects on one outcome, in the outcome's unit.
 *
 * @returns `null` if no effect has an interval.
 */
export function outcomeForest(
  id: string,
  outcome: string,
  throughTurns: boolean,
  results: Results,
): Figure | null {
  const { compared, analysis } = results;
  const tests = compared.tests.filter((test) =>
    test.outcome === outcome && test.term.throughTurns === throughTurns
  );
  const placed = placedOf(tests, results).slice(0, FOREST_EFFECTS_MAX);
  const [first] = placed;
  const title = throughTurns ? `Effects on ${outcome} through a discussion` : `Effects on ${outcome}`;
  const effects = tests.flatMap((test) => effectOf(test, comparisonText(test, results)));
  if (first === undefined) return null;
  const figure = forest(
    id,
    title,
    { x: axisText(first.test, analysis), note: ` ${countedIn(tests, compared)}` },
    effects,
    analysis.level,
  );
  return figure === null ? null : { ...figure, ...plotOf(placed, { compared, analysis }) };
}

/**
 * The plot of Hedges' g: every level compared with its reference, for all outcomes. `null` if no g can be
 * computed.
 */
export function standardisedForest(id: string, { compared, analysis }: Results): Figure | null {
  const effects = compared.outcomes.flatMap(({ outcome, comparisons }) =>
    comparisons.flatMap(({ contrast, g }): ForestEffect[] =>
      isUnavailable(g) ? [] : [{
        label: `${outcome.name}: ${contrastText(contrast, compared)}`,
        // g is never declared: the estimate of a declared test is a difference in the unit of the outcome.
        standing: "exploratory",
        estimate: g.estimate,
        interval: g.interval,
      }]
    )
  );
  const x = "Hedges' g: difference in standard deviations of discussions";
  const names = compared.outcomes.map(({ outcome }) => ({ outcome: outcome.name }));
  const note = ` ${
    countedIn(names, compared)
  } g is descriptive, pooled over other factors, and is not a declared test.`;
  const figure = forest(id, "Standardised differences (Hedges' g)", { x, note }, effects, analysis.level);
  return figure === null ? null : { ...figure, estimator: figure.table.note };
}

const EXPLORATORY = { confirmatory: false, sampleChanged: false } as const;

type Standable = Pick<AdjustedTest, "figures" | "confirmatory" | "sampleChanged">;

function effectOf({ figures, confirmatory, sampleChanged }: Standable, label: string): ForestEffect[] {
  if (isUnavailable(figures) || isUnavailable(figures.interval)) return [];
  const standing = confirmatory ? "confirmatory" : sampleChanged ? "sample-changed" : "exploratory";
  return [{ label, standing, estimate: figures.estimate, interval: figures.interval }];
}

function forest(
  id: string,
  title: string,
  { x, note }: Readonly<{ x: string; note: string }>,
  effects: readonly ForestEffect[],
  level: number,
): Figure | null {
  if (effects.length === 0) return null;
  const decimals = decimalsFor(effects.flatMap(({ estimate, interval }) => [estimate, interval]));
  const format = { kind: "number", decimals } as const;
  const shown = effects.slice(0, FOREST_EFFECTS_MAX);
  const left = effects.length - shown.length;
  const areRepeated = effects.some(({ interval }) => interval.level !== level);
  const repeatedNote = areRepeated ? " Intervals of declared effects are repeated intervals." : "";
  const said = left > 0 ? ` The first ${shown.length} effects are shown; ${left} more are in the table.` : "";
  return {
    kind: "figure",
    title,
    alt: `${title}. ${
      shown.map(({ label, estimate, interval }) =>
        `${label}: ${formatCell(estimate, format)} (${formatCell(interval, format)})`
      ).join("; ")
    }.${said}`,
    plot: { kind: "forest", x, effects: shown },
    table: tableOf(
      { id, title, note: `${x}, with ${percent(level)} intervals.${note}${repeatedNote}${said}` },
      effects,
      [
        texts("effect", "Effect", ({ label }) => label),
        numbers("estimate", "Estimate", ({ estimate }) => estimate, decimals),
        numbers("interval", "Interval", ({ interval }) => interval, decimals),
        texts(
          "status",
          "Status",
          ({ standing }) => standing === "sample-changed" ? SAMPLE_CHANGED : standing,
        ),
      ],
    ),
  };
}

/**
 * The plot of tests of several outcomes. Each outcome has one panel, and another one for changes through a
 * discussion. `null` if no test has an interval.
 */
export function forestFigure(
  { id, title }: Readonly<{ id: string; title: string }>,
  tests: readonly AdjustedTest[],
  results: Results,
): Figure | null {
  const { compared, analysis } = results;
  const placed = placedOf(tests, results);
  if (placed.length === 0) return null;
  return {
    kind: "figure",
    title,
    ...plotOf(placed, { compared, analysis }),
    alt: `${title}. ${
      placed.map(({ test, label, estimate, interval }) =>
        `${test.outcome}, ${label}: ${formatCell(estimate, { kind: "figure" })} (${
          formatCell(interval, { kind: "figure" })
        })`
      ).join("; ")
    }.`,
    table: tableOf({ id, title: `${title}, as plotted`, note: countedIn(tests, compared) }, placed, [
      texts("outcome", "Outcome", ({ test }) => test.outcome),
      texts("effect", "Effect", ({ label }) => label),
      figures("estimate", "Estimate", ({ estimate }) => estimate),
      figures("interval", `${percent(analysis.level)} interval`, ({ interval }) => interval),
    ]),
  };
}

type Placed = ForestEffect & Readonly<{ test: AdjustedTest }>;

function placedOf(tests: readonly AdjustedTest[], results: Results): readonly Placed[] {
  return tests.flatMap((test) =>
    effectOf(test, comparisonText(test, results)).map((effect) => ({ test, ...effect }))
  );
}

/** The plot of some effects, with a panel for each kind of estimate, and a note on how they are estimated. */
function plotOf(
  placed: readonly Placed[],
  { compared, analysis }: Pick<Results, "compared" | "analysis">,
): Pick<Figure, "plot" | "estimator"> {
  const tests = placed.map(({ test }) => test);
  const panels = [...Map.groupBy(placed, ({ test }) => axisText(test, analysis))].map(([x, effects]) => ({
    title: x,
    plot: { kind: "forest", x, effects } satisfies Plot,
  }));
  const several = panels.length > 1 ? " The scales of the panels differ." : "";
  return {
    estimator: `${countedIn(tests, compared)} ${estimatorNote(tests, analysis)}${several}`,
    plot: panels.length === 1 ? panels[0]!.plot : { kind: "panels", panels },
  };
}

/** The label of the axis, which says what an estimate is. It names log odds, because their 0 means equal odds. */
function axisText(
  { outcome, term, unit }: Pick<AdjustedTest, "outcome" | "term" | "unit">,
  { time }: Results["analysis"],
): string {
  const what = unit === "log-odds" ? `${outcome}, log odds` : outcome;
  if (!term.throughTurns) return `${what}: difference from the reference`;
  return term.contrasts.length === 0
    ? `${what}: change per ${time}`
    : `${what}: difference in change per ${time}`;
}

/**
 * One plot for each declared outcome. If changes through turns are declared, the outcome has another plot for
 * them.
 */
export function multiverseForests(results: Results): readonly Figure[] {
  const ids = new TableIds("multiverse");
  const outcomes = new Set(results.compared.multiverses.map(({ outcome }) => outcome));
  return [...outcomes].flatMap((outcome) =>
    [false, true].flatMap((throughTurns) =>
      multiverseForest(ids.next(outcome, throughTurns ? "slopes" : ""), outcome, throughTurns, results) ?? []
    )
  );
}

/** The plot of the declared tests of an outcome under all alternatives; `null` if no alternative has an interval. */
function multiverseForest(
  id: string,
  outcome: string,
  throughTurns: boolean,
  results: Results,
): Figure | null {
  const { compared, analysis } = results;
  const those = compared.multiverses.filter((one) =>
    one.outcome === outcome && one.term.throughTurns === throughTurns
  );
  const effects = those.flatMap((one) => {
    const test = compared.tests.find(({ outcome, term }) =>
      outcome === one.outcome && term.name === one.term.name
    );
    return one.alternatives.flatMap(({ figures, isDeclared, ...choices }) => {
      const { confirmatory, sampleChanged } = isDeclared && test !== undefined ? test : EXPLORATORY;
      const label = `${comparisonText(one, results)}: ${isDeclared ? "as declared" : choiceText(choices)}`;
      return effectOf({ figures, confirmatory, sampleChanged }, label);
    });
  });
  const [first] = those;
  if (first === undefined) return null;
  const title = `The declared tests of ${outcome} under other reasonable choices${
    throughTurns ? ", through a discussion" : ""
  }`;
  const note = ` ${countedIn([{ outcome }], compared)} An alternative that counts other comments says so.`;
  const figure = forest(id, title, { x: axisText(first, analysis), note }, effects, analysis.level);
  return figure === null ? null : { ...figure, estimator: figure.table.note };
}

function choiceText(
  { comments, silences, openings, differs }: Pick<
    Alternative,
    "comments" | "silences" | "openings" | "differs"
  >,
): string {
  const whose = comments === "all" ? "participants and moderators" : comments;
  const included = [
    ...silences === "include" ? ["silent turns"] : [],
    ...openings === "include" ? ["openings"] : [],
  ];
  return [
    whose,
    ...included.length === 0 ? [] : [`with ${joined(included)}`],
    ...differs === null ? [] : [differs],
  ].join(", ");
}

/**
 * A note for the caption of a plot: the methods of its tests. If panels have different methods, each panel is
 * named.
 */
function estimatorNote(
  tests: readonly Pick<AdjustedTest, "estimator" | "outcome" | "term" | "unit">[],
  analysis: Results["analysis"],
): string {
  const lines = `The lines are ${percent(analysis.level)} intervals.`;
  const byEstimator = Map.groupBy(tests, ({ estimator }) => estimator);
  if (byEstimator.size === 1) return `Estimates by: ${tests[0]!.estimator}. ${lines}`;
  const parts = [...byEstimator].map(([estimator, those]) =>
    `${joined([...new Set(those.map((test) => axisText(test, analysis)))])} – by ${estimator}`
  );
  return `${parts.join(". ")}. ${lines}`;
}
