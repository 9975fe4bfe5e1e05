/** Shows the plan of an experiment as text and as JSON. */
import type { LoadedExperiment } from "../../adapters/local/mod.ts";
import {
  type Condition,
  costOf,
  type DiscussionSettings,
  type Factor,
  type ModelSetup,
  nameOfFactor,
} from "../../core/experiment/mod.ts";
import { moderationSchedules } from "../../core/moderation/mod.ts";
import { wrap } from "../terminal/text.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatCost, formatCount, formatShort, plural } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import { sameConditions, sameConditionsText } from "../prompts/same_conditions.ts";
import { templateWarnings, warningsText } from "../prompts/template_warnings.ts";
import type { TextSink } from "../terminal/text_sink.ts";
import { countPeople, isPerson, peopleLine, peopleWarnings } from "../people/people_plan.ts";
import {
  type AnnotatorCalls,
  type Certainty,
  CHARS_PER_TOKEN,
  COMMENT_TOKENS,
  countAnnotatorCalls,
  countCalls,
  estimateTokens,
  type ModelCalls,
  plannedTotals,
  SAMPLE_SIZE_MAX,
} from "./estimate.ts";
import { type AnalysedPlan, analysisLine, analysisWarnings } from "./analysis_line.ts";
import { factorTexts } from "../../analysis/report/conditions.ts";
import { joined } from "../../analysis/report/words.ts";
import { drawWords } from "../../core/experiment/matched.ts";
import { sharedDraws } from "../../core/experiment/shared_draws.ts";

/** The text lists at most this many conditions. JSON has all of them. */
export const CONDITIONS_LISTED_MAX = 60;

const MARKS: Readonly<Record<Certainty, string>> = { exact: "", expected: "≈ ", "at most": "≤ " };

type ModelPlan =
  & Omit<ModelCalls, "certainty">
  & Readonly<{
    calls: number;
    /** The calls of annotators if no turn is silent. */
    annotator: number;
    certainty: Certainty;
    promptTokens: number;
    replyTokens: number;
    /** `null` if the model has no prices. */
    cost: number | null;
  }>;

function modelPlans(loaded: LoadedExperiment): readonly ModelPlan[] {
  const { plan, experiment: { annotation } } = loaded;
  const setups = setupsOf(loaded);
  const tokens = estimateTokens(plan);
  const speakers = new Map(countCalls(plan).map((calls) => [calls.model, calls]));
  const annotators = annotation === null
    ? new Map<string, AnnotatorCalls>()
    : countAnnotatorCalls(annotation.design, plan);
  return [...new Set([...speakers.keys(), ...annotators.keys()])].map((model) => {
    const { participant = 0, moderator = 0, certainty = "exact" } = speakers.get(model) ?? {};
    const annotating = annotators.get(model);
    const speaking = tokens.get(model);
    const annotator = annotating?.calls ?? 0;
    const isProgram = !isPerson(loaded, setups[model]?.adapter ?? "");
    const promptTokens = isProgram ? (speaking?.prompt ?? 0) + (annotating?.prompt ?? 0) : 0;
    const replyTokens = isProgram ? (speaking?.reply ?? 0) + (annotating?.reply ?? 0) : 0;
    const prices = setups[model]?.prices;
    return {
      model,
      participant,
      moderator,
      annotator,
      calls: participant + moderator + annotator,
      certainty: annotator > 0 ? "at most" : certainty,
      promptTokens,
      replyTokens,
      cost: prices === undefined ? null : costOf(prices, { promptTokens, completionTokens: replyTokens }),
    };
  });
}

/** The models by name. If conditions describe a model differently, the first condition counts. */
function setupsOf(
  { plan, experiment: { annotation } }: LoadedExperiment,
): Readonly<Record<string, ModelSetup>> {
  const all = plan.conditions.flatMap(({ variants }) => variants.map(({ models }) => models)).toReversed();
  return Object.assign({}, annotation?.models, ...all);
}

