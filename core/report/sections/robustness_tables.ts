/** The same comparisons by other means: what a result does not rest on. */
import type { LevelComparison, TestableOutcome } from "../../analysis/outcomes/mod.ts";
import { isUnavailable, type Unavailable } from "../../analysis/unavailable.ts";
import { decimalsFor } from "../decimals.ts";
import type { Block, Cell, Table } from "../document.ts";
import { formatCount } from "../numbers.ts";
import type { TableIds } from "../table_ids.ts";
import { counts, numbers, percent, shown, tableOf, texts } from "./columns.ts";
import { probabilities, type Results } from "./effect_results.ts";
import { contrastText } from "./effect_words.ts";

/** Decimals of effect sizes, which have no unit. */
const EFFECT_SIZE_DECIMALS = 2;

/**
 * The comparisons of an outcome's discussions, and of its matched discussions in pairs.
 *
 * @param testable The outcome.
 * @param ids Where the tables' names come from.
 * @param results What it is among.
 */
export function robustnessBlocks(
  { outcome, comparisons }: TestableOutcome,
  ids: Readonly<{ robustness: TableIds; pairs: TableIds }>,
  results: Results,
): readonly Block[] {
  if (comparisons.length === 0) return [];
  const matched = comparisons.filter(({ paired }) => paired !== null);
  return [
    shown(differencesTable(ids.robustness.next(outcome.name), outcome.name, comparisons, results)),
    ...matched.length === 0
      ? []
      : [shown(pairsTable(ids.pairs.next(outcome.name), outcome.name, matched, results))],
  ];
}

function differencesTable(
  id: string,
  name: string,
  comparisons: readonly LevelComparison[],
  { compared, analysis }: Results,
): Table {
  const of = (figure: (comparison: LevelComparison) => Cell) => comparisons.map(figure);
  const means = [...of(({ level }) => level.mean), ...of(({ reference }) => reference.mean)];
  const differences = of(({ permutation }) => knownOf(permutation, ({ difference }) => difference));
  const decimals = decimalsFor([...means, ...differences]);
  const interval = `${percent(analysis.level)} interval`;
  return tableOf({
    id,
    title: `${name}: comparisons of discussions`,
    note:
      `Each discussion counts once, with the mean of its values. The interval of the difference is from ${
        drawn(comparisons.map(({ difference }) => difference), ({ resamples }) => resamples)
      } resamples of discussions within levels; p is two-sided, by permutation of discussions (${
        drawn(comparisons.map(({ permutation }) => permutation), ({ arrangements }) => arrangements)
      } arrangements). g is Hedges', delta Cliff's: how much more often a discussion of the level is above one of the ` +
      "reference than below.",
    columns: [
      texts("comparison", "Comparison", of(({ contrast }) => contrastText(contrast, compared)) as string[]),
      counts("discussions", "Discussions", of(({ level }) => level.discussions)),
      counts("reference_discussions", "At the reference", of(({ reference }) => reference.discussions)),
      numbers("mean", "Mean", of(({ level }) => level.mean), decimals),
      numbers("reference_mean", "Mean at the reference", of(({ reference }) => reference.mean), decimals),
      numbers("difference", "Difference", differences, decimals),
      numbers(
        "interval",
        `${interval} (bootstrap)`,
        of(({ difference }) => knownOf(difference, (found) => found.interval)),
        decimals,
      ),
      probabilities("p", "p (permutation)", of(({ permutation }) => knownOf(permutation, ({ p }) => p))),
      numbers("g", "g", of(({ g }) => knownOf(g, ({ estimate }) => estimate)), EFFECT_SIZE_DECIMALS),
      numbers(
        "g_interval",
        `${interval} of g`,
        of(({ g }) => knownOf(g, (found) => found.interval)),
        EFFECT_SIZE_DECIMALS,
      ),
      numbers(
        "delta",
        "delta",
        of(({ delta }) => knownOf(delta, ({ estimate }) => estimate)),
        EFFECT_SIZE_DECIMALS,
      ),
      numbers(
        "delta_interval",
        `${interval} of delta`,
        of(({ delta }) => knownOf(delta, (found) => found.interval)),
        EFFECT_SIZE_DECIMALS,
      ),
    ],
  });
}

function pairsTable(
  id: string,
  name: string,
  comparisons: readonly LevelComparison[],
  { compared, analysis }: Results,
): Table {
  const results = comparisons.map(({ paired }) => paired!.result);
  const of = (figure: (result: Exclude<typeof results[number], Unavailable>) => Cell): Cell[] =>
    results.map((result) => knownOf(result, figure));
  const differences = of(({ difference }) => difference);
  const decimals = decimalsFor([...differences, ...of(({ interval }) => interval)]);
  const interval = `${percent(analysis.level)} interval`;
  return tableOf({
    id,
    title: `${name}: matched discussions in pairs`,
    note:
      "A pair has the personas, openings and draws of one replicate at both levels. Where further factors are crossed, it " +
      "is the mean over the cells of these factors that have values at both. The last p is by flipping signs.",
    columns: [
      texts("comparison", "Comparison", comparisons.map(({ contrast }) => contrastText(contrast, compared))),
      counts("pairs", "Pairs", of(({ pairs }) => pairs)),
      counts("missing", "Without both values", of(({ missing }) => missing)),
      numbers("difference", "Difference", differences, decimals),
      numbers("interval", `${interval} (t)`, of((found) => found.interval), decimals),
      numbers("bootstrap", `${interval} (bootstrap)`, of(({ bootstrap }) => bootstrap.interval), decimals),
      numbers("t", "t", of(({ t }) => t), 2),
      counts("df", "df", of(({ df }) => df)),
      probabilities("p", "p (t)", of(({ p }) => p)),
      probabilities("p_signs", "p (signs)", of(({ permutation }) => permutation.p)),
    ],
  });
}

function knownOf<T extends object, C>(result: T | Unavailable, figure: (result: T) => C): C | Unavailable {
  return isUnavailable(result) ? result : figure(result);
}

/** How much was drawn, of the results that there are: `499`, `252 to 9,999`; `no` where there are none. */
function drawn<T extends object>(
  results: readonly (T | Unavailable)[],
  count: (result: T) => number,
): string {
  const all = results.flatMap((result) => isUnavailable(result) ? [] : [count(result)]);
  if (all.length === 0) return "no";
  const [least, greatest] = [Math.min(...all), Math.max(...all)];
  return least === greatest ? formatCount(least) : `${formatCount(least)} to ${formatCount(greatest)}`;
}
