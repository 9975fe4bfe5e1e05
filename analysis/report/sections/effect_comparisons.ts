/** The tables of comparisons of levels, with one value for each discussion. */
import type { LevelComparison } from "../../outcomes/mod.ts";
import type { EffectSize } from "../../statistics/effect_size.ts";
import type { PairedDifference } from "../../statistics/paired_difference.ts";
import { isUnavailable, type Unavailable } from "../../statistics/unavailable.ts";
import { countedIn } from "../analysis_texts.ts";
import type { Block, Cell, Table } from "../document.ts";
import { leastPText } from "../least_p.ts";
import { formatCount } from "../numbers.ts";
import {
  counts,
  type Field,
  figures,
  numbers,
  percent,
  probabilities,
  rangeText,
  shown,
  tableOf,
  texts,
} from "../tables.ts";
import { checksTable } from "./effect_checks.ts";
import { multiverseForests } from "./effect_forests.ts";
import { contrastText, type Results } from "./effect_results.ts";

/** Effect sizes have no unit, so they all have this many decimals. */
const EFFECT_SIZE_DECIMALS = 2;

/** A comparison, and the name of its outcome. */
type Compared = LevelComparison & Readonly<{ outcome: string }>;

/**
 * Tables that compare the levels of factors by every outcome: with one value per discussion, and in matched
 * pairs.
 */
export function robustnessBlocks(results: Results): readonly Block[] {
  const comparisons = results.compared.outcomes.flatMap(({ outcome, comparisons }) =>
    comparisons.map((comparison): Compared => ({ ...comparison, outcome: outcome.name }))
  );
  if (comparisons.length === 0) return [];
  const matched = comparisons.filter(({ paired }) => paired !== null);
  const checks = checksTable(results);
  return [
    ...checks === null ? [] : [shown(checks)],
    ...multiverseForests(results),
    shown(differencesTable(comparisons, results)),
    shown(sizesTable(comparisons, results)),
    ...matched.length === 0 ? [] : [shown(pairsTable(matched, results))],
  ];
}

function heads({ compared }: Results): readonly Field<Compared>[] {
  return [
    texts("outcome", "Outcome", ({ outcome }) => outcome),
    texts("comparison", "Comparison", ({ contrast }) => contrastText(contrast, compared)),
  ];
}

function differencesTable(comparisons: readonly Compared[], results: Results): Table {
  const note = `${countedIn(comparisons, results.compared)} ` +
    `Each discussion counts once, with the mean of its values; the section Outcomes pools all comments. The interval of ` +
    `the difference is from ${
      drawn(comparisons.map(({ difference }) => difference), ({ resamples }) => resamples)
    } resamples of discussions within levels; p is two-sided, by permutation of discussions (${
      drawn(comparisons.map(({ permutation }) => permutation), ({ arrangements }) => arrangements)
    } arrangements), and not adjusted.${
      leastPText(comparisons.map(({ permutation }) => randomIn(permutation)))
    }${leftAside(comparisons, results)}`;
  return tableOf({ id: "robustness", title: "Comparisons of discussions", note }, comparisons, [
    ...heads(results),
    counts("discussions", "Discussions", ({ level }) => level.discussions),
    counts("reference_discussions", "At the reference", ({ reference }) => reference.discussions),
    figures("mean", "Mean", ({ level }) => level.mean),
    figures("reference_mean", "Mean at the reference", ({ reference }) => reference.mean),
    figures(
      "difference",
      "Difference",
      ({ permutation }) => knownOf(permutation, ({ difference }) => difference),
    ),
    figures(
      "interval",
      `${percent(results.analysis.level)} interval (bootstrap)`,
      ({ difference }) => knownOf(difference, ({ interval }) => interval),
    ),
    probabilities("p", "p (permutation)", ({ permutation }) => knownOf(permutation, ({ p }) => p)),
  ]);
}

