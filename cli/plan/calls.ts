/** How often an experiment will ask its models. */
import type { DiscussionSettings, Plan } from "../../core/experiment/mod.ts";
import { moderationSchedules } from "../../core/moderation/mod.ts";

const SCHEDULES = moderationSchedules();

/** How sure a number of calls is; the least sure part of it counts. */
export type Certainty =
  /** It is so many. */
  | "exact"
  /** Who is asked is drawn: so many on average. */
  | "expected"
  /** It depends on what is said: not more than so many. */
  | "at most";

/** What one model will be asked; failed requests that are repeated are not counted. */
export type ModelCalls = Readonly<{
  model: string;
  participant: number;
  moderator: number;
  certainty: Certainty;
}>;

const ORDER: readonly Certainty[] = ["exact", "expected", "at most"];

/**
 * Counts the calls of an experiment by model, from its design alone.
 *
 * @param plan The plan.
 * @returns Those models that are asked at all, in the order of the conditions.
 */
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
      const { participantModels, turns, moderator } = settings;
      const certainty = new Set(participantModels).size > 1 ? "expected" : drawn;
      const calls = (discussions * turns) / participantModels.length;
      for (const model of participantModels) add(model, "participant", calls, certainty);
      if (moderator === null) continue;
      const moderated = moderatorCalls(settings);
      add(moderator.model, "moderator", discussions * moderated.calls, leastSure(drawn, moderated.certainty));
    }
  }
  return [...counts.values()];
}

/** How often the moderator of a discussion is asked. */
export function moderatorCalls(
  { moderator, turns }: Pick<DiscussionSettings, "moderator" | "turns">,
): Readonly<{ calls: number; certainty: Certainty }> {
  if (moderator === null) return { calls: 0, certainty: "exact" };
  const { name, options } = moderator.schedule;
  const calls = SCHEDULES.get(name)?.calls?.(turns, options);
  return calls === undefined ? { calls: turns, certainty: "at most" } : { calls, certainty: "exact" };
}

function leastSure(a: Certainty, b: Certainty): Certainty {
  return ORDER.indexOf(a) > ORDER.indexOf(b) ? a : b;
}
