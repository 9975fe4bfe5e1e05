/** Outcomes: the numbers of discussions that are compared between conditions. */
import { type Scale, scaleTypeOf, type ScaleValue } from "../../core/annotation/scales/mod.ts";
import { CONDUCT_FIGURES } from "./describe_conduct.ts";
import type { Judgements, Observation, ObservedSlot } from "./observation.ts";
import {
  type AnalysisDesign,
  DISCUSSION_METRICS,
  type DiscussionMetric,
  isMetric,
} from "../../core/experiment/analysis_design.ts";
import { isUnavailable, type Unavailable, unavailable } from "../statistics/unavailable.ts";

/** One value of an outcome. */
export type OutcomeValue = Readonly<{
  value: number;
  /**
   * The time in the discussion (its turn or position, as the analysis says); `null` for a figure of the whole
   * discussion.
   */
  time: number | null;
}>;

/** An outcome of some discussions. */
export type Outcome = Readonly<{
  /** As an analysis names it: `toxicity`, `second/toxicity`, `stance=against`, `diversity`. */
  name: string;
  declared: boolean;
  /** What has a value: each comment, or a whole discussion. */
  unit: "comment" | "discussion";
  /** The scale of the annotations; `null` for figures of discussions. */
  scale: Scale | null;
  /** One list per discussion, in the order of the observations; empty if a discussion has no value. */
  values: readonly (readonly OutcomeValue[])[];
  /** The number of missing values: comments without a value from any annotator, or discussions without the figure. */
  missing: number;
  /** The number of missing values in each discussion. */
  missingIn: readonly number[];
}>;

/**
 * Lists the scales of all passes.
 *
 * @returns Each scale of each pass once, in the order of the logs, even if some logs lack the first passes. Scales of
 *   texts are left out.
 */
export function scalesOf(
  observations: readonly Pick<Observation, "judgements">[],
): readonly Readonly<{ pass: string; scale: Scale }>[] {
  const scales: { key: string; pass: string; scale: Scale }[] = [];
  for (const { judgements } of observations) {
    // Goes backwards, to insert a new scale before the scale that follows it in the same log.
    let before = scales.length;
    for (const { pass, scale } of judgements.toReversed()) {
      const key = `${pass}/${scale.name}`;
      const known = scales.findIndex((one) => one.key === key);
      if (known === -1) scales.splice(before, 0, { key, pass, scale });
      else before = known;
    }
  }
  return scales.map(({ pass, scale }) => ({ pass, scale }));
}

/**
 * The outcomes of some discussions: every scale except texts, and every figure of whole discussions. Yes counts as 1.
 * Each label of a nominal scale is an outcome, with 1 for comments that got the label and 0 for others. A comment's
 * value is the mean over the annotators who gave it a value.
 *
 * @returns Declared outcomes in the order of their declaration, even without any value; then the others. A name without
 *   a pass, such as `toxicity`, means the first pass with that scale. A scale with the name of a figure of discussions
 *   always needs the pass before its name.
 */
export function outcomesOf(
  observations: readonly Observation[],
  analysis: Pick<AnalysisDesign, "outcomes" | "comments" | "silences" | "time">,
): readonly Outcome[] {
  const found = [
    ...annotatedOutcomes(observations, analysis),
    ...DISCUSSION_METRICS.map((metric) => measured(observations, metric, analysis)),
  ].filter(({ names, values }) =>
    names.some((name) => analysis.outcomes.includes(name)) || values.some((list) => list.length > 0)
  );
  const declared = analysis.outcomes.map((name): Outcome => {
    const outcome = found.find(({ names }) => names.includes(name));
    return { ...outcomeOf(outcome ?? nothing(observations)), name, declared: true };
  });
  const others = found.filter(({ names }) => !names.some((name) => analysis.outcomes.includes(name)));
  return [
    ...declared,
    ...others.map((other) => ({ ...outcomeOf(other), name: other.names[0]!, declared: false })),
  ];
}

/** An outcome with all its names, the shortest name first. */
type Found = Omit<Outcome, "name" | "declared" | "missing"> & Readonly<{ names: readonly string[] }>;

