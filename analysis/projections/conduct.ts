/**
 * The conduct of a discussion: how much each speaker spoke, how often speakers stayed silent, and who followed
 * whom.
 */
import { type Unavailable, unavailable } from "../statistics/unavailable.ts";
import { wordCount } from "../texts/text_measures.ts";
import { isCut, isMissing, wasAsked } from "./entries.ts";
import type { DiscussionSlots, Slot } from "./slots.ts";

/** The counts of one speaker. */
export type SpeakerConduct = Readonly<{
  name: string;
  /** How often the speaker was asked to speak: a participant's turns, or the questions to the moderator. */
  asked: number;
  comments: number;
  /** Replies that were cut before any text. All other requests without a comment are silence. */
  cut: number;
  words: number;
}>;

/** Who followed whom. All turns of participants count, with or without a comment. */
export type TurnStructure = Readonly<{
  turns: number;
  /**
   * Turns at which the second-to-last speaker could come back, because the two turns before had different
   * speakers.
   */
  answerable: number;
  /** Turns at which the second-to-last speaker did come back. */
  answered: number;
  /** Turns whose participant also had the turn before. */
  repeated: number;
}>;

/** The conduct of a discussion. Rates are shares from 0 to 1. */
export type Conduct = Readonly<{
  /** In the design's order. */
  participants: readonly SpeakerConduct[];
  moderator: SpeakerConduct | null;
  structure: TurnStructure;
  /** The number of words of each comment by a participant or the moderator, in the order of the log. */
  commentWords: readonly number[];
  /** The share of participants who made a comment. */
  participationRate: number | Unavailable;
  /**
   * How evenly the comments are spread over the participants, from 0 (one participant made all comments) to 1
   * (all made equally many): the entropy of the participants' shares of the comments, divided by the entropy of
   * equal shares (Pielou 1966).
   */
  evenness: number | Unavailable;
  /** The share of silent turns. Turns with a reply that was cut before any text do not count. */
  silenceRate: number | Unavailable;
  /** The share of the questions to the moderator that it answered with a comment. */
  interventionRate: number | Unavailable;
  /** The number of the moderator's comments, divided by the number of the participants' turns. */
  interventionsPerTurn: number | Unavailable;
  /** The share of turns in which the second-to-last speaker came back, among turns at which this was possible. */
  respondRate: number | Unavailable;
}>;

type Tally = { name: string; asked: number; comments: number; cut: number; words: number };

/** Measures the conduct of one discussion. In a branch, only the events after its past count. */
export function measureConduct({ design, slots }: DiscussionSlots): Conduct {
  const participants = design.participants.map(({ name }) => emptyTally(name));
  const byName = new Map(participants.map((tally) => [tally.name, tally]));
  const moderator = design.moderator === null ? null : emptyTally(design.moderator.name);
  const commentWords: number[] = [];
  /** The number of slots that do not show what their speaker did. */
  const missing = { participant: 0, moderator: 0 };
  for (const slot of slots) {
    if (!wasAsked(slot)) continue;
    const words = slot.text === null ? null : wordCount(slot.text);
    if (words !== null) commentWords.push(words);
    if (isMissing(slot)) missing[slot.by]++;
    count(slot.by === "moderator" ? moderator : byName.get(slot.author), slot, words);
  }
  const structure = turnStructure(slots);
  const { turns, answerable, answered } = structure;
  const comments = participants.map((participant) => participant.comments);
  const spoken = comments.reduce((sum, each) => sum + each, 0);
  const chosen = turns - participants.reduce((sum, { cut }) => sum + cut, 0) - missing.participant;
  const speakers = comments.filter((each) => each > 0).length;
  const noModerator = unavailable("the discussion has no moderator");
  const noTurn = "no participant has had a turn";
  return {
    participants,
    moderator,
    structure,
    commentWords,
    participationRate: share(speakers, comments.length, "there are no participants"),
    evenness: evenness(comments),
    silenceRate: share(chosen - spoken, chosen, turns === 0 ? noTurn : "every reply was cut before any text"),
    interventionRate: moderator === null
      ? noModerator
      : share(moderator.comments, moderator.asked - missing.moderator, "the moderator was never asked"),
    interventionsPerTurn: moderator === null ? noModerator : share(moderator.comments, turns, noTurn),
    respondRate: share(answered, answerable, "the second-to-last speaker could not come back at any turn"),
  };
}

function count(tally: Tally | null | undefined, slot: Slot, words: number | null): void {
  if (tally === null || tally === undefined) return;
  tally.asked++;
  if (isCut(slot)) tally.cut++;
  if (words === null) return;
  tally.comments++;
  tally.words += words;
}

function turnStructure(slots: readonly Slot[]): TurnStructure {
  const structure = { turns: 0, answerable: 0, answered: 0, repeated: 0 };
  let [last, secondToLast]: [string | null, string | null] = [null, null];
  for (const { by, author, isPast = false } of slots) {
    if (by !== "participant") continue;
    if (!isPast) structure.turns++;
    if (!isPast && author === last) structure.repeated++;
    if (!isPast && secondToLast !== null && secondToLast !== last) {
      structure.answerable++;
      if (author === secondToLast) structure.answered++;
    }
    [secondToLast, last] = [last, author];
  }
  return structure;
}

function emptyTally(name: string): Tally {
  return { name, asked: 0, comments: 0, cut: 0, words: 0 };
}

function share(part: number, whole: number, none: string): number | Unavailable {
  return whole === 0 ? unavailable(none) : part / whole;
}

function evenness(comments: readonly number[]): number | Unavailable {
  const all = comments.reduce((sum, count) => sum + count, 0);
  if (comments.length < 2) return unavailable("evenness needs at least two participants");
  if (all === 0) return unavailable("no participant made a comment");
  // The counts are sorted, so that equal counts have equal entropies: the order of a sum changes its rounding.
  const entropy = comments.filter((count) => count > 0).toSorted((a, b) => a - b)
    .reduce((sum, count) => sum - count / all * Math.log(count / all), 0);
  // Rounding could make the quotient a little larger than 1.
  return Math.min(1, entropy / Math.log(comments.length));
}
