/** A discussion from a file, and its events. */
import type {
  DiscussionDesign,
  DiscussionEvent,
  ImportOrigin,
  Moderator,
  Participant,
} from "../../core/events/mod.ts";
import { IMPORTED_MODEL, IMPORTED_RULE, PROMPT_VERSION } from "../../core/discussion/mod.ts";

/** A turn of someone to speak; an empty text is silence. */
export type Slot = Readonly<{ by: "opening" | "participant" | "moderator"; name: string; text: string }>;

export type OutsideDiscussion = Readonly<{
  origin: ImportOrigin;
  participants: readonly Participant[];
  moderator: Moderator | null;
  slots: readonly Slot[];
  /** How many comments a prompt showed; 0 when the file does not say. */
  history: number;
  /** What the prompts of all participants have in common. */
  context: string;
  instructions: string;
}>;

type DiscussionPlace =
  & Pick<DiscussionDesign, "id" | "experiment" | "condition" | "factors" | "replicate">
  & Readonly<{
    seed: string;
  }>;

/** Quotation marks and spaces only: silence in the Python library and its prompts. */
const SILENCE = /^[\s"]*$/;

/**
 * Whether a text in a file is silence. This rule is narrower than the one for this program's own replies: a text
 * that others were shown stays a comment.
 */
export function isSilence(text: string): boolean {
  return SILENCE.test(text);
}

/** The events of an imported discussion: one for each slot, between the opening and the completion. */
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
