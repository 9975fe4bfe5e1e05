/** What the page of a seat gets from the server. Nothing else about the run goes there. */
import type { Consents } from "../../core/people/mod.ts";
import type { PeopleSetup } from "../../core/experiment/mod.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { SeenComment } from "../../core/ports/situation.ts";
import type { Desk } from "./desk.ts";
import { type Seat, topicOf } from "./persons.ts";

/** A question to the person at the page. */
export type SeatQuestion = Readonly<{
  id: string;
  mayBeSilent: boolean;
  /** The time left by the server's clock, in milliseconds; `null` without a limit. */
  leftMs: number | null;
}>;

/** Where the person is in the discussion. */
export type SeatPhase =
  /** The person has to agree to a text first. */
  | "consent"
  /** The person refused to take part, and can still agree. */
  | "declined"
  /** The discussion is over, and the person did not take part. */
  | "missed"
  | "withdrew"
  /** Others are speaking, or the discussion has not begun. */
  | "waiting"
  | "asked"
  /** The discussion is over. */
  | "ended"
  /** The discussion stopped because of a failure, or the run was stopped. It can continue later. */
  | "stopped";

/** What the page of a seat shows. */
export type SeatView = Readonly<{
  /** Changes whenever the rest changes, except for the time left. */
  version: string;
  /** Distinguishes this start of the server from others. After a restart, open questions come again. */
  start: string;
  phase: SeatPhase;
  /** The person's name in the discussion. */
  name: string;
  isModerator: boolean;
  /** The text to agree to, and its SHA-256; only in the phases `consent` and `declined`. */
  consent: Readonly<{ text: string; sha256: string }> | null;
  /** The comments so far, oldest first. */
  comments: readonly SeenComment[];
  /** The names of everybody who has withdrawn. The page forgets their comments, also older ones. */
  withdrawn: readonly string[];
  question: SeatQuestion | null;
  /** The text to read at the end; only in the phases `ended`, `missed` and `withdrew`. */
  debriefing: string | null;
}>;

/** What views are made from. */
export type SeatSources = Readonly<{
  desk: Desk;
  consents: Consents;
  texts: Pick<PeopleSetup, "consent" | "debriefing">;
  clock: Pick<Clock, "now">;
  /** Distinguishes this start of the server from others. */
  start: string;
}>;

/** The view of a seat now. */
export function seatView(seat: Seat, { desk, consents, texts, clock, start }: SeatSources): SeatView {
  const { person, discussion, name, role } = seat;
  const version = `${start}.${desk.changes.count(topicOf(seat))}`;
  const base = { version, start, name, isModerator: role === "moderator", consent: null, debriefing: null };
  const outside = { ...base, comments: [], withdrawn: [], question: null };
  const debriefing = texts.debriefing?.text ?? null;
  const standing = consents.standing(person);
  if (standing === "withdrew") return { ...outside, phase: "withdrew", debriefing };
  const end = desk.endOf(discussion);
  if (standing !== "agreed") {
    // A person who can still take part must not read the debriefing yet.
    if (end === "ended") return { ...outside, phase: "missed", debriefing };
    const { text, sha256 } = consents.consentNeeded(person)!;
    return { ...outside, phase: standing === "declined" ? "declined" : "consent", consent: { text, sha256 } };
  }
  const inside = {
    ...base,
    comments: desk.comments(discussion),
    withdrawn: desk.withdrawn(discussion),
    question: null,
  };
  if (end === "ended") return { ...inside, phase: "ended", debriefing };
  if (end === "failed" || desk.isClosed || desk.isInterrupted(person)) return { ...inside, phase: "stopped" };
  const [asked] = desk.questions(person);
  if (asked === undefined || asked.situation.kind === "annotation") {
    return { ...inside, phase: "waiting" };
  }
  const { id, deadlineMs, situation } = asked;
  const leftMs = deadlineMs === null ? null : Math.max(0, deadlineMs - clock.now());
  return {
    ...inside,
    phase: "asked",
    comments: desk.comments(discussion, situation),
    question: { id, mayBeSilent: situation.mayBeSilent, leftMs },
  };
}
