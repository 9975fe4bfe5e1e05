/** The tables of outcomes by group of discussions. */
import { scaleTypeOf } from "../../../core/annotation/scales/mod.ts";
import { jensenShannon } from "../../statistics/jensen_shannon.ts";
import { RESAMPLES } from "../../statistics/cluster_bootstrap.ts";
import {
  bootstrapped,
  describe,
  type Description,
  type Group,
  type Grouping,
  ofStudentsT,
  type Outcome,
} from "../../outcomes/mod.ts";
import { unavailable } from "../../statistics/unavailable.ts";
import type { Cell, Table } from "../document.ts";
import {
  bootstrapNote,
  counts,
  descriptionColumns,
  figures,
  type FilledColumn,
  numbers,
  percent,
  shares,
  tableOf,
  texts,
} from "../tables.ts";

/** How descriptions are made. */
export type Describing = Readonly<{ seed: string; level: number }>;

/** Of figures between 0 and 1. */
const DIVERGENCE_DECIMALS = 3;

const DIVERGENCE_NOTE =
  "Divergence is the Jensen-Shannon divergence in bits (0: equal, 1: nothing in common) between the smoothed " +
  "distributions of the group and of the reference";

/** The values of a group, one list a discussion. */
export function listsOf(outcome: Outcome, { members }: Group): readonly (readonly number[])[] {
  return members.map((member) => outcome.values[member]!.map(({ value }) => value));
}

/** Whether an outcome counts cases: a label or not, yes or no. Its mean is a share, and the rest follows from it. */
export function isShare({ scale }: Outcome): boolean {
  return scale !== null && scaleTypeOf(scale).isShare;
}

/** What an outcome came to in each group. */
export function descriptionsOf(
  outcome: Outcome,
  { groups }: Grouping,
  describing: Describing,
): readonly Description[] {
  const intervalOf = outcome.unit === "comment" ? bootstrapped(describing) : ofStudentsT(describing.level);
  return groups.map((group) => describe(listsOf(outcome, group), intervalOf));
}

/** What the mean of an outcome and its interval are; without a full stop. */
export function meanNote({ unit }: Outcome, level: number): string {
  return unit === "comment"
    ? `Means are over comments, so discussions with more comments weigh more. ${
      bootstrapNote(level, RESAMPLES)
    }`
    : `${percent(level)} intervals of the mean come from Student's t over discussions`;
}

/** One outcome, one row a group. */
export function outcomeTable(
  id: string,
  outcome: Outcome,
  grouping: Grouping,
  descriptions: readonly Description[],
  level: number,
): Table {
  const { groups } = grouping;
  const compares = grouping.reference !== null && !isShare(outcome);
  return tableOf({
    id,
    title: titled(outcome.name, grouping),
    note: [
      `${meanNote(outcome, level)}; SD is the standard deviation.`,
      ...compares ? [`${DIVERGENCE_NOTE} (${grouping.reference}).`] : [],
    ].join(" "),
    columns: [
      groupColumn(grouping, groups.map(({ name }) => name)),
      counts("discussions", "Discussions", descriptions.map(({ discussions }) => discussions)),
      ...outcome.unit === "comment"
        ? [counts("values", "Values", descriptions.map(({ values }) => values))]
        : [],
      counts("missing", "Missing", groups.map((group) => missingIn(outcome, group))),
      ...descriptionColumns(descriptions, outcome.unit),
      ...compares
        ? [numbers("divergence", "Divergence", divergences(outcome, grouping), DIVERGENCE_DECIMALS)]
        : [],
    ],
  });
}

