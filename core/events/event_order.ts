/** Which events can follow on which: the order that every log keeps. */
import { DamagedLine } from "./codec.ts";
import { type AnnotationEvent, type DiscussionEvent, isAnnotationEvent } from "./mod.ts";

/** How far a stream has come, as far as its order is concerned. */
export type OrderState = Readonly<{
  phase: "unopened" | "open" | "ended";
  /** The next turn's 0-based number. */
  turn: number;
  /** The next comment's ordinal. */
  comment: number;
  /** How many slots there have been: comments and silences. */
  slots: number;
  /** Annotation passes, and whether each is completed. */
  passes: ReadonlyMap<string, boolean>;
}>;

/** The state before the first event. */
export const ORDER_START: OrderState = {
  phase: "unopened",
  turn: 0,
  comment: 0,
  slots: 0,
  passes: new Map(),
};

/**
 * Checks that an event can come next: opened first and once, turns and comments without gaps, nothing after the end.
 *
 * @param state How far the stream has come.
 * @param event The next event; its shape has been checked.
 * @returns How far it has come with the event.
 * @throws {DamagedLine} Of kind `wrong-order`, when it cannot come next.
 */
export function orderAfter(state: OrderState, event: DiscussionEvent): OrderState {
  const { phase, turn, comment, slots } = state;
  const { type } = event;
  if (isAnnotationEvent(event)) {
    demand(phase === "ended", `"${type}" in a discussion that has not ended`);
    return { ...state, passes: passesAfter(state, event) };
  }
  demand(phase !== "ended", `"${type}" after the discussion's end`);
  demand((type === "DiscussionOpened") === (phase === "unopened"), `"${type}" in a stream that is ${phase}`);
  switch (type) {
    case "DiscussionOpened":
      return { ...state, phase: "open" };
    case "SeedCommentPosted":
      demand(turn === 0, "an opening comment after the first turn");
      demandNext("comment", comment, event.data.comment);
      return { ...state, comment: comment + 1, slots: slots + 1 };
    case "TurnTaken":
      demandNext("turn", turn, event.data.turn);
      demandNext("comment", comment, event.data.comment);
      return { ...state, turn: turn + 1, comment: comment + 1, slots: slots + 1 };
    case "TurnPassed":
      demandNext("turn", turn, event.data.turn);
      return { ...state, turn: turn + 1, slots: slots + 1 };
    case "ModeratorIntervened":
      demandNext("turn", turn - 1, event.data.turn);
      demandNext("comment", comment, event.data.comment);
      return { ...state, comment: comment + 1, slots: slots + 1 };
    case "ModeratorAbstained":
      demandNext("turn", turn - 1, event.data.turn);
      return { ...state, slots: slots + 1 };
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

/**
 * A pass starts once, and nothing of it comes after it was completed; two passes can be under way. One that was imported
 * starts again when further annotators of it are imported.
 */
function passesAfter(
  { passes, comment, slots }: OrderState,
  { type, data }: AnnotationEvent,
): OrderState["passes"] {
  const { pass } = data;
  const isCompleted = passes.get(pass);
  if (type === "AnnotationPassStarted") {
    demand(isCompleted === undefined || data.source !== undefined, `a second start of the pass "${pass}"`);
    return new Map(passes).set(pass, false);
  }
  demand(isCompleted === false, `"${type}" of the pass "${pass}", which is not under way`);
  if (type === "AnnotationPassCompleted") return new Map(passes).set(pass, true);
  if (type === "SilenceAnnotated") {
    demand(data.position < slots, `a judgement of slot ${data.position}, of ${slots}`);
    return passes;
  }
  demand(data.comment < comment, `a judgement of comment ${data.comment}, of ${comment}`);
  return passes;
}

function demand(legal: boolean, found: string): void {
  if (!legal) throw new DamagedLine("wrong-order", `the event cannot come here: ${found}`);
}

function demandNext(what: string, expected: number, found: number): void {
  demand(found === expected, `${what} ${found}, expected ${expected}`);
}
