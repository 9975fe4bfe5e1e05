/**
 * Computes an outcome's data for the viewer: means of groups, the course of the outcome, and values with their
 * comments.
 */
import { scaleTypeOf } from "../../core/annotation/scales/mod.ts";
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { openDraw } from "../../core/random/mod.ts";
import type { BootstrapEstimate } from "../statistics/cluster_bootstrap.ts";
import { mean } from "../statistics/distributions.ts";
import type { Unavailable } from "../statistics/unavailable.ts";
import type { Description } from "./describe.ts";
import { coursesOf, descriptionsOf, type GroupCourse } from "./describe_groups.ts";
import { isShare } from "./outcome_range.ts";
import { CONDITION, type Group, type Grouping, groupings } from "./factors.ts";
import { contrastOptions, differenceOptions, levelDifference } from "./level_differences.ts";
import { listIn, meansOf, numbersIn } from "./outcome_values.ts";
import { type Repeat, repeatsIn } from "./repeats.ts";
import type { Outcome } from "./outcomes.ts";
import {
  columnsOf,
  type NamedColumn,
  type OutcomeColumn,
  outcomeIn,
  type OutcomeTable,
} from "./outcome_table.ts";

/** A question of the viewer about an outcome. */
export type OutcomeQuestion = Readonly<{
  outcome: string;
  /**
   * The factor whose levels are the groups. Default: the conditions, or the first factor if conditions are no
   * grouping.
   */
  by?: string;
  /** Whether a point is a discussion (with the mean of its values) or a comment. Default: a discussion. */
  each?: "discussion" | "comment";
  /** Shows only comments from these times of the discussions, such as turn 3 to 5. Then each point is a comment. */
  times?: readonly [from: number, to: number];
}>;

/** A value, and the discussion or the comment that has it. */
export type OutcomePoint = Readonly<{
  run: string;
  discussion: string;
  /** The index of the group. */
  group: number;
  /** The position of the comment's slot; `null` for a whole discussion. */
  position: number | null;
  /** The comment's time in the discussion; `null` for a whole discussion, and for a comment without a turn. */
  time: number | null;
  value: number;
}>;

/** A group of discussions, described as in the report. */
export type OutcomeGroup = Readonly<{
  name: string;
  /** The number of missing values. */
  missing: number;
  description: Description;
}>;

/** A group's mean minus the reference's mean. Each discussion counts once, as in the report. */
export type GroupDifference = Readonly<{
  group: string;
  reference: string;
  difference: BootstrapEstimate | Unavailable;
}>;

/**
 * A label of a nominal scale, and the number of comments with this label in each group. If annotators of a
 * comment differ, each label counts by its share of the annotators.
 */
export type LabelCounts = Readonly<{ label: string; counts: readonly number[] }>;

/** The data that the viewer shows for an outcome. */
export type OutcomeView = Readonly<{
  outcome: string;
  declared: boolean;
  unit: Outcome["unit"];
  /** Whose comments the outcome counts; `null` for a figure of turns. Openings and scripted comments never count. */
  comments: Outcome["comments"];
  silences: Outcome["silences"];
  /** The limits of the scale; `null` if there are none. */
  range: readonly [number, number] | null;
  isShare: boolean;
  /** The factor whose levels are the groups (`null` if there is only one group), and the factors to choose from. */
  by: string | null;
  factors: readonly string[];
  groups: readonly OutcomeGroup[];
  /** One difference for each group except the reference. */
  differences: readonly GroupDifference[];
  /** The level of the intervals. */
  level: number;
  /** How times are counted, and the course of the outcome. A point of the course covers `width` successive times. */
  time: AnalysisDesign["time"];
  course: Readonly<{ width: number; series: readonly GroupCourse[] }> | null;
  each: "discussion" | "comment";
  /** At most {@linkcode POINTS_MAX} points. `pointsOf` is the number of all points. */
  points: readonly OutcomePoint[];
  pointsOf: number;
  /** All labels of a nominal scale; `null` for other scales. */
  labels: readonly LabelCounts[] | null;
  /** Runs that repeat discussions of other runs. Then the discussions are not independent. */
  repeats: readonly Repeat[];
}>;

/** If there are more points, a random sample is shown, because single points could not be told apart. */
export const POINTS_MAX = 3000;

/** Everything that figures depend on, besides the values in the table. */
export type TableContext = Readonly<{
  analysis: AnalysisDesign;
  /** Factor → its levels in the order of the experiment files. */
  order: Readonly<Record<string, readonly string[]>>;
  /** The seed of the report on the same runs, so that the intervals equal the report's intervals. */
  seed: string;
}>;

/**
 * Answers a question about a table.
 *
 * @returns `null` if the table has no such outcome, or the outcome has no value.
 */
