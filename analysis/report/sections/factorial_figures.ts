/** The plots of two crossed factors: the mean of each cell (a combination of levels), and the course in each cell. */
import type { AnalysisDesign } from "../../../core/experiment/analysis_design.ts";
import {
  CONDITION,
  coursesOf,
  type Describing,
  type Description,
  descriptionsOf,
  type Group,
  type Grouping,
  type Outcome,
} from "../../outcomes/mod.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import { countedNote } from "../analysis_texts.ts";
import type { Figure, Plot } from "../document.ts";
import { decimalsFor, formatCell } from "../numbers.ts";
import { counts, numbers, percent, tableOf, texts } from "../tables.ts";
import { meanNote } from "./outcome_tables.ts";

/** A plot has at most this many series, because more cannot be distinguished. */
const SERIES_MAX = 5;

/** A plot has at most this many rows, which are the levels of the other factor. */
const ROWS_MAX = 12;

/** Plots are made for at most this many pairs of factors. */
const PAIRS_MAX = 3;

/** Two crossed factors. The levels of the factor with fewer levels are the series. */
export type FactorPair = Readonly<
  { rows: Grouping & Readonly<{ by: string }>; series: Grouping & Readonly<{ by: string }> }
>;

/** The pairs of factors that have plots, declared interactions first. Pairs with too many levels are left out. */
export function factorPairs(
  groupings: readonly Grouping[],
  { effects }: Pick<AnalysisDesign, "effects">,
): readonly FactorPair[] {
  const factors = groupings.filter((one): one is FactorPair["rows"] =>
    one.by !== null && one.by !== CONDITION
  );
  const pairs = factors.flatMap((one, at) =>
    factors.slice(at + 1).map((other): FactorPair =>
      one.groups.length < other.groups.length ? { rows: other, series: one } : { rows: one, series: other }
    )
  ).filter(({ rows, series }) => series.groups.length <= SERIES_MAX && rows.groups.length <= ROWS_MAX);
  const isDeclared = ({ rows, series }: FactorPair) =>
    effects?.some((effect) => effect.includes(rows.by) && effect.includes(series.by)) ?? false;
  return [...pairs.filter(isDeclared), ...pairs.filter((pair) => !isDeclared(pair))].slice(0, PAIRS_MAX);
}

type Cell = Readonly<{ row: number; series: number; group: Group }>;

/** The groups of discussions with a level of both factors. */
function cellsOf({ rows, series }: FactorPair): readonly Cell[] {
  return rows.groups.flatMap(({ name, members }, row) => {
    const own = new Set(members);
    return series.groups.map((other, at) => ({
      row,
      series: at,
      group: { name: `${name}, ${other.name}`, members: other.members.filter((member) => own.has(member)) },
    }));
  });
}

/** The plot of an outcome's mean in each cell; `null` if no cell has a value. */
export function cellsFigure(
  id: string,
  outcome: Outcome,
  pair: FactorPair,
  describing: Describing,
): Figure | null {
  const { rows, series } = pair;
  const cells = cellsOf(pair);
  const groups = cells.map(({ group }) => group);
  const described = descriptionsOf(outcome, { by: null, groups, reference: null }, describing)
    .map((description, at) => ({ ...description, ...cells[at]! })).filter(({ discussions }) =>
      discussions > 0
    );
  if (described.length === 0) return null;
  const decimals = decimalsFor(described.map(({ mean }) => mean));
  const title = `${outcome.name} by ${rows.by} and ${series.by}`;
  const estimator = `${countedNote([outcome])} ${meanNote(outcome, describing.level, described)}.`;
  return {
    kind: "figure",
    title,
    estimator,
    alt: `${title}. ${
      described.map(({ group, mean }) => `${group.name}: ${formatCell(mean, { kind: "number", decimals })}`)
        .join("; ")
    }.`,
    plot: {
      kind: "cells",
      x: outcome.name,
      rows: rows.groups.map(({ name }) => name),
      series: series.groups.map(({ name }, at) => ({
        name,
        points: described.filter((cell) => cell.series === at).flatMap(pointOf),
      })),
    },
    table: tableOf({ id, title, note: estimator }, described, [
      texts("row", rows.by, ({ row }) => rows.groups[row]!.name),
      texts("series", series.by, (cell) => series.groups[cell.series]!.name),
      counts("discussions", "Discussions", ({ discussions }) => discussions),
      numbers("mean", "Mean", ({ mean }) => mean, decimals),
      numbers("interval", "Interval of the mean", ({ interval }) => interval, decimals),
    ]),
  };
}

