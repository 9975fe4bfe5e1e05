/** The plots of an outcome: its course through discussions, its distribution, and a dot for each discussion. */
import { scaleTypeOf } from "../../../core/annotation/scales/mod.ts";
import {
  type Bin,
  BINS_MAX,
  BINS_MIN,
  binsOf,
  coursesOf,
  type Description,
  type Group,
  type Grouping,
  listsOf,
  type Outcome,
  sharesIn,
  stepBins,
  wholeBins,
} from "../../outcomes/mod.ts";
import { mean, quantile } from "../../statistics/distributions.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import { decimalsFor, formatCell, plural } from "../numbers.ts";
import { countedNote } from "../analysis_texts.ts";
import type { Figure } from "../document.ts";
import { counts, numbers, percent, shares, tableOf } from "../tables.ts";
import { groupColumn, meanNote, titled } from "./outcome_tables.ts";

/** The plot of means at the turns or positions of the discussions; `null` without values. */
export function courseFigure(
  id: string,
  outcome: Outcome,
  grouping: Grouping,
  time: "turn" | "position",
  level: number,
): Figure | null {
  const { groups, left } = shownGroups(grouping);
  const { width, series } = coursesOf(outcome, groups, level);
  const rows = series.flatMap(({ name, points }) => points.map((point) => ({ group: name, ...point })));
  if (rows.length === 0) return null;
  const place = time === "turn" ? "Turn" : "Position";
  const places = time === "turn" ? "turns" : "positions";
  const decimals = decimalsFor(rows.map((row) => row.mean));
  const title = titled(`${outcome.name} through the ${places}`, grouping);
  const note = `${countedNote([outcome])} Means over discussions with their ${
    percent(level)
  } intervals of Student's t, cut at the limits of the outcome.`;
  const binned = width === 1 ? "" : ` Each row covers ${width} neighbouring ${places}.`;
  return {
    kind: "figure",
    title,
    estimator: note,
    alt: `${title}. ${
      series.map(({ name, points }) => {
        const means = points.map((point) => formatCell(point.mean, { kind: "number", decimals }));
        return `${name}: from ${means[0]} at the beginning to ${means.at(-1)} at the end`;
      }).join("; ")
    }.${left}`,
    plot: {
      kind: "turns",
      x: width === 1
        ? `${place} (the first is 0)`
        : `${place} (the first is 0; middle of each ${width} ${places})`,
      y: outcome.name,
      series: series.map(({ name, points }) => ({
        name,
        points: points.flatMap(({ from, to, mean, interval }) =>
          isUnavailable(mean)
            ? []
            : [{ x: (from + to) / 2, y: mean, interval: isUnavailable(interval) ? null : interval }]
        ),
      })),
    },
    table: tableOf({ id, title, note: `${note}${binned}${left}` }, rows, [
      groupColumn(grouping),
      counts("from", width === 1 ? place : `${place} from`, ({ from }) => from),
      ...width === 1 ? [] : [counts("to", `${place} to`, ({ to }: typeof rows[number]) => to)],
      counts("discussions", "Discussions", ({ discussions }) => discussions),
      numbers("mean", "Mean", (row) => row.mean, decimals),
      numbers("interval", "Interval", ({ interval }) => interval, decimals),
    ]),
  };
}

/**
 * The plot with a dot for each discussion's mean.
 *
 * @returns `null` if no discussion has a value.
 */
export function discussionsFigure(
  id: string,
  outcome: Outcome,
  grouping: Grouping,
  descriptions: readonly Description[],
  level: number,
): Figure | null {
  const { groups, left } = shownGroups(grouping);
  const found = groups.flatMap((group, place) => {
    const lists = listsOf(outcome, group).filter((list) => list.length > 0);
    const described = descriptions[place]!;
    if (isUnavailable(described.mean)) return [];
    const values = lists.map(mean);
    const interval = isUnavailable(described.interval) ? null : described.interval;
    const sorted = Float64Array.from(values).sort();
    return [{ group: group.name, values, sorted, mean: described.mean, interval, described }];
  });
  if (found.length === 0) return null;
  const decimals = decimalsFor(found.flatMap(({ values }) => values));
  const title = titled(`Discussions' means of ${outcome.name}`, grouping);
  const at = (key: string, title: string, p: number) =>
    numbers(key, title, ({ sorted }: typeof found[number]) => quantile(sorted, p), decimals);
  const estimator = `${countedNote([outcome])} ${meanNote(outcome, level, descriptions)}.`;
  const note =
    `${estimator} Quartiles are of the discussions' means (type 6 of Hyndman and Fan 1996). Each discussion's own figure is in discussions.csv.${left}`;
  return {
    kind: "figure",
    title,
    estimator,
    alt: `${title}: a dot for each discussion. ${
      found.map(({ group, values, mean }) =>
        `${group}: ${plural(values.length, "discussion")}, mean ${
          formatCell(mean, { kind: "number", decimals })
        }`
      ).join("; ")
    }.${left}`,
    plot: {
      kind: "discussions",
      y: outcome.name,
      groups: found.map(({ group, values, mean, interval }) => ({ name: group, values, mean, interval })),
    },
    table: tableOf({ id, title, note }, found, [
      groupColumn(grouping),
      counts("discussions", "Discussions", ({ values }) => values.length),
      numbers("mean", "Mean", ({ mean }) => mean, decimals),
      numbers("interval", "Interval of the mean", ({ described }) => described.interval, decimals),
      at("least", "Minimum", 0),
      at("lower_quartile", "Lower quartile", 0.25),
      at("median", "Median", 0.5),
      at("upper_quartile", "Upper quartile", 0.75),
      at("greatest", "Maximum", 1),
    ]),
  };
}