export function viewOutcome(
  table: OutcomeTable,
  { outcome: name, by, each: wanted, times }: OutcomeQuestion,
  { analysis, order, seed }: TableContext,
): OutcomeView | null {
  const columns = columnsOf(table, analysis);
  const found = columns.find((one) => one.name === name);
  if (found === undefined || !hasValues(found)) return null;
  const outcome = outcomeIn(found);
  const { scale, unit } = outcome;
  const possible = groupings(table.discussions, analysis, order);
  const grouping = possible.find((one) => one.by === (by ?? CONDITION)) ?? possible[0]!;
  const descriptions = descriptionsOf(outcome, grouping, { seed, level: analysis.level });
  const each = unit === "discussion" ? unit : times === undefined ? wanted ?? "discussion" : "comment";
  const all = pointsOf(table, outcome, { grouping, each });
  const points = each === "discussion" || times === undefined
    ? all
    : all.filter(({ time }) => time !== null && time >= times[0] && time <= times[1]);
  const steps = scale === null ? undefined : scaleTypeOf(scale).steps?.(scale);
  return {
    outcome: name,
    declared: outcome.declared,
    unit,
    comments: outcome.comments,
    silences: outcome.silences,
    range: steps === undefined ? null : [steps.min, steps.max],
    isShare: isShare(outcome),
    by: grouping.by,
    factors: possible.flatMap((one) => one.by ?? []),
    groups: grouping.groups.map((group, at) => ({
      name: group.name,
      missing: group.members.reduce((sum, member) => sum + outcome.missingIn[member]!, 0),
      description: descriptions[at]!,
    })),
    differences: differencesOf(outcome, grouping, { seed, level: analysis.level }),
    level: analysis.level,
    time: analysis.time,
    course: unit === "comment" ? coursesOf(outcome, grouping.groups, analysis.level) : null,
    each,
    points: sampled(points, seed),
    pointsOf: points.length,
    labels: labelsOf(found.column, columns.filter(hasValues), grouping.groups),
    repeats: repeatsIn(table.discussions),
  };
}

/** For each discussion that has values of an outcome, the mean of these values. */
export function discussionMeans(
  table: OutcomeTable,
  name: string,
  analysis: Pick<AnalysisDesign, "outcomes">,
): readonly Readonly<{ run: string; discussion: string; value: number }>[] {
  const found = columnsOf(table, analysis).find((one) => one.name === name);
  if (found === undefined || !hasValues(found)) return [];
  const { means, counts } = meansOf(outcomeIn(found).values);
  return table.discussions.flatMap(({ run, discussion }, at) =>
    counts[at] === 0 ? [] : [{ run, discussion, value: means[at]! }]
  );
}

function differencesOf(
  outcome: Outcome,
  { by, groups, reference }: Grouping,
  { seed, level }: Readonly<{ seed: string; level: number }>,
): readonly GroupDifference[] {
  if (by === null || reference === null) return [];
  const { means, counts } = meansOf(outcome.values);
  const valuesOf = (members: readonly number[]) =>
    members.filter((member) => counts[member]! > 0).map((member) => means[member]!);
  const ofReference = valuesOf(groups.find(({ name }) => name === reference)?.members ?? []);
  return groups.filter(({ name }) => name !== reference).map(({ name, members }) => {
    const contrast = { factor: by, level: name, reference };
    const options = contrastOptions(contrast, differenceOptions(outcome, seed, level));
    return {
      group: name,
      reference,
      difference: levelDifference(contrast, [valuesOf(members), ofReference], options),
    };
  });
}

type WithColumn = NamedColumn & Readonly<{ column: OutcomeColumn }>;

function hasValues(one: NamedColumn): one is WithColumn {
  return one.column !== null && one.column.values.length > 0;
}

function pointsOf(
  { discussions }: OutcomeTable,
  { values }: Outcome,
  { grouping, each }: Readonly<{ grouping: Grouping; each: "discussion" | "comment" }>,
): OutcomePoint[] {
  return grouping.groups.flatMap(({ members }, group) =>
    members.flatMap((member): OutcomePoint[] => {
      const { run, discussion } = discussions[member]!;
      const list = listIn(values, member);
      if (each === "comment") return list.map((value) => ({ run, discussion, group, ...value }));
      if (list.length === 0) return [];
      const value = mean(list.map((one) => one.value));
      return [{ run, discussion, group, position: null, time: null, value }];
    })
  );
}

/** A random sample of the points, which stay in their order. Equal seeds give equal samples. */
function sampled(points: readonly OutcomePoint[], seed: string): readonly OutcomePoint[] {
  if (points.length <= POINTS_MAX) return points;
  const chosen = openDraw(seed, "shown points").sample([...points.keys()], POINTS_MAX);
  return chosen.sort((one, other) => one - other).map((at) => points[at]!);
}

/** The counts of all labels of the nominal scale to which the outcome's label belongs. */
function labelsOf(
  { pass, scale, label }: OutcomeColumn,
  all: readonly WithColumn[],
  groups: readonly Group[],
): readonly LabelCounts[] | null {
  if (label === null || scale === null) return null;
  const labels = scaleTypeOf(scale).labels?.(scale) ?? [];
  return labels.map((one) => {
    const named = all.find(({ column }) =>
      column.pass === pass && column.scale?.name === scale.name && column.label === one
    );
    const values = named === undefined ? null : outcomeIn(named).values;
    const countIn = ({ members }: Group) =>
      members.reduce(
        (sum, member) =>
          sum + (values === null ? [] : numbersIn(values, member)).reduce((all, value) => all + value, 0),
        0,
      );
    return { label: one, counts: groups.map(countIn) };
  });
}
