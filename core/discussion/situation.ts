/** What a person who has a turn, or who moderates, is allowed to see. */
import type { SpeakerSituation } from "../ports/situation.ts";
import type { AskStep, Rules } from "./decide.ts";
import { shownComments } from "./prompt.ts";
import type { OpenState } from "./state.ts";

/** The situation of the speaker whom a step asks, with the same comments as in the step's prompt. */
export function situationOf(
  state: OpenState,
  { role }: Pick<AskStep, "role">,
  { schedules }: Pick<Rules, "schedules">,
): SpeakerSituation {
  const { design: { passWord, moderator } } = state;
  return {
    kind: role === "participant" ? "turn" : "moderation",
    comments: shownComments(state).map(({ comment, author, text }) => ({ comment, author, text })),
    mayBeSilent: role === "participant"
      ? passWord.trim() !== ""
      : schedules.get(moderator!.schedule.name)?.mayAbstain === true,
  };
}
