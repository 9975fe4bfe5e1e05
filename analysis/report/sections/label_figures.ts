/** The plot of a nominal scale: the shares of its labels in each group. */
import { type Grouping, listsOf, type Outcome } from "../../outcomes/mod.ts";
import { mean } from "../../statistics/distributions.ts";
import { countedNote } from "../analysis_texts.ts";
import type { Figure } from "../document.ts";
import { formatCell } from "../numbers.ts";
import { shares, tableOf, texts } from "../tables.ts";
import { shownGroups } from "./outcome_figures.ts";
import { groupColumn, titled } from "./outcome_tables.ts";

/** A plot distinguishes at most this many parts. If there are more labels, the rarest labels share the last part. */
const LABELS_MAX = 5;

const ESTIMATOR = "The share of annotators who gave the label, averaged over comments.";

/** The labels of a scale, each with the outcome that counts it. */
export type CountedLabels = readonly Readonly<{ label: string; outcome: Outcome }>[];

/** @returns `null` if no group has a value. */
export function labelsFigure(
  id: string,
  scale: string,
  labels: CountedLabels,
  grouping: Grouping,
): Figure | null {
  const { groups, left } = shownGroups(grouping);
  const counted = groups.map((group) => ({
    name: group.name,
    shares: labels.map(({ outcome }) => listsOf(outcome, group).flat()),
  })).filter(({ shares }) => shares.every((values) => values.length > 0))
    .map(({ name, shares }) => ({ name, shares: shares.map(mean) }));
  if (counted.length === 0) return null;
  const names = labels.map(({ label }) => label);
  const kept = keptLabels(counted.map(({ shares }) => shares));
  const isPooled = kept.length < names.length;
  const pooled = counted.map(({ name, shares }) => {
    const own = kept.map((at) => shares[at]!);
    return {
      name,
      shares: isPooled
        ? [...own, shares.reduce((sum, one) => sum + one, 0) - own.reduce((sum, one) => sum + one, 0)]
        : own,
    };
  });
  const title = titled(`Labels of ${scale}`, grouping);
  const estimator = `${countedNote([{ ...labels[0]!.outcome, name: scale }])} ${ESTIMATOR}`;
  const rows = counted.flatMap(({ name, shares }) =>
    shares.map((share, at) => ({ group: name, label: names[at]!, share }))
  );
  return {
    kind: "figure",
    title,
    estimator,
    alt: `${title}. ${
      counted.map(({ name, shares }) =>
        `${name}: ${
          names.map((label, at) => `${label} ${formatCell(shares[at]!, { kind: "share" })}`).join(", ")
        }`
      ).join("; ")
    }.${left}`,
    plot: {
      kind: "shares",
      x: "Share of annotations, in percent",
      labels: [
        ...kept.map((at) => names[at]!),
        ...isPooled ? [`${names.length - kept.length} other labels`] : [],
      ],
      groups: pooled,
    },
    table: tableOf({ id, title, note: `${estimator}${left}` }, rows, [
      groupColumn(grouping),
      texts("label", "Label", ({ label }) => label),
      shares("share", "Share", ({ share }) => share),
    ]),
  };
}

/** The indices of the labels that a plot shows: all labels, or the most frequent ones, in the order of the scale. */
function keptLabels(groups: readonly (readonly number[])[]): readonly number[] {
  const totals = groups[0]!.map((_, at) => groups.reduce((sum, shares) => sum + shares[at]!, 0));
  const places = [...totals.keys()];
  if (places.length <= LABELS_MAX) return places;
  const frequent = places.toSorted((one, other) => totals[other]! - totals[one]!).slice(0, LABELS_MAX - 1);
  return frequent.sort((one, other) => one - other);
}
