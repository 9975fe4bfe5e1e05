/** The state of a discussion: a fold over its events, of limited size. */
import { type DiscussionEvent, isAnnotationEvent, type Sealed } from "../events/mod.ts";
import type { DiscussionDesign } from "../events/discussion_design.ts";

/** A comment of the discussion. Openings and scripted interventions are by the experiment's `author`. */
export type Comment = Readonly<{
  /** 0-based ordinal in its discussion. */
  comment: number;
  author: string;
  text: string;
  by: "author" | "participant" | "moderator";
  /**
   * The comment has words of a person that cannot be read, mostly because the person withdrew. `text` is then
   * empty.
   */
  withheld?: true;
}>;

/** How a discussion ended. */
export type Ending = Readonly<{ type: "DiscussionCompleted" | "DiscussionAborted"; reason: string }>;

/** A discussion that has been opened. */
export type OpenState = Readonly<{
  phase: "open" | "ended";
  design: DiscussionDesign;
  /** How many opening comments have been posted. */
  seeded: number;
  /** How many scripted interventions have been posted since the last turn. */
  intervened: number;
  /** How many turns have ended, silent turns included. This is also the 0-based number of the next turn. */
  turn: number;
  /**
   * Whether moderation is settled: the moderator has answered, there is no moderator, or no turn has ended yet.
   */
  moderated: boolean;
  /** How many comments have been posted. This is also the ordinal of the next comment. */
  comments: number;
  /**
   * The latest comments, oldest first: as many as `design.history` says (all for `null`), but at least two.
   */
  window: readonly Comment[];
  /** Index of the participant who had the last turn. */
  last: number | null;
  /** Index of the participant who had the second-to-last turn. */
  secondToLast: number | null;
  lastTurnSilent: boolean;
  /** How many turns each participant has had. */
  turnsTaken: readonly number[];
  /** The turn after which the moderator last spoke. */
  lastIntervention: number | null;
  /** Failed requests since the last successful one. */
  failures: number;
  ending: Ending | null;
}>;

/** The state of a discussion at any time, also before its first event. */
export type DiscussionState = Readonly<{ phase: "unopened" }> | OpenState;

/** The state before the first event. */
export const initialState: DiscussionState = { phase: "unopened" };

/** Signals and strategies look back at two comments, even if prompts show fewer. */
const WINDOW_MIN = 2;

/**
 * Folds one event into the state. If the prompts show a limited number of comments, this takes the same time
 * in short and long discussions.
 *
 * @returns The next state. The old state is unchanged.
 * @throws {RangeError} When the event cannot happen in this state.
 */
export function evolve(state: DiscussionState, event: DiscussionEvent): DiscussionState {
  if (state.phase === "unopened") {
    if (event.type === "DiscussionOpened") return opened(event.data);
    throw new RangeError(`Cannot apply "${event.type}": the discussion has not been opened`);
  }
  if (isAnnotationEvent(event)) {
    // Annotations are about the discussion: its state stays the same.
    if (state.phase === "ended") return state;
    throw new RangeError(`Cannot apply "${event.type}": the discussion has not ended`);
  }
  if (state.phase === "ended") {
    throw new RangeError(`Cannot apply "${event.type}": the discussion has ended`);
  }
  switch (event.type) {
    case "DiscussionOpened":
      throw new RangeError('Cannot apply "DiscussionOpened": the discussion is already open');
    case "SeedCommentPosted": {
      const { comment, author, text } = event.data;
      return {
        ...state,
        ...posted(state, { comment, author, text, by: "author" }),
        seeded: state.seeded + 1,
      };
    }
    case "InterventionPosted": {
      const { comment, author, text } = event.data;
      return {
        ...state,
        ...posted(state, { comment, author, text, by: "author" }),
        intervened: state.intervened + 1,
      };
    }
    case "TurnTaken": {
      const { comment, participant, text, sealed } = event.data;
      const said = { comment, author: participant, text, by: "participant", ...withheld(sealed) } as const;
      return { ...state, ...posted(state, said), ...turnEnded(state, participant), lastTurnSilent: false };
    }
    case "TurnPassed":
      return { ...state, ...turnEnded(state, event.data.participant), lastTurnSilent: true };
    case "ModeratorIntervened": {
      const { comment, moderator, text, turn, sealed } = event.data;
      const said = { comment, author: moderator, text, by: "moderator", ...withheld(sealed) } as const;
      return { ...state, ...posted(state, said), moderated: true, lastIntervention: turn, failures: 0 };
    }
    case "ModeratorAbstained":
      return { ...state, moderated: true, failures: 0 };
    case "GenerationFailed":
      return { ...state, failures: state.failures + 1 };
    case "DiscussionCompleted":
    case "DiscussionAborted":
      return { ...state, phase: "ended", ending: { type: event.type, reason: event.data.reason } };
    default:
      return unknownEvent(event);
  }
}

/** The mark of a comment whose words are sealed. */
export function withheld(sealed: Sealed | undefined): Pick<Comment, "withheld"> {
  return sealed === undefined ? {} : { withheld: true };
}

/** The state of a discussion in progress, without the words of speakers who have withdrawn. */
export function withoutWords(state: OpenState, speakers: ReadonlySet<string>): OpenState {
  const window = state.window.map((comment) =>
    speakers.has(comment.author) && comment.by !== "author"
      ? { ...comment, text: "", withheld: true } as const
      : comment
  );
  return { ...state, window };
}

function unknownEvent(event: never): never {
  throw new TypeError(`Cannot apply the event "${JSON.stringify(event)}": its type is unknown`);
}

function opened(design: DiscussionDesign): OpenState {
  return {
    phase: "open",
    design,
    seeded: 0,
    intervened: 0,
    turn: 0,
    moderated: true,
    comments: 0,
    window: [],
    last: null,
    secondToLast: null,
    lastTurnSilent: false,
    turnsTaken: design.participants.map(() => 0),
    lastIntervention: null,
    failures: 0,
    ending: null,
  };
}

function posted(state: OpenState, comment: Comment): Pick<OpenState, "comments" | "window"> {
  const { history } = state.design;
  const surplus = history === null ? 0 : state.window.length + 1 - Math.max(history, WINDOW_MIN);
  const kept = surplus > 0 ? state.window.slice(surplus) : state.window.slice();
  kept.push(comment);
  return { comments: state.comments + 1, window: kept };
}

function turnEnded(
  state: OpenState,
  participant: string,
): Pick<
  OpenState,
  "turn" | "intervened" | "moderated" | "last" | "secondToLast" | "turnsTaken" | "failures"
> {
  const speaker = state.design.participants.findIndex(({ name }) => name === participant);
  if (speaker === -1) {
    throw new RangeError(
      `Cannot give "${participant}" a turn: no participant of this discussion has that name`,
    );
  }
  return {
    turn: state.turn + 1,
    intervened: 0,
    moderated: state.design.moderator === null,
    last: speaker,
    secondToLast: state.last,
    turnsTaken: state.turnsTaken.map((turns, index) => index === speaker ? turns + 1 : turns),
    failures: 0,
  };
}

/** Caches a function's result for each design, as long as the design is in use. Designs never change. */
export function perDesign<T>(workOut: (design: DiscussionDesign) => T): (design: DiscussionDesign) => T {
  const known = new WeakMap<DiscussionDesign, Readonly<{ value: T }>>();
  return (design) => {
    let remembered = known.get(design);
    if (remembered === undefined) {
      remembered = { value: workOut(design) };
      known.set(design, remembered);
    }
    return remembered.value;
  };
}
