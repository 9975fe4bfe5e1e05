/** How a discussion was held: who spoke how much, who stayed silent, who followed on whom. */
import type { DiscussionDesign } from "../../core/events/discussion_design.ts";
import { type DiscussionEvent, isAnnotationEvent, isCutSilence } from "../../core/events/mod.ts";
import { type Unavailable, unavailable } from "../statistics/unavailable.ts";
import { wordCount } from "../texts/text_measures.ts";

/** What somebody did when they were asked. */
export type SpeakerConduct = Readonly<{
  name: string;
  /** How often they were asked: turns of a participant, slots of a moderator. */
  asked: number;
  /** Comments made. */
  comments: number;
  /** Replies that were cut before any text; the rest was silence. */
  cut: number;
  /** Words of these comments. */
  words: number;
}>;

/** Who followed on whom, over the turns of participants, silent ones included. */
export type TurnStructure = Readonly<{
  turns: number;
  /** Turns at which the second-to-last speaker could come back: two different people had spoken before it. */
  answerable: number;
  /** How many of them were the second-to-last speaker's. */
  answered: number;
  /** Turns of whoever had the turn before. */
  repeated: number;
}>;

/** How a discussion was held. Rates are shares from 0 to 1. */
export type Conduct = Readonly<{
  /** In the design's order. */
  participants: readonly SpeakerConduct[];
  moderator: SpeakerConduct | null;
  structure: TurnStructure;
  /** Words of every generated comment, in the order of the log. */
  commentWords: readonly number[];
  /** The share of participants who made a comment. */
  participationRate: number | Unavailable;
  /**
   * How evenly the comments are spread over the participants: their entropy over that of equal shares (Pielou 1966);
   * 1 where all made equally many, 0 where one made them all.
   */
  evenness: number | Unavailable;
  /** The share of turns in which the participant stayed silent, without those whose reply was cut before any text. */
  silenceRate: number | Unavailable;
  /** The share of the moderator's slots in which it spoke. */
  interventionRate: number | Unavailable;
  /** The moderator's comments for each turn of a participant. */
  interventionsPerTurn: number | Unavailable;
  /** The share of turns in which the second-to-last speaker came back, where that was possible. */
  respondRate: number | Unavailable;
}>;

type Tally = { name: string; asked: number; comments: number; cut: number; words: number };

/**
 * Measures one discussion from its events.
 *
 * @param events The log from its beginning; judgements in it are left aside.
 * @returns The figures of what has happened so far.
 * @throws {RangeError} When the first event does not open a discussion.
 */
export function measureConduct(events: Iterable<DiscussionEvent>): Conduct {
  let measured: ConductMeter | null = null;
  for (const event of events) {
    if (event.type === "DiscussionOpened") measured = new ConductMeter(event.data);
    else if (measured === null) {
      throw new RangeError(`Cannot measure from "${event.type}" on: nothing was opened`);
    } else if (!isAnnotationEvent(event)) measured.add(event);
  }
  if (measured === null) throw new RangeError("Cannot measure a discussion without events");
  return measured.conduct();
}

/** Measures one discussion while its events come in. */
export class ConductMeter {
  readonly #participants = new Map<string, Tally>();
  readonly #moderator: Tally | null;
  readonly #commentWords: number[] = [];
  readonly #structure = { turns: 0, answerable: 0, answered: 0, repeated: 0 };
  #last: string | null = null;
  #secondToLast: string | null = null;

  /** @param design The discussion's. */
  constructor({ participants, moderator }: DiscussionDesign) {
    for (const { name } of participants) this.#participants.set(name, emptyTally(name));
    this.#moderator = moderator === null ? null : emptyTally(moderator.name);
  }

  /** Takes in the next event after the opening; judgements change nothing. */
  add(event: DiscussionEvent): void {
    const { type, data } = event;
    switch (type) {
      case "TurnTaken":
        this.#turn(data.participant);
        this.#said(this.#participants.get(data.participant), data.text);
        break;
      case "TurnPassed":
        this.#turn(data.participant);
        cutIn(this.#participants.get(data.participant), event);
        break;
      case "ModeratorIntervened":
        if (this.#moderator !== null) this.#moderator.asked++;
        this.#said(this.#moderator, data.text);
        break;
      case "ModeratorAbstained":
        if (this.#moderator !== null) this.#moderator.asked++;
        cutIn(this.#moderator, event);
        break;
      default:
    }
  }

  #turn(participant: string): void {
    const structure = this.#structure;
    structure.turns++;
    if (participant === this.#last) structure.repeated++;
    if (this.#secondToLast !== null && this.#secondToLast !== this.#last) {
      structure.answerable++;
      if (participant === this.#secondToLast) structure.answered++;
    }
    this.#secondToLast = this.#last;
    this.#last = participant;
    const tally = this.#participants.get(participant);
    if (tally !== undefined) tally.asked++;
  }

  #said(tally: Tally | null | undefined, text: string): void {
    const words = wordCount(text);
    this.#commentWords.push(words);
    if (tally === null || tally === undefined) return;
    tally.comments++;
    tally.words += words;
  }

  /** The figures of what has happened so far. */
  conduct(): Conduct {
    const participants = [...this.#participants.values()].map((tally) => ({ ...tally }));
    const moderator = this.#moderator === null ? null : { ...this.#moderator };
    const { turns, answerable, answered } = this.#structure;
    const comments = participants.map((participant) => participant.comments);
    const spoken = comments.reduce((sum, count) => sum + count, 0);
    const cut = participants.reduce((sum, participant) => sum + participant.cut, 0);
    const chosen = turns - cut;
    const noModerator = "the discussion has no moderator";
    return {
      participants,
      moderator,
      structure: { ...this.#structure },
      commentWords: [...this.#commentWords],
      participationRate: share(
        comments.filter((count) => count > 0).length,
        comments.length,
        "there are no participants",
      ),
      evenness: evenness(comments),
      silenceRate: share(
        chosen - spoken,
        chosen,
        turns === 0 ? "nobody has had a turn" : "every reply was cut before any text",
      ),
      interventionRate: moderator === null
        ? unavailable(noModerator)
        : share(moderator.comments, moderator.asked, "the moderator was never asked"),
      interventionsPerTurn: moderator === null
        ? unavailable(noModerator)
        : share(moderator.comments, turns, "nobody has had a turn"),
      respondRate: share(answered, answerable, "at no turn could the second-to-last speaker come back"),
    };
  }
}

function emptyTally(name: string): Tally {
  return { name, asked: 0, comments: 0, cut: 0, words: 0 };
}

function cutIn(tally: Tally | null | undefined, event: DiscussionEvent): void {
  if (tally && isCutSilence(event)) tally.cut++;
}

function share(part: number, whole: number, none: string): number | Unavailable {
  return whole === 0 ? unavailable(none) : part / whole;
}

function evenness(comments: readonly number[]): number | Unavailable {
  const all = comments.reduce((sum, count) => sum + count, 0);
  if (comments.length < 2) return unavailable("evenness needs at least two participants");
  if (all === 0) return unavailable("no participant made a comment");
  // In one order, so that equal counts have equal entropies whoever made them: sums differ in rounding.
  const entropy = comments.filter((count) => count > 0).toSorted((a, b) => a - b)
    .reduce((sum, count) => sum - count / all * Math.log(count / all), 0);
  // Rounding must not make equal shares more than even.
  return Math.min(1, entropy / Math.log(comments.length));
}
