/** Plots of how often values occur. */
import {
  type Bin,
  BINS_MAX,
  BINS_MIN,
  binsOf,
  type Grouping,
  type Outcome,
  sharesIn,
  stepBins,
} from "../../outcomes/mod.ts";
import { decimalsFor } from "../decimals.ts";
import type { Figure } from "../document.ts";
import { formatCell } from "../format_cell.ts";
import { numbers, shares, tableOf } from "./columns.ts";
import { groupColumn, listsOf, titled } from "./outcome_tables.ts";
import { GROUPS_MAX, shownGroups } from "./shown_groups.ts";

/** Longer scales are shown as histograms, rather than with a bar for each step. */
const STEPS_MAX = 30;

/**
 * How the values of an outcome are distributed.
 *
 * @returns `null` where all values are equal, or there are none.
 */
export function outcomeDistribution(id: string, outcome: Outcome, grouping: Grouping): Figure | null {
  const { scale } = outcome;
  const isStepped = scale?.type === "ordinal" && scale.max - scale.min < STEPS_MAX;
  const samples = grouping.groups.map((group) => ({
    name: group.name,
    values: listsOf(outcome, group).flat(),
  }));
  const rule = isStepped
    ? "One bar a step of the scale; a mean of several annotators counts to the nearest step, halves to the higher."
    : undefined;
  const bins = isStepped ? stepBins(scale.min, scale.max) : undefined;
  return distributionFigure(
    id,
    `Distribution of ${outcome.name}`,
    outcome.name,
    samples,
    grouping,
    bins,
    rule,
  );
}

/**
 * How values are distributed.
 *
 * @param bins What is counted together; bins over the values of all groups where it is left out.
 * @param rule What is said of given bins.
 * @returns `null` where all values are equal, or there are none.
 */
export function distributionFigure(
  id: string,
  what: string,
  x: string,
  samples: readonly Readonly<{ name: string; values: readonly number[] }>[],
  grouping: Grouping,
  bins: readonly Bin[] = binsOf(samples.flatMap(({ values }) => values)),
  rule: string =
    `Bins of equal width by the rule of Freedman and Diaconis over all groups together, ${BINS_MIN} to ` +
    `${BINS_MAX} of them.`,
): Figure | null {
  const { left } = shownGroups(grouping);
  const groups = samples.slice(0, GROUPS_MAX).filter(({ values }) => values.length > 0).map((sample) => ({
    name: sample.name,
    bars: bins.length === 0
      ? []
      : sharesIn(sample.values, bins).map((share, bin) => ({ ...bins[bin]!, share })),
  }));
  if (groups.length === 0 || bins.length === 0) return null;
  const rows = groups.flatMap(({ name, bars }) => bars.map((bar) => ({ name, ...bar })));
  const decimals = decimalsFor(bins.flatMap(({ from, to }) => [from, to]));
  const title = titled(what, grouping);
  const edge = (value: number) => formatCell(value, { kind: "number", decimals });
  return {
    kind: "figure",
    title,
    alt: `${title}. ${
      groups.map(({ name, bars }) => {
        const { from, to, share } = bars.reduce((most, bar) => bar.share > most.share ? bar : most);
        return `${name}: most often ${edge(from)} to ${edge(to)} (${formatCell(share, { kind: "share" })})`;
      }).join("; ")
    }.${left}`,
    plot: { kind: "distribution", x, groups },
    table: tableOf({
      id,
      title,
      note: `${rule}${left}`,
      columns: [
        groupColumn(grouping, rows.map(({ name }) => name)),
        numbers("from", "From", rows.map(({ from }) => from), decimals),
        numbers("to", "To", rows.map(({ to }) => to), decimals),
        shares("share", "Share", rows.map(({ share }) => share)),
      ],
    }),
  };
}