/** The estimated cost of all models; `null` if no model has prices. */
function costToCome(loaded: LoadedExperiment): Readonly<{ cost: number; currency: string | null }> | null {
  const costs = modelPlans(loaded).flatMap(({ cost }) => cost === null ? [] : [cost]);
  if (costs.length === 0) return null;
  const [currency = null] = Object.values(setupsOf(loaded)).flatMap(({ prices }) => prices?.currency ?? []);
  return { cost: costs.reduce((sum, cost) => sum + cost, 0), currency };
}

/** The plan as one object. */
export function planObject(loaded: LoadedExperiment): Readonly<Record<string, unknown>> {
  const { experiment, plan } = loaded;
  const people = countPeople(loaded);
  return {
    experiment: experiment.name,
    seed: experiment.seed,
    matched: experiment.matched,
    replications: experiment.replications,
    ...plannedTotals(plan),
    factors: experiment.factors.map(factorObject),
    vary: experiment.vary.map(factorObject),
    conditions: plan.conditions.map(({ label, factors, variants }) => ({
      label,
      factors,
      turns: valuesOf(variants, ({ turns }) => turns),
      participants: valuesOf(variants, ({ count }) => count),
      moderators: valuesOf(variants, moderatorOf),
    })),
    sameConditions: sameConditions(loaded),
    templateWarnings: templateWarnings(loaded),
    analysis: experiment.analysis,
    ...experiment.analysis === null ? {} : { analysisWarnings: analysisWarnings(analysedPlan(loaded)) },
    models: modelPlans(loaded),
    cost: costToCome(loaded),
    ...(people === null ? {} : { people, peopleWarnings: peopleWarnings(loaded, people) }),
    estimate: {
      charsPerToken: CHARS_PER_TOKEN,
      commentTokens: COMMENT_TOKENS,
      sampleSizeMax: SAMPLE_SIZE_MAX,
    },
  };
}

function factorObject(factor: Factor): Readonly<Record<string, unknown>> {
  return { path: factor.path, label: nameOfFactor(factor), levels: factor.levels.map(({ label }) => label) };
}

/** A line with the names of factors and of their levels; none without factors. */
function factorLines(title: string, factors: readonly Factor[]): readonly string[] {
  const levels = factors.map((factor) =>
    [nameOfFactor(factor), factor.levels.map(({ label }) => label)] as const
  );
  return factors.length === 0 ? [] : [`${title}: ${neutralise(factorTexts(new Map(levels)).join("; "))}`];
}

/** The plan as text. */
export function planText(loaded: LoadedExperiment, sink: TextSink): string {
  const { experiment, plan } = loaded;
  const { conditions } = plan;
  const { discussions, turns } = plannedTotals(plan);
  const models = modelPlans(loaded);
  const shared = conditions.length > 1 ? drawWords(sharedDraws(experiment)) : [];
  const matched = shared.length === 0 ? "" : `; the conditions of one replicate share ${joined(shared)}`;
  const head = `${neutralise(experiment.name)}, seed ${neutralise(experiment.seed)}: ` +
    `${plural(conditions.length, "condition")} × ${plural(experiment.replications, "replication")} = ` +
    `${plural(discussions, "discussion")}, ${plural(turns, "turn")}${matched}`;
  const notes =
    `Calls do not include repeated requests after failures. ${
      legend(models)
    }Tokens are estimates: prompts of ` +
    `up to ${SAMPLE_SIZE_MAX} discussions, ${CHARS_PER_TOKEN} characters a token, comments of ${COMMENT_TOKENS} tokens ` +
    `or the model's maxTokens, whichever is less.`;
  const columns = sink.columns() - 1;
  const declared = analysisLine(experiment);
  const lines = [
    head,
    ...factorLines("factors", experiment.factors),
    ...factorLines("varied", experiment.vary),
    ...declared === null ? [] : [declared],
  ];
  const cost = costToCome(loaded);
  const people = countPeople(loaded);
  const costLine = cost === null ? "" : `cost to come: ≈ ${formatCost(cost.cost, cost.currency ?? "")}\n`;
  return [
    `${wrap(lines.join("\n"), columns).join("\n")}\n`,
    conditionTable(conditions, experiment.replications, sink) + sameConditionsText(sameConditions(loaded)) +
    warningsText([...templateWarnings(loaded), ...analysisWarnings(analysedPlan(loaded))]),
    modelTable(models, sink) + costLine + peopleLine(people) +
    warningsText(peopleWarnings(loaded, people)),
    `${wrap(notes, columns).join("\n")}\n`,
  ].join("\n");
}

