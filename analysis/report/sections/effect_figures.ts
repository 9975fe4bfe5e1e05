/** Forests: estimates of effects with their intervals, those of one outcome in its unit, and all without a unit. */
import type { AdjustedTest } from "../../outcomes/mod.ts";
import type { Interval } from "../../statistics/distributions.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import { decimalsFor } from "../decimals.ts";
import type { Figure } from "../document.ts";
import { formatCell } from "../format_cell.ts";
import { numbers, percent, tableOf, texts } from "./columns.ts";
import type { Results } from "./effect_results.ts";
import { comparisonText, contrastText } from "./effect_words.ts";

/** More effects than these cannot be read in one plot; its table has them all. */
const FOREST_EFFECTS_MAX = 60;

/** One line of a forest. */
type ForestEffect = Readonly<{ label: string; declared: boolean; estimate: number; interval: Interval }>;

/**
 * The effects on one outcome, in its unit.
 *
 * @param id The name of the figure's table.
 * @param outcome The outcome's name.
 * @param throughTurns Whether the slopes are shown, or the differences.
 * @param results What the tests are among.
 * @returns `null` where no effect has an interval.
 */
export function outcomeForest(
  id: string,
  outcome: string,
  throughTurns: boolean,
  { compared, analysis }: Results,
): Figure | null {
  const tests = compared.tests.filter((test) =>
    test.outcome === outcome && test.term.throughTurns === throughTurns
  );
  const effects = tests.flatMap((test) => effectOf(test, comparisonText(test, compared)));
  const x = throughTurns
    ? `${outcome}: change per ${analysis.time}`
    : `${outcome}: difference from the reference`;
  const title = throughTurns ? `Effects on ${outcome} through a discussion` : `Effects on ${outcome}`;
  return forest(id, title, x, effects, analysis.level);
}

/**
 * Hedges' g of every level against its reference, for all outcomes.
 *
 * @param id The name of the figure's table.
 * @param results What was compared.
 * @returns `null` where no g can be computed.
 */
export function standardisedForest(id: string, { compared, analysis }: Results): Figure | null {
  const effects = compared.outcomes.flatMap(({ outcome, comparisons }) =>
    comparisons.flatMap(({ contrast, g }): ForestEffect[] =>
      isUnavailable(g) ? [] : [{
        label: `${outcome.name}: ${contrastText(contrast, compared)}`,
        // What is declared is a test of another estimate, in the unit of the outcome.
        declared: false,
        estimate: g.estimate,
        interval: g.interval,
      }]
    )
  );
  const x = "Hedges' g: difference in standard deviations of discussions";
  const figure = forest(id, "Standardised differences (Hedges' g)", x, effects, analysis.level);
  if (figure === null) return null;
  const note =
    `${figure.table.note} Sizes are described, over all levels of other factors; no g is a declared test.`;
  return { ...figure, table: { ...figure.table, note } };
}

function effectOf({ figures, confirmatory }: AdjustedTest, label: string): ForestEffect[] {
  if (isUnavailable(figures) || isUnavailable(figures.interval)) return [];
  return [{ label, declared: confirmatory, estimate: figures.estimate, interval: figures.interval }];
}

function forest(
  id: string,
  title: string,
  x: string,
  effects: readonly ForestEffect[],
  level: number,
): Figure | null {
  if (effects.length === 0) return null;
  const estimates = effects.map(({ estimate }) => estimate);
  const intervals = effects.map(({ interval }) => interval);
  const decimals = decimalsFor([...estimates, ...intervals]);
  const format = { kind: "number", decimals } as const;
  const shown = effects.slice(0, FOREST_EFFECTS_MAX);
  const left = effects.length - shown.length;
  const said = left > 0 ? ` The first ${shown.length} are shown; ${left} more are in the table.` : "";
  return {
    kind: "figure",
    title,
    alt: `${title}. ${
      shown.map(({ label, estimate, interval }) =>
        `${label}: ${formatCell(estimate, format)} (${formatCell(interval, format)})`
      ).join("; ")
    }.${said}`,
    plot: { kind: "forest", x, effects: shown },
    table: tableOf({
      id,
      title,
      note: `${x}, with ${percent(level)} intervals.${said}`,
      columns: [
        texts("effect", "Effect", effects.map(({ label }) => label)),
        numbers("estimate", "Estimate", estimates, decimals),
        numbers("interval", "Interval", intervals, decimals),
        texts("status", "Status", effects.map(({ declared }) => declared ? "confirmatory" : "exploratory")),
      ],
    }),
  };
}
