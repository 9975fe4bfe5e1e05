/** Outcomes: the numbers of discussions that are compared between conditions. */
import { type Scale, scaleTypeOf, type ScaleValue } from "../../core/annotation/scales/mod.ts";
import { CONDUCT_FIGURES, TEXT_FIGURES } from "./describe_conduct.ts";
import type { Judgements, Observation, ObservedSlot } from "./observation.ts";
import {
  type AnalysisDesign,
  DISCUSSION_METRICS,
  type DiscussionMetric,
  isMetric,
  isTextMetric,
  type WhoseComments,
  whoseComments,
} from "../../core/experiment/analysis_design.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import {
  addValues,
  noValues,
  type OutcomeValue,
  type OutcomeValues,
  outcomeValues,
  valuesAdded,
} from "./outcome_values.ts";

/** An outcome of some discussions. */
export type Outcome = Readonly<{
  /** The name that an analysis uses, such as `toxicity`, `second/toxicity`, `stance=against` or `diversity`. */
  name: string;
  declared: boolean;
  /** Whether each comment has a value, or each discussion. */
  unit: "comment" | "discussion";
  /** The scale of the annotations; `null` for figures of discussions. */
  scale: Scale | null;
  /** Whose comments have values; `null` for figures of turns. */
  comments: WhoseComments | null;
  /** Whether silent turns that were annotated have values, too. */
  silences: AnalysisDesign["silences"];
  /** The values of each discussion, in the order of the observations. */
  values: OutcomeValues;
  /** The number of missing values: annotated comments that got no value, or discussions without the figure. */
  missing: number;
  /** The number of missing values in each discussion. */
  missingIn: Uint32Array;
}>;

/** A scale, and the annotation pass that has it. */
export type AnnotatedWith = Readonly<{ pass: string; scale: Scale }>;

/**
 * Lists the scales of all passes.
 *
 * @returns Each scale of each pass once, in the order of the logs, even if some logs lack the first passes.
 *   Scales for free text are left out.
 */
