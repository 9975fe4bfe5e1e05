/** Estimates the size of an experiment: discussions, turns, calls of each model, and tokens. */
import { type DiscussionSettings, moderatorCalls, pastsOf, type Plan } from "../../core/experiment/mod.ts";
import type { Shard } from "../shared/arguments.ts";
import type { Totals } from "../progress/run_progress.ts";
import { scaleTypeOf } from "../../core/annotation/scales/mod.ts";
import type { AnnotationDesign, DiscussionDesign } from "../../core/events/mod.ts";
import { annotationPrompt, questionAt, questionsPerComment } from "../../core/annotation/mod.ts";
import {
  evolve,
  initialState,
  moderatorPrompt,
  type OpenState,
  participantPrompt,
} from "../../core/discussion/mod.ts";
import type { Message } from "../../core/ports/mod.ts";

/**
 * The discussions and turns of an experiment, or of one shard of it. If the number of turns varies within a condition,
 * its mean counts.
 */
export function plannedTotals(plan: Plan, shard: Shard = { index: 1, count: 1 }): Totals {
  const { conditions } = plan;
  // A shard takes whole replicates. A replicate is one discussion of each condition.
  const replicates = Math.max(
    0,
    Math.ceil((plan.size / conditions.length - (shard.index - 1)) / shard.count),
  );
  const turns = conditions.reduce((sum, { variants }) => sum + mean(variants, ({ turns }) => turns), 0);
  return { discussions: replicates * conditions.length, turns: Math.round(replicates * turns) };
}

/** The mean over the variants. All variants are equally likely. */
function mean(
  variants: readonly DiscussionSettings[],
  measure: (settings: DiscussionSettings) => number,
): number {
  return variants.reduce((sum, settings) => sum + measure(settings), 0) / variants.length;
}

/**
 * The certainty of a number of calls: `exact`; `expected`, a mean, because the number depends on draws; or `at most`,
 * because it depends on the comments.
 */
export type Certainty = "exact" | "expected" | "at most";

/** The calls of one model, without repeated requests after failures. */
export type ModelCalls = Readonly<{
  model: string;
  participant: number;
  moderator: number;
  certainty: Certainty;
}>;

const ORDER: readonly Certainty[] = ["exact", "expected", "at most"];

/** Counts the calls by model, in the order of the conditions. */
export function countCalls(plan: Plan): readonly ModelCalls[] {
  const counts = new Map<string, ModelCalls>();
  const add = (model: string, role: "participant" | "moderator", calls: number, certainty: Certainty) => {
    const before = counts.get(model) ?? { model, participant: 0, moderator: 0, certainty: "exact" };
    counts.set(model, {
      ...before,
      [role]: before[role] + calls,
      certainty: leastSure(before.certainty, certainty),
    });
  };
  const replications = plan.size / plan.conditions.length;
  for (const { variants } of plan.conditions) {
    const discussions = replications / variants.length;
    const drawn = variants.length > 1 ? "expected" : "exact";
    for (const settings of variants) {
      const { participantModels, pinnedModel, pinned, count, turns, moderator } = settings;
      const certainty = new Set(participantModels).size > 1 ? "expected" : drawn;
      const calls = discussions * (turns - turnsInPast(settings));
      const share = pinnedModel === null ? 0 : pinned.length / count;
      if (share > 0) add(pinnedModel!, "participant", calls * share, share < 1 ? "expected" : certainty);
      const others = calls * (1 - share) / participantModels.length;
      if (share < 1) {
        for (const model of participantModels) {
          add(model, "participant", others, share > 0 ? "expected" : certainty);
        }
      }
      if (moderator === null) continue;
      const moderated = moderatorCalls(settings);
      const sure = moderated.isExact ? drawn : "at most";
      add(moderator.model, "moderator", discussions * moderated.calls, sure);
    }
  }
  return [...counts.values()];
}

/** The turns that a branch copies from its past. */
function turnsInPast({ past }: Pick<DiscussionSettings, "past">): number {
  return past?.[0]?.turns ?? 0;
}

function leastSure(a: Certainty, b: Certainty): Certainty {
  return ORDER.indexOf(a) > ORDER.indexOf(b) ? a : b;
}

/**
 * The assumed length of an answer on a scale, in tokens. On a text scale, an answer is assumed to be as long
 * as allowed.
 */
const ANSWER_TOKENS = 4;

/** The calls of one annotator model if no turn is silent, without repeated questions after unparsed replies. */
export type AnnotatorCalls = ModelTokens & Readonly<{ calls: number }>;

