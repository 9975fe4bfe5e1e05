/** A discussion as the checks watch it. */
import type { DiscussionDesign } from "../../core/events/discussion_design.ts";
import { type DiscussionState, evolve, initialState, type OpenState } from "../../core/discussion/state.ts";
import type { DiscussionEvent, Envelope } from "../../core/events/mod.ts";
import type { Entry } from "../projections/entries.ts";
import type { Declared } from "./declaration.ts";
import type { Finding } from "./checks.ts";

/** A discussion so far, compared with its declaration. */
export class Watched {
  /** The design that the log begins with. */
  readonly logged: DiscussionDesign;
  /** The same with what was declared in the place of what was logged. */
  readonly design: DiscussionDesign;
  readonly declared: Declared;
  /**
   * Whether its draws are its own: draws that another discussion of its condition made as well are no further
   * evidence.
   */
  readonly isFresh: boolean;
  #state: DiscussionState;

  /** Begins with its first event. */
  constructor(logged: DiscussionDesign, declared: Declared, isFresh: boolean) {
    this.logged = logged;
    this.declared = declared;
    this.isFresh = isFresh;
    const { turns, history, turnTaking, passWord, prompt, moderator } = declared;
    this.design = {
      ...logged,
      ...(turns === undefined ? {} : { turns }),
      ...(history === undefined ? {} : { history }),
      ...(turnTaking === undefined ? {} : { turnTaking }),
      ...(passWord === undefined ? {} : { passWord }),
      ...(prompt === undefined ? {} : { prompt }),
      ...(moderator === undefined ? {} : { moderator }),
    };
    this.#state = evolve(initialState, { type: "DiscussionOpened", data: this.design });
  }

  /** What it had come to before the event that is being looked at, as if it had been opened as declared. */
  get state(): OpenState {
    return this.#state as OpenState;
  }

  /** Goes on. @throws {RangeError} When the event cannot happen in this state. */
  fold(event: DiscussionEvent): void {
    this.#state = evolve(this.#state, event);
  }

  /** Whether an event was taken over from the discussion that this one was forked from. */
  isInherited({ seq }: Pick<Envelope, "seq">): boolean {
    return seq <= (this.logged.forkedFrom?.events ?? 0);
  }
}

/** One or more checks over all discussions of a run. */
export interface Checker {
  /** A discussion begins. */
  opened?(discussion: Watched): void;
  /** Something happens in a discussion; its state is the one before. */
  entry?(discussion: Watched, entry: Entry): void;
  /**
   * What was found.
   *
   * @param shared Whether conditions share draws: what is left to chance is then checked in each of them alone.
   */
  findings(shared: boolean): readonly Finding[];
}
