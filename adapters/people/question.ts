/** A question to a person, its answer, and what the desk learns from the engine. */
import type { OpenState } from "../../core/discussion/mod.ts";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import type { RequestOrigin } from "../../core/ports/model.ts";
import type { Situation } from "../../core/ports/situation.ts";

/** A question that waits for its answer. */
export type DeskQuestion = Readonly<{
  /** Stays the same if the run is stopped and resumed. It reveals nothing about the question. */
  id: string;
  person: string;
  origin: RequestOrigin;
  situation: Situation;
  /** When the time limit ends, in milliseconds since 1970; `null` without a limit. */
  deadlineMs: number | null;
}>;

/** What a person sent. */
export type PersonAnswer = Readonly<{
  /** Empty if the person said nothing on purpose. */
  text: string;
  /** Facts for the event's `meta`, such as `pasted`. */
  meta?: Readonly<Record<string, boolean | number | string>>;
}>;

/** The fate of an answer. */
export type AnswerFate =
  /** The answer is an event in the log, and the log is on the disk. */
  | "saved"
  /** Another answer to the question is in the log. */
  | "answered-before"
  /** The time limit had ended. */
  | "too-late"
  /** The run does not ask this person this question. */
  | "unknown"
  /** The run ended before the answer was in the log. The question comes again after the run is resumed. */
  | "interrupted";

/** How the discussion of a person ended. */
export type SeatEnd = "ended" | "failed";

/** What the engine tells about a discussion. Notices of other kinds are ignored. */
export type DeskNotice =
  | Readonly<{ kind: "recorded"; discussion: string; events: readonly DiscussionEvent[] }>
  | Readonly<{ kind: "ended" | "set-aside" | "left"; discussion: string }>
  | Readonly<{ kind: "opened"; state: OpenState }>
  | Readonly<{ kind: string }>;