function outcomeOf({ names: _, ...outcome }: Found): Omit<Outcome, "name" | "declared"> {
  return { ...outcome, missing: outcome.missingIn.reduce((sum, count) => sum + count, 0) };
}

function nothing(observations: readonly Observation[]): Found {
  const [values, missingIn] = [observations.map(() => []), observations.map(() => 0)];
  return { names: [], unit: "comment", scale: null, values, missingIn };
}

function annotatedOutcomes(
  observations: readonly Observation[],
  analysis: Pick<AnalysisDesign, "comments" | "silences" | "time">,
): Found[] {
  const named = new Set<string>();
  return scalesOf(observations).flatMap(({ pass, scale }) => {
    // The name of a figure of whole discussions never means a scale.
    const isFirst = !named.has(scale.name) && !isMetric(scale.name);
    named.add(scale.name);
    const names = (suffix: string) => [
      ...isFirst ? [`${scale.name}${suffix}`] : [],
      `${pass}/${scale.name}${suffix}`,
    ];
    const labels = scaleTypeOf(scale).labels?.(scale) ?? [null];
    return labels.map((label): Found => {
      const read = observations.map((observation) => {
        const found = observation.judgements.find((one) =>
          one.pass === pass && one.scale.name === scale.name
        );
        return found === undefined
          ? { values: [], missing: 0 }
          : valuesOf(observation, found, label, analysis);
      });
      return {
        names: names(label === null ? "" : `=${label}`),
        unit: "comment",
        scale,
        values: read.map(({ values }) => values),
        missingIn: read.map(({ missing }) => missing),
      };
    });
  });
}

function valuesOf(
  { slots }: Observation,
  { values: rows, targets }: Judgements,
  label: string | null,
  { comments, silences, time }: Pick<AnalysisDesign, "comments" | "silences" | "time">,
): Readonly<{ values: OutcomeValue[]; missing: number }> {
  const asked = new Set(targets);
  const values: OutcomeValue[] = [];
  let missing = 0;
  for (const [position, slot] of slots.entries()) {
    if (!counts(slot, comments) || (slot.comment === null && silences === "exclude")) continue;
    const given = rows.map((row) => row[position] ?? null).filter((value) => value !== null);
    if (given.length > 0) {
      const value = given.reduce<number>((sum, one) => sum + numberOf(one, label), 0) / given.length;
      values.push({ value, time: time === "turn" ? slot.turn! : position });
    } else if (asked.has(position)) missing++;
  }
  return { values, missing };
}

/** Openings, scripted interventions and the past of a branch belong to the design, so they have no values. */
function counts({ by, isPast }: ObservedSlot, comments: AnalysisDesign["comments"]): boolean {
  if (isPast) return false;
  switch (by) {
    case "opening":
    case "intervention":
      return false;
    case "participant":
      return comments !== "moderators";
    case "moderator":
      return comments !== "participants";
    default:
      return by satisfies never;
  }
}

function numberOf(value: ScaleValue, label: string | null): number {
  return label === null ? Number(value) : Number(value === label);
}

function measured(
  observations: readonly Observation[],
  metric: DiscussionMetric,
  { comments }: Pick<AnalysisDesign, "comments">,
): Found {
  const figureOf = metric === "words"
    ? ({ conduct }: Observation) => wordsPerComment(conduct, comments)
    : CONDUCT_FIGURES[metric];
  const figures = observations.map(figureOf);
  const values = figures.map((figure) => isUnavailable(figure) ? [] : [{ value: figure, time: null }]);
  const missingIn = figures.map((figure) => Number(isUnavailable(figure)));
  return { names: [metric], unit: "discussion", scale: null, values, missingIn };
}

/** The mean number of words of the comments that count. */
function wordsPerComment(
  { participants, moderator }: Observation["conduct"],
  comments: AnalysisDesign["comments"],
): number | Unavailable {
  const speakers = [
    ...comments === "moderators" ? [] : participants,
    ...comments === "participants" || moderator === null ? [] : [moderator],
  ];
  const said = speakers.reduce((sum, speaker) => sum + speaker.comments, 0);
  if (said === 0) return unavailable("no analysed speaker made a comment");
  return speakers.reduce((sum, { words }) => sum + words, 0) / said;
}
