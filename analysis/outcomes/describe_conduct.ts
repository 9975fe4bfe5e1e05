/** Counts turns, comments, silence and words over several discussions. */
import type { DiscussionMetric, TextMetric, WhoseComments } from "../../core/experiment/analysis_design.ts";
import { type Unavailable, unavailable } from "../statistics/unavailable.ts";
import { wasAsked } from "../projections/entries.ts";
import type { Observation } from "./observation.ts";

/** Counts over some discussions. */
export type ConductCounts = Readonly<{
  discussions: number;
  /** Opening comments, which no model generated. */
  openings: number;
  /**
   * Participants' turns, turns with a comment, and turns whose reply was cut before any text. All others are
   * silent.
   */
  turns: number;
  comments: number;
  cutTurns: number;
  /** Scripted interventions, whose texts are in the experiment file. */
  scripted: number;
  /**
   * How often moderators were asked, how often they made a comment, and how often their reply was cut before
   * any text.
   */
  slots: number;
  interventions: number;
  cutSlots: number;
  /** Turns at which the second-to-last speaker could come back, and turns at which this speaker came back. */
  answerable: number;
  answered: number;
  /** Turns whose participant also had the turn before. */
  repeated: number;
  /** The number of words of each comment, one list per discussion. */
  participantWords: readonly (readonly number[])[];
  moderatorWords: readonly (readonly number[])[];
}>;

/** Counts the conduct of some discussions. */
export function countConduct(observations: readonly Observation[]): ConductCounts {
  const counts = {
    discussions: observations.length,
    openings: 0,
    scripted: 0,
    turns: 0,
    comments: 0,
    cutTurns: 0,
    slots: 0,
    interventions: 0,
    cutSlots: 0,
    answerable: 0,
    answered: 0,
    repeated: 0,
    participantWords: [] as number[][],
    moderatorWords: [] as number[][],
  };
  for (const observation of observations) {
    const { slots, conduct: { participants, moderator, structure } } = observation;
    counts.openings += openingsOf({ slots });
    counts.scripted += slots.filter(({ by, isPast }) => by === "intervention" && !isPast).length;
    counts.turns += structure.turns;
    for (const { comments, cut } of participants) {
      counts.comments += comments;
      counts.cutTurns += cut;
    }
    counts.slots += moderator?.asked ?? 0;
    counts.interventions += moderator?.comments ?? 0;
    counts.cutSlots += moderator?.cut ?? 0;
    counts.answerable += structure.answerable;
    counts.answered += structure.answered;
    counts.repeated += structure.repeated;
    const words = { participant: [] as number[], moderator: [] as number[] };
    for (const { slot, words: own } of slotsWithWords(observation)) {
      if (own !== null) words[slot.by].push(own);
    }
    counts.participantWords.push(words.participant);
    counts.moderatorWords.push(words.moderator);
  }
  return counts;
}

/** The number of opening comments; 0 for a branch, because its openings belong to its past. */
export function openingsOf({ slots }: Pick<Observation, "slots">): number {
  return slots.filter(({ by, isPast }) => by === "opening" && !isPast).length;
}

/** The slots in which a speaker was asked, each with the number of words of its comment; `null` without a comment. */
function slotsWithWords({ slots, conduct }: Observation) {
  const generated = slots.filter(wasAsked);
  let said = 0;
  return generated.map((slot) => ({
    slot,
    words: slot.comment === null || slot.withheld !== undefined ? null : conduct.commentWords[said++]!,
  }));
}

/** The conduct of all speakers of one role. */
export type RoleConduct = Readonly<{
  by: "participant" | "moderator";
  /** `null` for speakers without a role. */
  role: string | null;
  asked: number;
  comments: number;
  cut: number;
  words: number;
}>;

const NO_CONDUCT = { asked: 0, comments: 0, cut: 0, words: 0 };

/** Counts the conduct of each role. Roles are in the order of their first turns, with moderators last. */
export function countByRole(observations: readonly Observation[]): readonly RoleConduct[] {
  const roles = new Map<string, RoleConduct>();
  for (const observation of observations) {
    for (const { slot: { by, role, isCut }, words } of slotsWithWords(observation)) {
      const key = JSON.stringify([by, role]);
      const { asked, comments, cut, words: before } = roles.get(key) ?? NO_CONDUCT;
      roles.set(key, {
        by,
        role,
        asked: asked + 1,
        comments: comments + Number(words !== null),
        cut: cut + Number(isCut === true),
        words: before + (words ?? 0),
      });
    }
  }
  const all = [...roles.values()];
  return [...all.filter(({ by }) => by === "participant"), ...all.filter(({ by }) => by === "moderator")];
}

/**
 * Name of an outcome in analyses → the function that returns the figure of turns. Figures are shown in this
 * order.
 */
export const CONDUCT_FIGURES: Readonly<
  Record<
    Exclude<DiscussionMetric, TextMetric> | "interventions-per-turn",
    (observation: Observation) => number | Unavailable
  >
> = {
  "silence-rate": ({ conduct }) => conduct.silenceRate,
  "participation-rate": ({ conduct }) => conduct.participationRate,
  "evenness": ({ conduct }) => conduct.evenness,
  "respond-rate": ({ conduct }) => conduct.respondRate,
  "intervention-rate": ({ conduct }) => conduct.interventionRate,
  "interventions-per-turn": ({ conduct }) => conduct.interventionsPerTurn,
};

/**
 * Name of an outcome in analyses → the function that returns the figure of texts. Figures are shown in this
 * order.
 */
export const TEXT_FIGURES: Readonly<
  Record<TextMetric, (observation: Observation, whose: WhoseComments) => number | Unavailable>
> = {
  "diversity": ({ texts }, whose) => texts[whose].diversity,
  "distinct-2": ({ texts }, whose) => texts[whose].distinct2,
  "words": ({ conduct }, whose) => wordsPerComment(conduct, whose),
};

function wordsPerComment(
  { participants, moderator }: Observation["conduct"],
  whose: WhoseComments,
): number | Unavailable {
  const speakers = [
    ...whose === "moderators" ? [] : participants,
    ...whose === "participants" || moderator === null ? [] : [moderator],
  ];
  const said = speakers.reduce((sum, { comments }) => sum + comments, 0);
  if (said === 0) return unavailable("no analysed speaker made a comment");
  return speakers.reduce((sum, { words }) => sum + words, 0) / said;
}
