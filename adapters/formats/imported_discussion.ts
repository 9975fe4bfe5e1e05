/** A discussion that was held elsewhere, in the terms of this program, before it has a place in a run. */
import type {
  DiscussionDesign,
  DiscussionEvent,
  ImportOrigin,
  Moderator,
  Participant,
} from "../../core/events/mod.ts";
import { IMPORTED_MODEL, IMPORTED_RULE, PROMPT_VERSION } from "../../core/discussion/mod.ts";

/** One entry of a discussion: somebody had the word, and said something or nothing. */
export type Slot = Readonly<{ by: "opening" | "participant" | "moderator"; name: string; text: string }>;

/** A discussion as a file tells it. */
export type OutsideDiscussion = Readonly<{
  origin: ImportOrigin;
  participants: readonly Participant[];
  moderator: Moderator | null;
  slots: readonly Slot[];
  /** How many comments a prompt showed, as far as the file says; else none. */
  history: number;
  /** What the prompts of all participants say alike. */
  context: string;
  instructions: string;
}>;

/** The place of an imported discussion in its run. */
export type DiscussionPlace =
  & Pick<DiscussionDesign, "id" | "experiment" | "condition" | "factors" | "replicate">
  & Readonly<{
    /** Names the discussion's random streams. */
    seed: string;
  }>;

/** Two quotation marks, or nothing, with or without spaces: what the Python library and its prompts take for silence. */
const SILENCE = /^[\s"]*$/;

/**
 * Whether a text of a file is silence. The reading is narrower than that of this program's own replies: what was shown
 * to others where the discussion was held stays a comment.
 */
export function isSilence(text: string): boolean {
  return SILENCE.test(text);
}

/**
 * The events of an imported discussion, from its beginning to its end.
 *
 * @param discussion The discussion.
 * @param place Its place in the run.
 * @returns One event for each slot, in order, between the first and the last.
 */
export function eventsOfOutside(discussion: OutsideDiscussion, place: DiscussionPlace): DiscussionEvent[] {
  const { slots } = discussion;
  const turns = slots.filter(({ by }) => by === "participant").length;
  const events: DiscussionEvent[] = [{ type: "DiscussionOpened", data: designOf(discussion, place, turns) }];
  let turn = 0;
  let comment = 0;
  for (const { by, name, text } of slots) {
    if (by === "opening") {
      events.push({ type: "SeedCommentPosted", data: { comment: comment++, author: name, text } });
    } else if (isSilence(text)) {
      events.push(
        by === "participant"
          ? { type: "TurnPassed", data: { turn: turn++, participant: name, reason: "empty", raw: text } }
          : {
            type: "ModeratorAbstained",
            data: { turn: turn - 1, moderator: name, reason: "empty", raw: text },
          },
      );
    } else {
      events.push(
        by === "participant"
          ? { type: "TurnTaken", data: { turn: turn++, comment: comment++, participant: name, text } }
          : {
            type: "ModeratorIntervened",
            data: { turn: turn - 1, comment: comment++, moderator: name, text },
          },
      );
    }
  }
  events.push({ type: "DiscussionCompleted", data: { reason: "turns", turns, comments: comment } });
  return events;
}

function designOf(
  { origin, participants, moderator, slots, history, context, instructions }: OutsideDiscussion,
  place: DiscussionPlace,
  turns: number,
): DiscussionDesign {
  const models = [...participants, ...(moderator === null ? [] : [moderator])].map(({ model }) => model);
  return {
    ...place,
    varied: {},
    participants,
    moderator,
    openings: slots.filter(({ by }) => by === "opening").map(({ name, text }) => ({ author: name, text })),
    turns,
    history,
    turnTaking: IMPORTED_RULE,
    passWord: "",
    prompt: { layout: "transcript", version: PROMPT_VERSION, context, instructions },
    models: Object.fromEntries(models.map((model) => [model, IMPORTED_MODEL])),
    imported: origin,
  };
}