function conditionTable(conditions: readonly Condition[], replications: number, sink: TextSink): string {
  const columns = [
    { title: "condition" },
    ...["discussions", "turns", "participants"].map((title) => ({ title, align: "right" }) as const),
    { title: "moderator" },
  ];
  const rows = conditions.slice(0, CONDITIONS_LISTED_MAX).map(({ label, variants }) => [
    neutralise(label),
    formatCount(replications),
    valuesOf(variants, ({ turns }) => formatCount(turns)).join(" | "),
    valuesOf(variants, ({ count }) => formatCount(count)).join(" | "),
    neutralise(valuesOf(variants, moderatorOf).join(" | ")),
  ]);
  const rest = conditions.length - rows.length;
  return table(sink, columns, rows) + (rest > 0 ? `… and ${plural(rest, "more condition")}\n` : "");
}

function modelTable(models: readonly ModelPlan[], sink: TextSink): string {
  const isPriced = models.some(({ cost }) => cost !== null);
  const columns: [title: string, cell: (model: ModelPlan) => string][] = [
    ["calls", ({ certainty, calls }) => `${MARKS[certainty]}${formatCount(calls)}`],
    ["participants", ({ participant }) => formatCount(participant)],
    ["moderators", ({ moderator }) => formatCount(moderator)],
    ["annotators", ({ annotator }) => formatCount(annotator)],
    ["tokens in", ({ promptTokens }) => `≈ ${formatShort(promptTokens)}`],
    ["tokens out", ({ replyTokens }) => `≈ ${formatShort(replyTokens)}`],
  ];
  if (isPriced) columns.push(["cost", ({ cost }) => cost === null ? "–" : `≈ ${formatCost(cost)}`]);
  return table(
    sink,
    [{ title: "model" }, ...columns.map(([title]) => ({ title, align: "right" }) as const)],
    models.map((plan) => [neutralise(plan.model), ...columns.map(([, cell]) => cell(plan))]),
  );
}

/** Explains the marks of numbers of calls. */
export function legend(models: readonly Pick<ModelPlan, "certainty">[]): string {
  const has = (wanted: Certainty) => models.some(({ certainty }) => certainty === wanted);
  return (has("expected")
    ? "≈ calls: a mean, because draws or the choice of speakers decide the number. "
    : "") +
    (has("at most")
      ? "≤ calls: the number of questions to moderators and annotators depends on the comments. "
      : "");
}

function moderatorOf({ moderator }: DiscussionSettings): string {
  if (moderator === null) return "none";
  const { name, options } = moderator.schedule;
  return `${moderator.name} (${moderationSchedules().get(name)?.short?.(options) ?? name})`;
}

function valuesOf<T>(
  variants: readonly DiscussionSettings[],
  value: (settings: DiscussionSettings) => T,
): T[] {
  return [...new Set(variants.map(value))];
}

/** What decides which declared tests a run of an experiment can compute. */
export function analysedPlan({ plan, experiment }: LoadedExperiment): AnalysedPlan {
  const { analysis, factors, annotation } = experiment;
  const turns = plan.conditions.flatMap(({ variants }) => variants.map(({ turns }) => turns));
  return {
    analysis,
    factors,
    discussions: plannedTotals(plan).discussions,
    turns: Math.max(...turns),
    annotation: annotation === null ? null : {
      scales: annotation.design.codebook.scales.map(({ name }) => name),
      annotators: annotation.design.annotators.length,
    },
  };
}
