/** The declaration of a discussion, and a discussion compared with its declaration. */
import type { Past } from "../../core/discussion/past.ts";
import type { DiscussionDesign, ForkOrigin } from "../../core/events/discussion_design.ts";
import type { DiscussionSettings, Experiment } from "../../core/experiment/experiment.ts";
import type { DeclaredRules } from "../../core/experiment/section_files.ts";
import { pastsOf, type Plan, planDiscussions } from "../../core/experiment/plan.ts";
import type { Sha256 } from "../../core/sha256.ts";
import { type DiscussionState, evolve, initialState, type OpenState } from "../../core/discussion/state.ts";
import type { DiscussionEvent, Envelope } from "../../core/events/mod.ts";
import type { Entry } from "../projections/entries.ts";
import type { Appendable } from "../projections/appendable.ts";
import type { ChanceTests } from "./chance_tests.ts";
import type { Finding } from "./checks.ts";

/**
 * The declared settings of one discussion. If a setting is missing, the check uses the design in the log. A
 * design does not contain every setting: for example, it lacks the list of personas to draw from. Such a
 * setting is unknown if it is missing.
 */
export type Declared = Partial<Omit<DiscussionSettings, "models">>;

/** The declaration of a run's discussions. */
export type Declaration = Readonly<{
  /** The declared settings of the discussion that was opened with this design. */
  of: (logged: DiscussionDesign) => Declared;
  /** The planned design of the discussion; `null` if the plan does not have the discussion. */
  planned?: (logged: DiscussionDesign) => DiscussionDesign | null;
  /**
   * The events before a branch, in the discussion that it continues; `null` if the declaration does not have
   * them.
   */
  pastOf?: (origin: ForkOrigin) => Past | null;
  /** The number of planned discussions. */
  discussions?: number;
}>;

/** Declares nothing, so that discussions are compared with the designs in their logs. */
export const AS_LOGGED: Declaration = { of: () => ({}) };

/** The declaration that an experiment makes. A native function as `sha256` is faster than the default. */
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
    pastOf: pastsOf(plan),
    discussions: plan.size,
  };
}

/**
 * A declaration that a user wrote for discussions, for example for imported ones. `others` declares all other
 * settings.
 */
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

/** What a declaration follows from. It is plain data, so it can go to other threads. */
export type DeclarationSource = Readonly<{
  /** The run's experiment; `null` to compare with the designs in the logs. */
  experiment: Experiment | null;
  /** Rules that a user declared. They replace the experiment's own rules. `null` if there are none. */
  rules: DeclaredRules | null;
}>;

/** The declaration that follows from an experiment and from rules of the user; `undefined` without both. */
export function declarationFrom(
  { experiment, rules }: DeclarationSource,
  sha256?: Sha256,
): Declaration | undefined {
  const ofExperiment = experiment === null ? undefined : declaredBy(experiment, sha256);
  return rules === null ? ofExperiment : declaredAs(rules, ofExperiment);
}

/** The index of the variant that was drawn; `NaN` if a level is unknown. */
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

/** A discussion that is being checked: its design, its declaration and its state. */
export class Watched {
  /** The design that the log begins with. */
  readonly logged: DiscussionDesign;
  /** The logged design, with all declared settings in place of the logged ones. */
  readonly design: DiscussionDesign;
  readonly declared: Declared;
  /**
   * Whether the discussion's draws are new. If an earlier discussion of the same condition made the same draws,
   * they are not counted again.
   */
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

  /** The state before the current event, as if the discussion had been opened as declared. */
  get state(): OpenState {
    return this.#state as OpenState;
  }

  /**
   * Adds an event to the state.
   *
   * @throws {RangeError} When the event cannot happen in this state.
   */
  fold(event: DiscussionEvent): void {
    this.#state = evolve(this.#state, event);
  }

  /** Whether an event was copied from the discussion that this one was forked from. */
  isInherited({ seq }: Pick<Envelope, "seq">): boolean {
    return seq <= (this.logged.forkedFrom?.events ?? 0);
  }
}

/** One or more checks over all discussions of a run. */
export interface Checker<Counted = unknown> extends Appendable<Counted> {
  opened?(discussion: Watched): void;
  /** Takes in an event that was copied from the past of a branch. */
  copied?(discussion: Watched, envelope: Envelope): void;
  /** Takes in the next entry of a discussion. The discussion's state is the state before the entry. */
  entry?(discussion: Watched, entry: Entry): void;
  /** The findings so far. If conditions share draws, each condition is tested alone. */
  findings(shared: boolean, tests: ChanceTests): readonly Finding[];
}