export function scalesOf(
  observations: readonly Readonly<{ judgements: readonly AnnotatedWith[] }>[],
): readonly AnnotatedWith[] {
  const scales: (AnnotatedWith & Readonly<{ key: string }>)[] = [];
  for (const { judgements } of observations) {
    // The loop goes backwards, so that a new scale is inserted before the scale that follows it in the same log.
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
 * The outcomes of some discussions: every scale except scales for free text, and every figure of whole
 * discussions. A comment's value is the mean over the annotators who gave it a value. Yes counts as 1, no as 0.
 * Each label of a nominal scale is an outcome of its own: it is 1 for comments that got the label, and 0 for
 * other comments.
 *
 * @returns First the declared outcomes in the order of their declaration, even if they have no value. Then the
 *   others. A name without a pass, such as `toxicity`, means the first pass with this scale. If a scale has the
 *   name of a figure of whole discussions, its name needs the pass.
 */
export function outcomesOf(
  observations: readonly Observation[],
  analysis: Pick<AnalysisDesign, "outcomes"> & Counting,
): readonly Outcome[] {
  const known = OUTCOMES.get(observations)?.get(analysis) ?? readOutcomes(observations, analysis);
  OUTCOMES.set(observations, (OUTCOMES.get(observations) ?? new WeakMap()).set(analysis, known));
  return known;
}

/** Observations → analysis → outcomes. They are kept, because several sections of a report need the same outcomes. */
const OUTCOMES = new WeakMap<readonly Observation[], WeakMap<object, readonly Outcome[]>>();

function readOutcomes(
  observations: readonly Observation[],
  analysis: Pick<AnalysisDesign, "outcomes"> & Counting,
): readonly Outcome[] {
  const { length } = observations;
  const read = outcomeSources(scalesOf(observations)).map((source) => ({
    source,
    lists: noValues(),
    missingIn: new Uint32Array(length),
  }));
  for (const [place, observation] of observations.entries()) {
    for (const { source, lists, missingIn } of read) {
      const { values, missing } = valuesIn(observation, source, analysis);
      addValues(lists, values);
      missingIn[place] = missing;
    }
  }
  const found = read.map(({ source, lists, missingIn }): Found => ({
    ...source,
    values: valuesAdded(lists),
    missingIn,
  }));
  const { silences } = analysis;
  const nothing = () => ({
    values: outcomeValues(observations.map(() => [])),
    missingIn: new Uint32Array(length),
  });
  const hasValues = ({ values }: Found) => values.values.length > 0;
  return named(found, hasValues, analysis).map(({ name, declared, source }) => {
    const { unit, scale, values, missingIn } = source ?? { unit: "comment", scale: null, ...nothing() };
    const missing = missingIn.reduce((sum, count) => sum + count, 0);
    const counted = source === undefined ? whoseComments(analysis, [name]) : countedIn(source, analysis);
    return { name, declared, unit, scale, comments: counted, silences, values, missing, missingIn };
  });
}

type Found = OutcomeSource & Pick<Outcome, "values" | "missingIn">;

/** An outcome that discussions can have. */
export type OutcomeSource = Readonly<{
  /** All names of the outcome, the shortest first. The last name means the same in every set of discussions. */
  names: readonly string[];
  unit: Outcome["unit"];
  scale: Scale | null;
  /** The pass and the label of an outcome from annotations; `null` if the outcome has no pass or no label. */
  pass: string | null;
  label: string | null;
}>;

/**
 * All outcomes that discussions with these scales can have.
 *
 * @param scales The result of {@linkcode scalesOf}.
 */
export function outcomeSources(
  scales: readonly AnnotatedWith[],
): readonly OutcomeSource[] {
  const used = new Set<string>();
  const annotated = scales.flatMap(({ pass, scale }) => {
    // A name such as "words" always means the figure of whole discussions, even if a scale has this name, too.
    const isFirst = !used.has(scale.name) && !isMetric(scale.name);
    used.add(scale.name);
    const labels = scaleTypeOf(scale).labels?.(scale) ?? [null];
    return labels.map((label): OutcomeSource => {
      const suffix = label === null ? "" : `=${label}`;
      const full = `${pass}/${scale.name}${suffix}`;
      const names = isFirst ? [`${scale.name}${suffix}`, full] : [full];
      return { names, unit: "comment", scale, pass, label };
    });
  });
  const whole = { unit: "discussion", scale: null, pass: null, label: null } as const;
  return [...annotated, ...DISCUSSION_METRICS.map((metric) => ({ names: [metric], ...whole }))];
}

/**
 * Names outcomes: first the declared outcomes in the order of their declaration, even if they have no value;
 * then the other outcomes that have values.
 *
 * @returns `source` is `undefined` for a declared outcome that no discussion can have.
 */
export function named<S extends Pick<OutcomeSource, "names">>(
  sources: readonly S[],
  hasValues: (source: S) => boolean,
  { outcomes }: Pick<AnalysisDesign, "outcomes">,
): readonly Readonly<{ name: string; declared: boolean; source: S | undefined }>[] {
  const isDeclared = ({ names }: S) => names.some((name) => outcomes.includes(name));
  return [
    ...outcomes.map((name) => ({
      name,
      declared: true,
      source: sources.find(({ names }) => names.includes(name)),
    })),
    ...sources.filter((source) => !isDeclared(source) && hasValues(source)).map((source) => ({
      name: source.names[0]!,
      declared: false,
      source,
    })),
  ];
}

/** The settings that say which comments count. `openings` is set only in alternatives to a declared analysis. */
export type Counting =
  & Pick<AnalysisDesign, "comments" | "commentsOf" | "silences" | "time">
  & Readonly<{ openings?: "include" }>;

/** Whose comments have values of an outcome; `null` for a figure of turns, which is not about comments. */
export function countedIn(
  { scale, names }: Pick<OutcomeSource, "scale" | "names">,
  counting: Pick<Counting, "comments" | "commentsOf">,
): WhoseComments | null {
  return scale === null && !isTextMetric(names[0]) ? null : whoseComments(counting, names);
}

/** The values of an outcome in one discussion, and the number of missing values (see {@linkcode Outcome}). */
export function valuesIn(
  observation: Observation,
  source: OutcomeSource,
  counting: Counting,
): Readonly<{ values: readonly OutcomeValue[]; missing: number }> {
  const { pass, scale, label, names } = source;
  const comments = whoseComments(counting, names);
  if (scale === null) return figureIn(observation, names[0] as DiscussionMetric, comments);
  const found = observation.judgements.find((one) => one.pass === pass && one.scale.name === scale.name);
  if (found === undefined) return { values: [], missing: 0 };
  return annotatedIn(observation, found, label, { ...counting, comments });
}

function annotatedIn(
  { slots }: Observation,
  { values: rows, targets }: Judgements,
  label: string | null,
  { comments, silences, time, openings }: Counting,
): Readonly<{ values: OutcomeValue[]; missing: number }> {
  const asked = new Set(targets);
  const values: OutcomeValue[] = [];
  let missing = 0;
  for (const [position, slot] of slots.entries()) {
    const isCounted = slot.by === "opening" ? openings === "include" : counts(slot, comments);
    if (!isCounted || (slot.comment === null && silences === "exclude")) continue;
    const given = rows.map((row) => row[position] ?? null).filter((value) => value !== null);
    if (given.length > 0) {
      const value = given.reduce<number>((sum, one) => sum + numberOf(one, label), 0) / given.length;
      values.push({ value, time: time === "turn" ? slot.turn : position, position });
    } else if (asked.has(position)) missing++;
  }
  return { values, missing };
}

/**
 * Whether a slot counts. Openings, scripted interventions and a branch's past never do: they are part of the
 * design.
 */
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

function figureIn(
  observation: Observation,
  metric: DiscussionMetric,
  comments: WhoseComments,
): Readonly<{ values: readonly OutcomeValue[]; missing: number }> {
  const value = isTextMetric(metric)
    ? TEXT_FIGURES[metric](observation, comments)
    : CONDUCT_FIGURES[metric](observation);
  return isUnavailable(value)
    ? { values: [], missing: 1 }
    : { values: [{ value, time: null, position: null }], missing: 0 };
}
