/** What was declared of a discussion, and a discussion compared with it. */
import type { DiscussionDesign } from "../../core/events/discussion_design.ts";
import type { DiscussionSettings, Experiment } from "../../core/experiment/experiment.ts";
import type { DeclaredRules } from "../../core/experiment/section_files.ts";
import { type Plan, planDiscussions } from "../../core/experiment/plan.ts";
import type { Sha256 } from "../../core/sha256.ts";
import { type DiscussionState, evolve, initialState, type OpenState } from "../../core/discussion/state.ts";
import type { DiscussionEvent, Envelope } from "../../core/events/mod.ts";
import type { Entry } from "../projections/entries.ts";
import type { Finding } from "./checks.ts";

/**
 * What was declared of one discussion. What is left out is as the log's own design says; what no design says, such as
 * the personas that there were to draw from, is then not known.
 */
export type Declared = Partial<Omit<DiscussionSettings, "models">>;

/** What was declared of discussions that were held. */
export type Declaration = Readonly<{
  /** What was declared of the discussion that was opened with this design. */
  of: (logged: DiscussionDesign) => Declared;
  /** The design that the discussion was to be opened with; `null` if none such was planned. */
  planned?: (logged: DiscussionDesign) => DiscussionDesign | null;
  /** How many discussions were planned. */
  discussions?: number;
}>;

/** The declaration that the logs' own designs make. */
export const AS_LOGGED: Declaration = { of: () => ({}) };

/** The declaration that an experiment makes; a native `sha256` is faster. */
export function declaredBy(experiment: Experiment, sha256?: Sha256): Declaration {
  const plan = planDiscussions(experiment, sha256);
  const places = new Map(experiment.conditions.map(({ label }, place) => [label, place]));
  return {
    of({ condition, varied }) {
      const place = places.get(condition);
      const { models: _, ...settings } = place === undefined
        ? { models: null }
        : experiment.conditions[place]!.variants[variantOf(experiment, varied)] ?? { models: null };
      return settings;
    },
    planned: ({ condition, replicate }) => plannedAt(plan, places.get(condition), replicate),
    discussions: plan.size,
  };
}

/** The declaration that a user makes of discussions, such as imported ones; `others` fills in the rest. */
export function declaredAs(rules: DeclaredRules, others: Declaration = AS_LOGGED): Declaration {
  const { schedule, ...settings } = rules;
  return {
    ...others,
    of(logged) {
      const declared = others.of(logged);
      const { moderator = logged.moderator } = declared;
      const scheduled = schedule === undefined || moderator === null
        ? {}
        : { moderator: { ...moderator, schedule } };
      return { ...declared, ...settings, ...scheduled };
    },
  };
}

/** Which of the variants was drawn: levels not known give none. */
function variantOf({ vary }: Experiment, varied: DiscussionDesign["varied"]): number {
  return vary.reduce((variant, { path, levels }) => {
    const level = levels.findIndex(({ label }) => label === varied[path]);
    return level === -1 ? NaN : variant * levels.length + level;
  }, 0);
}

function plannedAt(plan: Plan, place: number | undefined, replicate: number): DiscussionDesign | null {
  if (place === undefined) return null;
  const index = (replicate - 1) * plan.conditions.length + place;
  return index < plan.size ? plan.at(index) : null;
}

/** A discussion so far, compared with its declaration. */
export class Watched {
  /** The design that the log begins with. */
  readonly logged: DiscussionDesign;
  /** The same with what was declared in the place of what was logged. */
  readonly design: DiscussionDesign;
  readonly declared: Declared;
  /** Whether its draws are its own: draws that another discussion repeats are no further evidence. */
  readonly isFresh: boolean;
  #state: DiscussionState;

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
  opened?(discussion: Watched): void;
  /** Something happens in a discussion; its state is the one before. */
  entry?(discussion: Watched, entry: Entry): void;
  /** What was found. If conditions share draws, each of them is tested alone. */
  findings(shared: boolean): readonly Finding[];
}
