/** A discussion from a file, and its events. */
import type {
  DiscussionDesign,
  DiscussionEvent,
  ImportOrigin,
  Moderator,
  Participant,
} from "../../core/events/mod.ts";
import { IMPORTED_MODEL, IMPORTED_RULE, PROMPT_VERSION } from "../../core/discussion/mod.ts";

/** A slot of an imported discussion. If `isSilence(text)`, its participant or moderator said nothing. */
export type Slot = Readonly<
  { by: "opening" | "intervention" | "participant" | "moderator"; name: string; text: string }
>;

export type OutsideDiscussion = Readonly<{
  origin: ImportOrigin;
  participants: readonly Participant[];
  moderator: Moderator | null;
  slots: readonly Slot[];
  /** How many comments a prompt showed at most; 0 if the file does not say. */
  history: number;
  /** The context in the prompts of all participants; empty if their contexts differ. */
  context: string;
  /** The instructions that all participants without a role share; empty if there are none. */
  instructions: string;
}>;

type DiscussionIdentity =
  & Pick<DiscussionDesign, "id" | "experiment" | "condition" | "factors" | "replicate">
  & Readonly<{
    seed: string;
  }>;

/** Only quotation marks and spaces: the Python library and its prompts use these for silence. */
const SILENCE = /^[\s"]*$/;

/**
 * Whether a text in a file is silence. For replies of models in this program, more texts count as silence.
 * Here, a text that other speakers saw stays a comment.
 */
export function isSilence(text: string): boolean {
  return SILENCE.test(text);
}

/** The events of an imported discussion: one for each slot, between `DiscussionOpened` and `DiscussionCompleted`. */
export function eventsOfOutside(
  discussion: OutsideDiscussion,
  identity: DiscussionIdentity,
): DiscussionEvent[] {
  const { slots } = discussion;
  const turns = slots.filter(({ by }) => by === "participant").length;
  const events: DiscussionEvent[] = [{
    type: "DiscussionOpened",
    data: designOf(discussion, identity, turns),
  }];
  let turn = 0;
  let comment = 0;
  for (const { by, name, text } of slots) {
    if (by === "opening") {
      events.push({ type: "SeedCommentPosted", data: { comment: comment++, author: name, text } });
    } else if (by === "intervention") {
      events.push({
        type: "InterventionPosted",
        data: { turn: turn - 1, comment: comment++, author: name, text },
      });
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
  identity: DiscussionIdentity,
  turns: number,
): DiscussionDesign {
  const models = [...participants, ...(moderator === null ? [] : [moderator])].map(({ model }) => model);
  return {
    ...identity,
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
