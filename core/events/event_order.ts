/** Which events can follow on which: the order that every log keeps. */
import { DamagedLine } from "./codec.ts";
import type { DiscussionEvent } from "./mod.ts";

/** How far a stream has come, as far as its order is concerned. */
export type OrderState = Readonly<{
  phase: "unopened" | "open" | "ended";
  /** The next turn's 0-based number. */
  turn: number;
  /** The next comment's ordinal. */
  comment: number;
}>;

/** The state before the first event. */
export const ORDER_START: OrderState = { phase: "unopened", turn: 0, comment: 0 };

/**
 * Checks that an event can come next: opened first and once, turns and comments without gaps, nothing after the end.
 *
 * @param state How far the stream has come.
 * @param event The next event; its shape has been checked.
 * @returns How far it has come with the event.
 * @throws {DamagedLine} Of kind `wrong-order`, when it cannot come next.
 */
export function orderAfter(state: OrderState, event: DiscussionEvent): OrderState {
  const { phase, turn, comment } = state;
  const { type } = event;
  demand(phase !== "ended", `"${type}" after the discussion's end`);
  demand((type === "DiscussionOpened") === (phase === "unopened"), `"${type}" in a stream that is ${phase}`);
  switch (type) {
    case "DiscussionOpened":
      return { ...state, phase: "open" };
    case "SeedCommentPosted":
      demand(turn === 0, "an opening comment after the first turn");
      demandNext("comment", comment, event.data.comment);
      return { ...state, comment: comment + 1 };
    case "TurnTaken":
      demandNext("turn", turn, event.data.turn);
      demandNext("comment", comment, event.data.comment);
      return { ...state, turn: turn + 1, comment: comment + 1 };
    case "TurnPassed":
      demandNext("turn", turn, event.data.turn);
      return { ...state, turn: turn + 1 };
    case "ModeratorIntervened":
      demandNext("turn", turn - 1, event.data.turn);
      demandNext("comment", comment, event.data.comment);
      return { ...state, comment: comment + 1 };
    case "ModeratorAbstained":
      demandNext("turn", turn - 1, event.data.turn);
      return state;
    case "GenerationFailed":
      demandNext("turn", event.data.role === "moderator" ? turn - 1 : turn, event.data.turn);
      return state;
    case "DiscussionCompleted":
    case "DiscussionAborted":
      demandNext("number of turns", turn, event.data.turns);
      demandNext("number of comments", comment, event.data.comments);
      return { ...state, phase: "ended" };
    default:
      return event satisfies never;
  }
}

function demand(legal: boolean, found: string): void {
  if (!legal) throw new DamagedLine("wrong-order", `the event cannot come here: ${found}`);
}

function demandNext(what: string, expected: number, found: number): void {
  demand(found === expected, `${what} ${found}, expected ${expected}`);
}
