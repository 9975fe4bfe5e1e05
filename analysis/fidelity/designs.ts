/** Checks that discussions have the planned designs and the declared number of turns. */
import type { DiscussionDesign, Envelope } from "../../core/events/mod.ts";
import { isSameJson } from "../../core/json.ts";
import { type Entry, isEarly } from "../projections/entries.ts";
import { cannotTell, type Finding, ruleFinding } from "./checks.ts";
import { addAll, addCounts } from "../projections/appendable.ts";
import { Conformity, type CountedCases } from "./tallies.ts";
import type { Checker, Declaration, Watched } from "./declaration.ts";

/** The counts of a {@linkcode DesignChecker}. */
type CountedDesigns = Readonly<{
  designs: CountedCases;
  turns: CountedCases;
  copies: CountedCases;
  lengths: ReadonlySet<number>;
  counts: Readonly<Record<"opened" | "ended" | "early" | "undeclared", number>>;
}>;

export class DesignChecker implements Checker<CountedDesigns> {
  readonly #declaration: Declaration;
  readonly #designs = new Conformity();
  readonly #turns = new Conformity();
  readonly #copies = new Conformity();
  readonly #lengths = new Set<number>();
  /** `undeclared`: discussions that reached their end, but have no declared length. */
  readonly #counts = { opened: 0, ended: 0, early: 0, undeclared: 0 };

  constructor(declaration: Declaration) {
    this.#declaration = declaration;
  }

  opened({ logged, design, declared }: Watched): void {
    this.#counts.opened++;
    if (hasDeclaredLength({ logged, declared })) this.#lengths.add(design.turns);
    const { planned } = this.#declaration;
    if (planned === undefined) return;
    const expected = planned(logged);
    // The plan does not have this branch, because a program made it with `forkDiscussion()`.
    if (logged.forkedFrom !== undefined && expected?.forkedFrom === undefined) return;
    const differing = expected === null
      ? ["the plan does not have this discussion"]
      : differencesOf(logged, expected);
    this.#designs.add(differing.length === 0, () => `${logged.id}: ${differing.join(", ")}`);
  }

  copied({ logged }: Watched, { seq, type, data }: Envelope): void {
    const past = this.#declaration.pastOf?.(logged.forkedFrom!) ?? null;
    if (past === null) return;
    // The first event of a branch opens the branch. It is not a copy of the first event of the past.
    const original = past.events[seq - 1]?.event;
    const isSame = original !== undefined && isSameJson(original, { type, data });
    this.#copies.add(isSame, () => `event ${seq} of ${logged.id}`);
  }

  entry(discussion: Watched, entry: Entry): void {
    if (entry.kind !== "end") return;
    const { state, design, logged } = discussion;
    if (isEarly(entry)) {
      this.#counts.early++;
      return;
    }
    this.#counts.ended++;
    if (!hasDeclaredLength(discussion)) {
      this.#counts.undeclared++;
      return;
    }
    this.#turns.add(state.turn === design.turns, () => `${state.turn} turns of ${logged.id}`);
  }

  counted(): CountedDesigns {
    return {
      designs: this.#designs.counted(),
      turns: this.#turns.counted(),
      copies: this.#copies.counted(),
      lengths: this.#lengths,
      counts: this.#counts,
    };
  }

  append({ designs, turns, copies, lengths, counts }: CountedDesigns): void {
    this.#designs.append(designs);
    this.#turns.append(turns);
    this.#copies.append(copies);
    addAll(this.#lengths, lengths);
    addCounts(this.#counts, counts);
  }

  findings(): readonly Finding[] {
    const early = this.#counts.early === 0 ? "" : `; ended early, on purpose: ${this.#counts.early}`;
    return [
      this.#number(),
      this.#designs.finding("designs", {
        declared: "the experiment's plan",
        basis: "the plan has the same personas, roles, openings, past, rules, prompts and models",
        none: "the experiment of the discussions is not known",
      }),
      ...this.#copies.cases === 0 ? [] : [this.#copies.finding("copies of the past", {
        declared: "the past in the experiment's files",
        basis: "branches begin with the same events",
        none: "there are no branches",
      })],
      this.#turns.finding("turn counts", {
        declared: `${[...this.#lengths].sort((a, b) => a - b).join("; ")} turns`,
        basis: `discussions that reached their end have as many turns as declared${early}`,
        none: this.#counts.undeclared > 0
          ? "the number of turns was not declared"
          : "no discussion has reached its end",
      }),
    ];
  }

  #number(): Finding {
    const check = "discussions";
    const { discussions } = this.#declaration;
    const declared = discussions === undefined ? "" : `${discussions} discussions`;
    if (discussions === undefined) {
      return cannotTell(check, declared, "the number of planned discussions is not known");
    }
    const ended = this.#counts.ended + this.#counts.early;
    if (ended < discussions) {
      return cannotTell(check, declared, `only ${ended} of ${discussions} have ended so far`);
    }
    return ruleFinding(check, {
      declared,
      observed: { count: ended, of: discussions, unit: "share" },
      expected: discussions,
      basis: `all planned discussions have ended; ${this.#counts.opened} were opened`,
    });
  }
}

/**
 * Whether the number of turns was declared. An imported discussion's design has only the number of turns in its
 * file.
 */
function hasDeclaredLength({ logged, declared }: Pick<Watched, "logged" | "declared">): boolean {
  return logged.imported === undefined || declared.turns !== undefined;
}

/** The fields of a design that differ from the plan. */
function differencesOf(logged: DiscussionDesign, planned: DiscussionDesign): string[] {
  const parts = new Set([...Object.keys(logged), ...Object.keys(planned)]) as Set<keyof DiscussionDesign>;
  // The plan does not contain the version of the rules that read replies. It is chosen when the discussion opens.
  parts.delete("reading");
  return [...parts].filter((part) => !isSameJson(logged[part], planned[part]));
}
