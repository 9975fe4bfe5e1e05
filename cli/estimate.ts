/** What an experiment will ask of its models, before it asks anything. */
import { decide, type DiscussionDesign, evolve, initialState, type OpenState, type Rules } from "../core/discussion/mod.ts";
import { moderatorPrompt, participantPrompt } from "../core/discussion/mod.ts";
import type { DiscussionSettings, Plan } from "../core/experiment/mod.ts";
import type { Message } from "../core/ports/mod.ts";
import { mean } from "./totals.ts";

/** Models differ; four characters a token is the usual rule of thumb for English. */
export const CHARS_PER_TOKEN = 4;

/** Comments are taken to be this long, in tokens, where the model's `maxTokens` does not say that they are shorter. */
export const COMMENT_TOKENS = 60;

/** Discussions whose prompts are measured, spread evenly over the plan. */
export const SAMPLE_SIZE_MAX = 200;

/** How sure a number of calls is. */
export type Certainty =
  /** It is so many. */
  | "exact"
  /** Which model is asked is drawn: so many on average. */
  | "expected"
  /** It depends on what is said: not more than so many. */
  | "at most";

/** What one model will be asked, without the repetition of failed requests. */
export type ModelEstimate = Readonly<{
  model: string;
  participantCalls: number;
  moderatorCalls: number;
  certainty: Certainty;
  promptTokens: number;
  replyTokens: number;
}>;

/**
 * Estimates the calls and tokens of an experiment.
 *
 * Calls are counted from the design. Tokens are an approximation: the prompts of a sample of discussions are rendered
 * for all who take part, every comment is taken to have `COMMENT_TOKENS` tokens, and a token to have
 * `CHARS_PER_TOKEN` characters.
 *
 * @param plan The plan.
 * @param rules What the discussions are held by.
 * @returns By model, for those that are asked at all.
 */
export function estimateCalls(plan: Plan, rules: Rules): readonly ModelEstimate[] {
  const counts = new Map<string, { participant: number; moderator: number; certainty: Certainty }>();
  const countOf = (model: string) => {
    const count = counts.get(model) ?? { participant: 0, moderator: 0, certainty: "exact" as const };
    counts.set(model, count);
    return count;
  };
  const replications = plan.size / plan.conditions.length;
  for (const { variants } of plan.conditions) {
    for (const settings of variants) {
      const share = replications / variants.length;
      const drawn = new Set(settings.participantModels).size > 1 || variants.length > 1;
      for (const model of settings.participantModels) {
        const count = countOf(model);
        count.participant += (share * settings.turns) / settings.participantModels.length;
        if (drawn) count.certainty = surest(count.certainty, "expected");
      }
      if (settings.moderator === null) continue;
      const { calls, certainty } = moderatorCalls(settings);
      const count = countOf(settings.moderator.model);
      count.moderator += share * calls;
      count.certainty = surest(count.certainty, variants.length > 1 ? surest(certainty, "expected") : certainty);
    }
  }
}
