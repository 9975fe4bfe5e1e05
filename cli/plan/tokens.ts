/** About how many tokens an experiment will send and receive. */
import { type DiscussionDesign } from "../../core/events/mod.ts";
import {
  type DiscussionState,
  evolve,
  initialState,
  moderatorPrompt,
  type OpenState,
  participantPrompt,
} from "../../core/discussion/mod.ts";
import type { Plan } from "../../core/experiment/mod.ts";
import type { Message } from "../../core/ports/mod.ts";
import { moderatorCalls } from "./calls.ts";

/** Models differ; four characters a token is the usual rule of thumb for English. */
export const CHARS_PER_TOKEN = 4;

/** Comments are taken to be this long, or as long as their model's `maxTokens`, where that is less. */
export const COMMENT_TOKENS = 60;

/** Discussions that are measured, spread evenly over the plan. */
export const SAMPLE_SIZE_MAX = 200;

/** About how many tokens one model will read and write. */
export type ModelTokens = Readonly<{ prompt: number; reply: number }>;

/**
 * Estimates tokens by model: the prompts of a sample of discussions are rendered for everybody who takes part, as if
 * all had equally many turns, and the comments that they will show are added.
 *
 * @param plan The plan.
 * @returns Model → tokens of the whole plan.
 */
export function estimateTokens(plan: Plan): ReadonlyMap<string, ModelTokens> {
  const sampleSize = Math.min(plan.size, SAMPLE_SIZE_MAX);
  const tokens = new Map<string, ModelTokens>();
  for (let sample = 0; sample < sampleSize; sample++) {
    const design = plan.at(Math.floor((sample * plan.size) / sampleSize));
    for (const { model, prompt, reply } of discussionTokens(design)) {
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

function discussionTokens(design: DiscussionDesign): readonly (ModelTokens & { model: string })[] {
  const { participants, moderator, turns } = design;
  const state = openedWithoutComments(design);
  const replyOf = (model: string) =>
    Math.min(COMMENT_TOKENS, design.models[model]!.sampling.maxTokens ?? COMMENT_TOKENS);
  const replies = participants.map(({ model }) => replyOf(model));
  const shown = shownTokens(design, replies.reduce((sum, reply) => sum + reply, 0) / replies.length);
  const share = turns / participants.length;
  const asked = participants.map((participant, index) => ({
    model: participant.model,
    prompt: share * (tokensOf(participantPrompt(state, participant)) + shown / turns),
    reply: share * replies[index]!,
  }));
  if (moderator === null) return asked;
  const { calls } = moderatorCalls(design);
  const prompt = calls * (tokensOf(moderatorPrompt(state, moderator, { mayAbstain: true })) + shown / turns);
  return [...asked, { model: moderator.model, prompt, reply: calls * replyOf(moderator.model) }];
}

/** The tokens of all comments that the prompts of all turns show together. */
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

function openedWithoutComments(design: DiscussionDesign): OpenState {
  const state: DiscussionState = evolve(initialState, { type: "DiscussionOpened", data: design });
  return state as OpenState;
}

function tokensOf(messages: readonly Message[]): number {
  return messages.reduce((sum, { content }) => sum + content.length, 0) / CHARS_PER_TOKEN;
}