function pointOf({ row, mean, interval }: Description & Cell) {
  return isUnavailable(mean) ? [] : [{ row, mean, interval: isUnavailable(interval) ? null : interval }];
}

/** The plot of an outcome's course in each cell. Each level of one factor has a panel. `null` without values. */
export function facetsFigure(
  id: string,
  outcome: Outcome,
  { rows, series }: FactorPair,
  { time, level }: Pick<AnalysisDesign, "time" | "level">,
): Figure | null {
  const found = rows.groups.flatMap((row) => {
    const own = new Set(row.members);
    const groups = series.groups.map(({ name, members }) => ({
      name,
      members: members.filter((one) => own.has(one)),
    }));
    const courses = coursesOf(outcome, groups, level);
    return courses.series.length === 0 ? [] : [{ name: row.name, ...courses }];
  });
  const lines = found.flatMap(({ name, series }) =>
    series.flatMap((one) => one.points.map((point) => ({ row: name, series: one.name, ...point })))
  );
  if (lines.length === 0) return null;
  const extremes = lines.flatMap(({ mean, interval }) => [
    ...isUnavailable(mean) ? [] : [mean],
    ...isUnavailable(interval) ? [] : [interval.lower, interval.upper],
  ]);
  const range = [
    extremes.reduce((one, other) => Math.min(one, other)),
    extremes.reduce((one, other) => Math.max(one, other)),
  ] as const;
  const [places, place] = time === "turn" ? ["turns", "Turn"] : ["positions", "Position"];
  const title = `${outcome.name} through the ${places} by ${rows.by} and ${series.by}`;
  const estimator = `${countedNote([outcome])} Means over discussions, with ${
    percent(level)
  } intervals of Student's t, cut at the limits of the outcome.`;
  const decimals = decimalsFor(lines.map(({ mean }) => mean));
  return {
    kind: "figure",
    title,
    estimator,
    alt:
      `${title}: a panel for each level of ${rows.by} (${
        found.map(({ name }) => name).join(", ")
      }), a line for each ` +
      `level of ${series.by} (${series.groups.map(({ name }) => name).join(", ")}).`,
    plot: {
      kind: "panels",
      panels: found.map((panel) => ({
        title: `${rows.by}: ${panel.name}`,
        plot: {
          kind: "turns",
          x: `${place} (the first is 0)`,
          y: outcome.name,
          range,
          series: panel.series.map(({ name, points }) => ({
            name,
            points: points.flatMap(({ from, to, mean, interval }) =>
              isUnavailable(mean)
                ? []
                : [{ x: (from + to) / 2, y: mean, interval: isUnavailable(interval) ? null : interval }]
            ),
          })),
        } satisfies Plot,
      })),
    },
    table: tableOf({ id, title, note: estimator }, lines, [
      texts("row", rows.by, ({ row }) => row),
      texts("series", series.by, (line) => line.series),
      counts("from", `${place} from`, ({ from }) => from),
      counts("to", `${place} to`, ({ to }) => to),
      counts("discussions", "Discussions", ({ discussions }) => discussions),
      numbers("mean", "Mean", ({ mean }) => mean, decimals),
      numbers("interval", "Interval", ({ interval }) => interval, decimals),
    ]),
  };
}
