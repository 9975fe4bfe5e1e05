/** Whether the moderator was asked when the schedule says so. */
import { guarded, type Rules } from "../../core/discussion/decide.ts";
import { moderationView } from "../../core/discussion/views.ts";
import { ruleText } from "../../core/events/mod.ts";
import { type Entry, isEarly } from "../projections/entries.ts";
import { cannotTell, type Finding } from "./check.ts";
import { Conformity } from "./conformity.ts";
import { notLoaded } from "./rule_text.ts";
import type { Checker, Watched } from "./watched.ts";

/** Checks the moderator's schedule, turn by turn. */
export class ModerationChecker implements Checker {
  readonly #rules: Rules;
  readonly #turns = new Conformity();
  readonly #declared = new Set<string>();
  readonly #unknown = new Set<string>();

  /** @param rules The schedules by name. */
  constructor(rules: Rules) {
    this.#rules = rules;
  }

  entry(discussion: Watched, entry: Entry): void {
    if (entry.kind === "said" && entry.by !== "opening") this.#settle(discussion, entry.by === "moderator");
    // A discussion that ends early may end before the moderator can be asked.
    if (entry.kind === "end" && !isEarly(entry)) this.#settle(discussion, false);
  }

  #settle(discussion: Watched, asked: boolean): void {
    const { state, design, logged } = discussion;
    const where = (what: string) => `${what} after turn ${state.turn - 1} of ${logged.id}`;
    const { moderator } = design;
    if (moderator === null) {
      if (asked) this.#turns.add(false, () => where("a moderator, none being declared, spoke"));
      return;
    }
    const schedule = this.#rules.schedules.get(moderator.schedule.name);
    if (schedule === undefined) {
      this.#unknown.add(ruleText(moderator.schedule));
      return;
    }
    if (state.moderated) {
      if (asked) this.#turns.add(false, () => where("asked once more"));
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
      basis: "after each turn the moderator is asked, or not, as the schedule says",
      none: "no discussion has a moderator",
    });
    return unknown.length > 0 && finding.unavailable !== undefined ? unknown : [finding, ...unknown];
  }
}