/** Says which facts comparisons of two levels ignore: other factors, and how discussions are matched. */
function leftAside(comparisons: readonly Compared[], { compared }: Results): string {
  const factors = compared.factors.length > 1
    ? " Other factors are ignored: if their levels are not equally frequent on both sides, a difference includes their effects."
    : "";
  return comparisons.some(({ paired }) => paired !== null)
    ? `${factors} Matched discussions are treated as independent here, so these intervals and p values differ from the paired test's.`
    : factors;
}

function sizesTable(comparisons: readonly Compared[], results: Results): Table {
  const interval = `${percent(results.analysis.level)} interval`;
  const column = (key: string, title: string, size: "g" | "delta", figure: (found: EffectSize) => Cell) =>
    numbers(key, title, (one: Compared) => knownOf(one[size], figure), EFFECT_SIZE_DECIMALS);
  const note = `${countedIn(comparisons, results.compared)} ` +
    "g is Hedges' g, in standard deviations of discussions' means. delta is Cliff's delta. For it, each discussion at the level is paired with " +
    "each discussion at the reference. delta is the share of pairs in which the level's value is higher, minus the share in which it is lower. " +
    "With few discussions, both intervals are " +
    `approximate.${leftAside(comparisons, results)}`;
  return tableOf({ id: "effect-sizes", title: "Effect sizes", note }, comparisons, [
    ...heads(results),
    column("g", "g", "g", ({ estimate }) => estimate),
    column("g_interval", `${interval} of g`, "g", (found) => found.interval),
    column("delta", "delta", "delta", ({ estimate }) => estimate),
    column("delta_interval", `${interval} of delta`, "delta", (found) => found.interval),
  ]);
}

function pairsTable(comparisons: readonly Compared[], results: Results): Table {
  const of = (figure: (result: PairedDifference) => Cell) => ({ paired }: Compared) =>
    knownOf(paired!.result, figure);
  const interval = `${percent(results.analysis.level)} interval`;
  const note = `${countedIn(comparisons, results.compared)} ` +
    "The two sides of a pair are discussions of the same replicate. The section Methods says which draws they share. If other factors are crossed, each level's " +
    "value is the mean over the cells of these factors that have values at both levels. p (signs) is from a permutation test that flips signs." +
    `${
      leastPText(comparisons.map(({ paired }) =>
        randomIn(knownOf(paired!.result, ({ permutation }) => permutation))
      ))
    } No p is adjusted.`;
  return tableOf({ id: "pairs", title: "Matched discussions in pairs", note }, comparisons, [
    ...heads(results),
    counts("pairs", "Pairs", of(({ pairs }) => pairs)),
    counts("missing", "Without both values", of(({ missing }) => missing)),
    figures("difference", "Difference", of(({ difference }) => difference)),
    figures("interval", `${interval} (t)`, of((one) => one.interval)),
    figures("bootstrap", `${interval} (bootstrap)`, of(({ bootstrap }) => bootstrap.interval)),
    numbers("t", "t", of(({ t }) => t), 2),
    counts("df", "df", of(({ df }) => df)),
    probabilities("p", "p (t)", of(({ p }) => p)),
    probabilities("p_signs", "p (signs)", of(({ permutation }) => permutation.p)),
  ]);
}

function knownOf<T extends object, C>(result: T | Unavailable, figure: (result: T) => C): C | Unavailable {
  return isUnavailable(result) ? result : figure(result);
}

/** The number of a test's random arrangements; `undefined` if it has a result from none. */
function randomIn(test: LevelComparison["permutation"]): number | undefined {
  return isUnavailable(test) || test.exact ? undefined : test.arrangements;
}

/** The number of random draws that the computed results used, such as `499`, `252 to 9,999` or `no`. */
function drawn<T extends object>(
  results: readonly (T | Unavailable)[],
  count: (result: T) => number,
): string {
  const all = results.flatMap((result) => isUnavailable(result) ? [] : [count(result)]);
  return all.length === 0 ? "no" : rangeText(all, formatCount);
}