/** A scale with at most this many steps has one bar for each step. A longer scale is shown with wider bins. */
const STEPS_MAX = 30;

/** The histogram of an outcome's values; `null` if all values are equal, or if there are none. */
export function outcomeDistribution(id: string, outcome: Outcome, grouping: Grouping): Figure | null {
  const { scale } = outcome;
  const steps = scale === null ? undefined : scaleTypeOf(scale).steps?.(scale);
  const isStepped = steps !== undefined && steps.max - steps.min < STEPS_MAX;
  const samples = grouping.groups.map((group) => ({
    name: group.name,
    values: listsOf(outcome, group).flat(),
  }));
  const rule = isStepped
    ? "One bar for each step of the scale; the mean of several annotators is rounded to a step, halves upwards."
    : `Bins of equal width by the rule of Freedman and Diaconis over all groups together, ${BINS_MIN} to ` +
      `${BINS_MAX} of them.`;
  const bins = isStepped ? stepBins(steps.min, steps.max) : binsOf(samples.flatMap(({ values }) => values));
  return distributionFigure(id, {
    what: `Distribution of ${outcome.name}`,
    x: outcome.name,
    bins,
    rule: `${countedNote([outcome])} ${rule}`,
  }, {
    samples,
    grouping,
  });
}

/**
 * The histogram of comment lengths in words; `null` if all lengths are equal, or if there are none.
 *
 * @param counted A sentence that says whose comments count.
 */
export function lengthsFigure(
  id: string,
  { samples, counted }: Readonly<{ samples: readonly Sample[]; counted: string }>,
  grouping: Grouping,
): Figure | null {
  const bins = wholeBins(samples.flatMap(({ values }) => values));
  const rule = `${counted} Bins of equal whole width, at most ${BINS_MAX} of them.`;
  const what = "Distribution of comment lengths";
  return distributionFigure(id, { what, x: "Words of a comment", bins, rule, isWhole: true }, {
    samples,
    grouping,
  });
}

/** The values of a group. */
type Sample = Readonly<{ name: string; values: readonly number[] }>;

/** The bins of a histogram, and its texts. With `isWhole`, a bin is named by its first and its last whole number. */
type Binning = Readonly<{ what: string; x: string; bins: readonly Bin[]; rule: string; isWhole?: boolean }>;

/** The histogram of the values of each group; `null` if all values are equal, or if there are none. */
export function distributionFigure(
  id: string,
  { what, x, bins, rule, isWhole = false }: Binning,
  { samples, grouping }: Readonly<{ samples: readonly Sample[]; grouping: Grouping }>,
): Figure | null {
  const { left } = shownGroups(grouping);
  const groups = samples.slice(0, GROUPS_MAX).filter(({ values }) => values.length > 0).map((sample) => ({
    name: sample.name,
    bars: bins.length === 0
      ? []
      : sharesIn(sample.values, bins).map((share, bin) => ({ ...bins[bin]!, share })),
  }));
  if (groups.length === 0 || bins.length === 0) return null;
  const edges = ({ from, to }: Bin) => isWhole ? [from + 0.5, to - 0.5] as const : [from, to] as const;
  const rows = groups.flatMap(({ name, bars }) =>
    bars.map((bar) => ({ group: name, share: bar.share, edges: edges(bar) }))
  );
  const decimals = isWhole ? 0 : decimalsFor(bins.flatMap(edges));
  const title = titled(what, grouping);
  const edgesText = (bin: Bin) =>
    [...new Set(edges(bin).map((value) => formatCell(value, { kind: "number", decimals })))].join(" to ");
  return {
    kind: "figure",
    title,
    estimator: rule,
    alt: `${title}. ${
      groups.map(({ name, bars }) => {
        const most = bars.reduce((most, bar) => bar.share > most.share ? bar : most);
        return `${name}: most often ${edgesText(most)} (${formatCell(most.share, { kind: "share" })})`;
      }).join("; ")
    }.${left}`,
    plot: { kind: "distribution", x, groups },
    table: tableOf({ id, title, note: `${rule}${left}` }, rows, [
      groupColumn(grouping),
      numbers("from", "From", ({ edges }) => edges[0], decimals),
      numbers("to", "To", ({ edges }) => edges[1], decimals),
      shares("share", "Share", ({ share }) => share),
    ]),
  };
}

/** A plot shows at most this many groups, because more cannot be distinguished. */
const GROUPS_MAX = 8;

/** The groups that a plot shows, and a sentence about the groups that it leaves out; empty for none. */
export function shownGroups({ groups }: Grouping): Readonly<{ groups: readonly Group[]; left: string }> {
  const left = groups.length - GROUPS_MAX;
  return {
    groups: groups.slice(0, GROUPS_MAX),
    left: left > 0 ? ` The first ${GROUPS_MAX} groups are shown; ${left} more are in the tables.` : "",
  };
}