/** Counts the questions of an annotation pass by model. */
export function countAnnotatorCalls(
  design: AnnotationDesign,
  plan: Plan,
): ReadonlyMap<string, AnnotatorCalls> {
  const replications = plan.size / plan.conditions.length;
  const comments = plan.conditions.reduce((sum, { variants }) =>
    sum +
    variants.reduce((sum, settings) => sum + commentsOf(settings, design), 0) *
      (replications / variants.length), 0);
  const counts = new Map<string, AnnotatorCalls>();
  const questions = questionsPerComment(design);
  const shown =
    ((design.history ?? mean(plan.conditions.flatMap(({ variants }) => variants), ({ turns }) => turns) / 2) +
      1) * COMMENT_TOKENS;
  for (let place = 0; place < questions; place++) {
    const { annotator, scales } = questionAt(design, [0], place);
    const messages = annotationPrompt(annotator, [], { scales, ...design.prompt });
    const prompt = messages.reduce((sum, { content }) => sum + content.length, 0) / CHARS_PER_TOKEN + shown;
    const reply = scales.reduce(
      (sum, scale) => {
        const length = scaleTypeOf(scale).maxLength?.(scale);
        return sum + (length === undefined ? ANSWER_TOKENS : length / CHARS_PER_TOKEN);
      },
      0,
    );
    const before = counts.get(annotator.model!) ?? { calls: 0, prompt: 0, reply: 0 };
    counts.set(annotator.model!, {
      calls: before.calls + Math.round(comments),
      prompt: Math.round(before.prompt + comments * prompt),
      reply: Math.round(before.reply + comments * reply),
    });
  }
  return counts;
}

/** The number of annotated comments of one discussion, if no turn is silent. */
function commentsOf(
  settings: DiscussionSettings,
  { targets: { of, perDiscussion = Infinity } }: AnnotationDesign,
): number {
  const moderated = of === "participants" ? 0 : moderatorCalls(settings).calls;
  const said = of === "moderators" ? 0 : settings.turns - turnsInPast(settings);
  const opened = settings.past === null ? Math.max(0, ...settings.openings.map(({ length }) => length)) : 0;
  // The interventions after the last turn of the past are not copied, so the branch has them itself.
  const scripted = settings.interventions.filter(({ after }) => after >= turnsInPast(settings)).length;
  return Math.min(perDiscussion, said + moderated + (of === "all" ? opened + scripted : 0));
}

/** The characters of a token: the usual estimate for English. Models differ. */
export const CHARS_PER_TOKEN = 4;

/** The assumed length of a comment, in tokens. If the model's `maxTokens` is lower, that is assumed. */
export const COMMENT_TOKENS = 60;

/** At most this many discussions are measured, spread evenly over the plan. */
export const SAMPLE_SIZE_MAX = 200;

/** The estimated tokens of one model, in prompts and in replies. */
type ModelTokens = Readonly<{ prompt: number; reply: number }>;

/**
 * Estimates the tokens of a plan by model. Renders the first prompts of all speakers in a sample of discussions, and adds
 * the openings and participants' comments that later prompts will show. Assumes that all participants have the same number of turns.
 */
export function estimateTokens(plan: Plan): ReadonlyMap<string, ModelTokens> {
  const sampleSize = Math.min(plan.size, SAMPLE_SIZE_MAX);
  const tokens = new Map<string, ModelTokens>();
  const pastOf = pastsOf(plan);
  for (let sample = 0; sample < sampleSize; sample++) {
    const design = plan.at(Math.floor((sample * plan.size) / sampleSize));
    const past = design.forkedFrom === undefined ? null : pastOf(design.forkedFrom);
    for (const { model, prompt, reply } of discussionTokens(design, past === null ? null : [past])) {
      const before = tokens.get(model) ?? { prompt: 0, reply: 0 };
      tokens.set(model, { prompt: before.prompt + prompt, reply: before.reply + reply });
    }
  }
  const scale = plan.size / sampleSize;
  return new Map([...tokens].map(([model, { prompt, reply }]) => [
    model,
    { prompt: Math.round(prompt * scale), reply: Math.round(reply * scale) },
  ]));
}

function discussionTokens(
  design: DiscussionDesign,
  past: DiscussionSettings["past"],
): readonly (ModelTokens & { model: string })[] {
  const { participants, moderator, turns } = design;
  const state = evolve(initialState, { type: "DiscussionOpened", data: design }) as OpenState;
  const replyOf = (model: string) =>
    Math.min(COMMENT_TOKENS, design.models[model]!.sampling.maxTokens ?? COMMENT_TOKENS);
  const replies = participants.map(({ model }) => replyOf(model));
  const shown = shownTokens(design, replies.reduce((sum, reply) => sum + reply, 0) / replies.length);
  const share = (turns - turnsInPast({ past })) / participants.length;
  const asked = participants.map((participant, index) => ({
    model: participant.model,
    prompt: share * (tokensOf(participantPrompt(state, participant)) + shown / turns),
    reply: share * replies[index]!,
  }));
  if (moderator === null) return asked;
  const { calls } = moderatorCalls({ ...design, past });
  const prompt = calls * (tokensOf(moderatorPrompt(state, moderator, { mayAbstain: true })) + shown / turns);
  return [...asked, { model: moderator.model, prompt, reply: calls * replyOf(moderator.model) }];
}

/** The tokens of shown comments, summed over the prompts of all turns. */
function shownTokens({ openings, turns, history }: DiscussionDesign, commentTokens: number): number {
  if (history === 0) return 0;
  const size = history ?? Infinity;
  const window: number[] = [];
  let shown = 0;
  const say = (tokens: number) => {
    window.push(tokens);
    shown += tokens;
    if (window.length > size) shown -= window.shift()!;
  };
  for (const { text } of openings) say(text.length / CHARS_PER_TOKEN);
  let sum = 0;
  for (let turn = 0; turn < turns; turn++) {
    sum += shown;
    say(commentTokens);
  }
  return sum;
}

function tokensOf(messages: readonly Message[]): number {
  return messages.reduce((sum, { content }) => sum + content.length, 0) / CHARS_PER_TOKEN;
}
