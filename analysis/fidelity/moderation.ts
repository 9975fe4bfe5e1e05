/** Checks that the moderator is asked at the turns that the schedule declares. */
import { guarded, moderationView, type Rules } from "../../core/discussion/decide.ts";
import { ruleText } from "../../core/events/mod.ts";
import { addAll } from "../projections/appendable.ts";
import { type Entry, isEarly, wasAsked } from "../projections/entries.ts";
import { cannotTell, type Finding, notLoaded } from "./checks.ts";
import type { Checker, Watched } from "./declaration.ts";
import { Conformity, type CountedCases } from "./tallies.ts";

/** The counts of a {@linkcode ModerationChecker}. */
type CountedModeration = Readonly<{
  turns: CountedCases;
  declared: ReadonlySet<string>;
  unknown: ReadonlySet<string>;
}>;

/** Checks after each turn whether the moderator is asked as the schedule declares. */
export class ModerationChecker implements Checker<CountedModeration> {
  readonly #rules: Rules;
  readonly #turns = new Conformity();
  readonly #declared = new Set<string>();
  readonly #unknown = new Set<string>();

  constructor(rules: Rules) {
    this.#rules = rules;
  }

  entry(discussion: Watched, entry: Entry): void {
    if (entry.kind === "said" && wasAsked(entry)) this.#settle(discussion, entry.by === "moderator");
    // If a discussion ends early, it may end before its moderator was asked. So its last turn is not checked.
    if (entry.kind === "end" && !isEarly(entry)) this.#settle(discussion, false);
  }

  counted(): CountedModeration {
    return { turns: this.#turns.counted(), declared: this.#declared, unknown: this.#unknown };
  }

  append({ turns, declared, unknown }: CountedModeration): void {
    this.#turns.append(turns);
    addAll(this.#declared, declared);
    addAll(this.#unknown, unknown);
  }

  #settle(discussion: Watched, asked: boolean): void {
    const { state, design, logged } = discussion;
    const where = (what: string) => `${what} after turn ${state.turn - 1} of ${logged.id}`;
    const { moderator } = design;
    if (moderator === null) {
      if (asked) this.#turns.add(false, () => where("a moderator was asked, although none is declared,"));
      return;
    }
    const schedule = this.#rules.schedules.get(moderator.schedule.name);
    if (schedule === undefined) {
      this.#unknown.add(ruleText(moderator.schedule));
      return;
    }
    if (state.moderated) {
      if (asked) this.#turns.add(false, () => where("asked again"));
      return;
    }
    this.#declared.add(ruleText(moderator.schedule));
    const { name, options } = moderator.schedule;
    const due = guarded("moderation schedule", name, () => schedule.isDue(moderationView(state), options));
    this.#turns.add(due === asked, () => where(asked ? "asked" : "not asked"));
  }

  findings(): readonly Finding[] {
    const check = "moderator schedule";
    const unknown = [...this.#unknown].map((schedule) => cannotTell(check, schedule, notLoaded([schedule])));
    const finding = this.#turns.finding(check, {
      declared: [...this.#declared].join("; ") || "no moderator",
      basis: "the moderator is asked after exactly the turns that the schedule gives",
      none: "no discussion has a moderator",
    });
    return unknown.length > 0 && finding.unavailable !== undefined ? unknown : [finding, ...unknown];
  }
}
