/** The tables of outcomes by group of discussions. */
import { jensenShannon } from "../../statistics/jensen_shannon.ts";
import {
  bootstrapped,
  describe,
  type Describing,
  type Description,
  descriptionsOf,
  type Group,
  type Grouping,
  isShare,
  listsOf,
  type Outcome,
} from "../../outcomes/mod.ts";
import { countedNote, countedText } from "../analysis_texts.ts";
import { unavailable } from "../../statistics/unavailable.ts";
import type { Cell, Table } from "../document.ts";
import {
  bootstrapNote,
  counts,
  type Described,
  descriptionFields,
  type Field,
  figures,
  numbers,
  percent,
  shares,
  tableOf,
  texts,
} from "../tables.ts";

/** Divergences are between 0 and 1. */
const DIVERGENCE_DECIMALS = 3;

const DIVERGENCE_NOTE =
  "Divergence is the Jensen-Shannon divergence in bits (0: equal, 1: nothing in common) between the smoothed " +
  "distributions of the group and of the reference";

/** A note on how the mean of an outcome and its interval are computed, without a full stop. */
export function meanNote(
  { unit }: Pick<Outcome, "unit">,
  level: number,
  described: readonly Described[],
): string {
  return unit === "comment"
    ? "Means are over comments, so discussions with more comments weigh more. In the part Robustness of the section " +
      `Effects, each discussion counts once. ${bootstrapNote(level, described)}`
    : `${
      percent(level)
    } intervals of the mean use Student's t over discussions, and are cut at the limits of the outcome`;
}

export function outcomeTable(
  id: string,
  outcome: Outcome,
  grouping: Grouping,
  descriptions: readonly Description[],
  level: number,
): Table {
  const compares = grouping.reference !== null && !isShare(outcome);
  const far = compares ? divergences(outcome, grouping) : [];
  const rows = grouping.groups.map((group, at) => ({
    group: group.name,
    ...descriptions[at]!,
    missing: missingIn(outcome, group),
    divergence: far[at] ?? null,
  }));
  type Row = typeof rows[number];
  const note = [
    countedNote([outcome]),
    `${meanNote(outcome, level, descriptions)}; SD is the standard deviation.`,
    ...compares ? [`${DIVERGENCE_NOTE} (${grouping.reference}).`] : [],
  ].join(" ");
  return tableOf({ id, title: titled(outcome.name, grouping), note }, rows, [
    groupColumn(grouping),
    counts("discussions", "Discussions", ({ discussions }) => discussions),
    ...outcome.unit === "comment" ? [counts("values", "Values", ({ values }: Row) => values)] : [],
    counts("missing", "Missing", ({ missing }) => missing),
    ...descriptionFields(rows, outcome.unit),
    ...compares
      ? [numbers("divergence", "Divergence", ({ divergence }: Row) => divergence, DIVERGENCE_DECIMALS)]
      : [],
  ]);
}

/** The table of several figures of discussions, with one row for each figure and group. */
export function figuresTable(
  id: string,
  title: string,
  outcomes: readonly Outcome[],
  grouping: Grouping,
  level: number,
): Table {
  const compares = grouping.reference !== null;
  const rows = outcomes.flatMap((outcome) => {
    const far = compares ? divergences(outcome, grouping) : [];
    // The intervals of figures of discussions use no random draws, so no seed is needed.
    const described = descriptionsOf(outcome, grouping, { seed: "", level });
    return grouping.groups.map((group, at) => ({
      figure: outcome.name,
      counted: countedText(outcome),
      group: group.name,
      ...described[at]!,
      missing: missingIn(outcome, group),
      divergence: far[at] ?? null,
    }));
  });
  const note = [
    `${meanNote({ unit: "discussion" }, level, rows)}; SD is the standard deviation.`,
    ...compares ? [`${DIVERGENCE_NOTE} (${grouping.reference}).`] : [],
  ].join(" ");
  return tableOf({ id, title: titled(title, grouping), note }, rows, [
    texts("figure", "Figure", ({ figure }) => figure),
    texts("counted", "Counted", ({ counted }) => counted),
    groupColumn(grouping),
    counts("discussions", "Discussions", ({ discussions }) => discussions),
    counts("missing", "Missing", ({ missing }) => missing),
    figures("mean", "Mean", ({ mean }) => mean),
    figures("interval", "Interval of the mean", ({ interval }) => interval),
    figures("sd", "SD", ({ deviation }) => deviation),
    figures("median", "Median", ({ median }) => median),
    figures("least", "Minimum", ({ least }) => least),
    figures("greatest", "Maximum", ({ greatest }) => greatest),
    ...compares
      ? [figures("divergence", "Divergence", ({ divergence }: typeof rows[number]) => divergence)]
      : [],
  ]);
}

/** The table of the shares of a nominal scale's labels, with one row for each group and label. */
export function labelsTable(
  id: string,
  title: string,
  labels: readonly Readonly<{ label: string; outcome: Outcome }>[],
  grouping: Grouping,
  describing: Describing,
): Table {
  const rows = grouping.groups.flatMap((group) =>
    labels.map(({ label, outcome }) => ({
      group: group.name,
      label,
      ...describe(listsOf(outcome, group), bootstrapped(describing)),
      missing: missingIn(outcome, group),
    }))
  );
  const counted = countedNote([{ ...labels[0]!.outcome, name: title }]);
  const note = `${counted} The share of annotators who gave the label, averaged over comments. ${
    bootstrapNote(describing.level, rows)
  }.`;
  return tableOf({ id, title: titled(`Labels of ${title}`, grouping), note }, rows, [
    groupColumn(grouping),
    texts("label", "Label", ({ label }) => label),
    counts("discussions", "Discussions", ({ discussions }) => discussions),
    counts("values", "Values", ({ values }) => values),
    counts("missing", "Missing", ({ missing }) => missing),
    shares("share", "Share", ({ mean }) => mean),
    shares("interval", "Interval of the share", ({ interval }) => interval),
  ]);
}

/** The column that names the group of each row. */
export function groupColumn({ by }: Grouping): Field<Readonly<{ group: string }>> {
  return texts("group", by ?? "Group", ({ group }) => group);
}

/** A table's title with the factor of its groups. */
export function titled(title: string, { by }: Grouping): string {
  return by === null ? title : `${title} by ${by}`;
}

function missingIn({ missingIn }: Outcome, { members }: Group): number {
  return members.reduce((sum, member) => sum + missingIn[member]!, 0);
}

/** The divergence of each group from the reference, as cells. The reference's own cell is empty. */
function divergences(outcome: Outcome, { groups, reference }: Grouping): Cell[] {
  return divergencesFrom(
    groups.map((group) => ({ name: group.name, values: listsOf(outcome, group).flat() })),
    reference,
  );
}

/** The reason why the distribution of the values cannot be smoothed; `undefined` if it can. */
function spreadless(values: readonly number[]): string | undefined {
  if (values.length < 2) return "fewer than two values";
  return values.every((value) => value === values[0]) ? "only one distinct value" : undefined;
}

/** The divergence of each group's values from the reference's values, as cells. The reference's own cell is empty. */
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