/** Several figures of discussions, one row a figure and group. */
export function figuresTable(
  id: string,
  title: string,
  outcomes: readonly Outcome[],
  grouping: Grouping,
  level: number,
): Table {
  const rows = outcomes.flatMap((outcome) => grouping.groups.map((group) => ({ outcome, group })));
  const descriptions = rows.map(({ outcome, group }) =>
    describe(listsOf(outcome, group), ofStudentsT(level))
  );
  const of = (figure: (description: Description) => Cell) => descriptions.map(figure);
  const column = (key: string, title: string, cells: readonly Cell[]) => figures(key, title, cells);
  return tableOf({
    id,
    title: titled(title, grouping),
    note: [
      `${
        percent(level)
      } intervals of the mean come from Student's t over discussions; SD is the standard deviation.`,
      ...grouping.reference === null ? [] : [`${DIVERGENCE_NOTE} (${grouping.reference}).`],
    ].join(" "),
    columns: [
      texts("figure", "Figure", rows.map(({ outcome }) => outcome.name)),
      groupColumn(grouping, rows.map(({ group }) => group.name)),
      counts("discussions", "Discussions", of(({ discussions }) => discussions)),
      counts("missing", "Missing", rows.map(({ outcome, group }) => missingIn(outcome, group))),
      column("mean", "Mean", of(({ mean }) => mean)),
      column("interval", "Interval of the mean", of(({ interval }) => interval)),
      column("sd", "SD", of(({ deviation }) => deviation)),
      column("median", "Median", of(({ median }) => median)),
      column("least", "Least", of(({ least }) => least)),
      column("greatest", "Greatest", of(({ greatest }) => greatest)),
      ...grouping.reference === null
        ? []
        : [column("divergence", "Divergence", outcomes.flatMap((one) => divergences(one, grouping)))],
    ],
  });
}

/** The shares of a nominal scale's labels, one row a group and label. */
export function labelsTable(
  id: string,
  title: string,
  labels: readonly Readonly<{ label: string; outcome: Outcome }>[],
  grouping: Grouping,
  describing: Describing,
): Table {
  const rows = grouping.groups.flatMap((group) => labels.map((one) => ({ ...one, group })));
  const descriptions = rows.map(({ outcome, group }) =>
    describe(listsOf(outcome, group), bootstrapped(describing))
  );
  return tableOf({
    id,
    title: titled(`Labels of ${title}`, grouping),
    note: `The share of annotators who gave the label, averaged over comments. ${
      bootstrapNote(describing.level, RESAMPLES)
    }.`,
    columns: [
      groupColumn(grouping, rows.map(({ group }) => group.name)),
      texts("label", "Label", rows.map(({ label }) => label)),
      counts("discussions", "Discussions", descriptions.map(({ discussions }) => discussions)),
      counts("values", "Values", descriptions.map(({ values }) => values)),
      counts("missing", "Missing", rows.map(({ outcome, group }) => missingIn(outcome, group))),
      shares("share", "Share", descriptions.map(({ mean }) => mean)),
      shares("interval", "Interval of the share", descriptions.map(({ interval }) => interval)),
    ],
  });
}

/** The column that says which group a row is of. */
export function groupColumn({ by }: Grouping, names: readonly string[]): FilledColumn {
  return texts("group", by ?? "Group", names);
}

/** A table's title with what its rows differ by. */
export function titled(title: string, { by }: Grouping): string {
  return by === null ? title : `${title} by ${by}`;
}

function missingIn({ missingIn }: Outcome, { members }: Group): number {
  return members.reduce((sum, member) => sum + missingIn[member]!, 0);
}

/** One cell a group; the reference's cell is empty. */
function divergences(outcome: Outcome, { groups, reference }: Grouping): Cell[] {
  return divergencesFrom(
    groups.map((group) => ({ name: group.name, values: listsOf(outcome, group).flat() })),
    reference,
  );
}

/** What keeps values from having a density. */
function spreadless(values: readonly number[]): string | undefined {
  if (values.length < 2) return "fewer than two values";
  return values.every((value) => value === values[0]) ? "only one distinct value" : undefined;
}

/** How far the values of each group are from the reference's values; the reference's own cell is empty. */
export function divergencesFrom(
  groups: readonly Readonly<{ name: string; values: readonly number[] }>[],
  reference: string | null,
): Cell[] {
  const compared = groups.find(({ name }) => name === reference)?.values ?? [];
  const lack = spreadless(compared);
  return groups.map(({ name, values }) => {
    if (name === reference) return null;
    const own = spreadless(values);
    if (own !== undefined) return unavailable(`the group has ${own}`);
    return lack === undefined ? jensenShannon(values, compared) : unavailable(`the reference has ${lack}`);
  });
}
