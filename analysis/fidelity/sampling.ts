/** Checks the draws before a discussion begins: personas, openings, roles, models. */
import type { DiscussionDesign } from "../../core/events/discussion_design.ts";
import type { Persona, Role } from "../../core/experiment/experiment.ts";
import { openDraw } from "../../core/random/mod.ts";
import type { Appendable, TallyOptions } from "../projections/appendable.ts";
import { appendEntries, countedEntries, entryOf } from "../projections/distinct.ts";
import {
  ByCondition,
  Conformity,
  type CountedByCondition,
  type CountedCases,
  type CountedRate,
  type Mergeable,
  Rate,
  rateFinding,
} from "./tallies.ts";
import type { ChanceTests } from "./chance_tests.ts";
import { cannotTell, type Finding } from "./checks.ts";
import type { Checker, Watched } from "./declaration.ts";

/** A message shows at most this many characters of a name or an opening. */
const SHOWN_LENGTH_MAX = 80;

type CountedDraws = Readonly<{ counts: ReadonlyMap<string, number>; draws: number; perDraw: number }>;

/** Counts how often each item of a list was drawn. */
class DrawTally implements Mergeable, Appendable<CountedDraws> {
  readonly counts = new Map<string, number>();
  draws = 0;
  perDraw = 0;

  add(pool: readonly string[], drawn: readonly string[]): void {
    for (const name of this.draws === 0 ? pool : []) this.counts.set(name, 0);
    this.draws++;
    this.perDraw = drawn.length;
    for (const name of drawn) this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  merge(other: DrawTally): void {
    this.append(other);
  }

  counted(): CountedDraws {
    const { counts, draws, perDraw } = this;
    return { counts, draws, perDraw };
  }

  append({ counts, draws, perDraw }: CountedDraws): void {
    for (const [name, count] of counts) this.counts.set(name, (this.counts.get(name) ?? 0) + count);
    this.draws += draws;
    this.perDraw = perDraw;
  }
}

type CountedLists = CountedByCondition<CountedDraws>;

/** The counts of a {@linkcode SamplingChecker}. */
type CountedSampling = Readonly<{
  personas: CountedLists;
  openings: CountedLists;
  models: CountedLists;
  roles: readonly (readonly [role: string, rates: CountedByCondition<CountedRate>])[];
  members: CountedCases;
}>;

/** Compares the draws of each discussion with the lists to draw from. */
export class SamplingChecker implements Checker<CountedSampling> {
  readonly #personas = drawTallies();
  readonly #openings = drawTallies();
  readonly #models = drawTallies();
  readonly #roles = new Map<string, ByCondition<Rate, CountedRate>>();
  readonly #members = new Conformity();
  readonly #newRates: () => ByCondition<Rate, CountedRate>;

  constructor(options: TallyOptions) {
    this.#newRates = () => new ByCondition(() => new Rate(options));
  }

  counted(): CountedSampling {
    return {
      personas: this.#personas.counted(),
      openings: this.#openings.counted(),
      models: this.#models.counted(),
      roles: countedEntries(this.#roles),
      members: this.#members.counted(),
    };
  }

  append({ personas, openings, models, roles, members }: CountedSampling): void {
    this.#personas.append(personas);
    this.#openings.append(openings);
    this.#models.append(models);
    appendEntries(this.#roles, roles, this.#newRates);
    this.#members.append(members);
  }

  opened({ logged, declared, isFresh }: Watched): void {
    // A branch has the draws of the discussion that it continues, so it is not counted again.
    if (logged.forkedFrom !== undefined || !isFresh) return;
    const { pinned, pinnedModel, others, roles, openings, participantModels } = declared;
    const { condition } = logged;
    if (others !== undefined) this.#addPersonas(logged, pinned ?? [], others);
    if (openings !== undefined && openings.length > 0) {
      const pool = openings.map((opening) => textOf(opening));
      this.#addDraw(this.#openings, condition, { pool, drawn: [textOf(logged.openings)], of: "openings" });
    }
    if (participantModels !== undefined && participantModels.length > 1) {
      const first = pinnedModel == null ? 0 : pinned?.length ?? 0;
      for (const { model } of logged.participants.slice(first)) {
        this.#addDraw(this.#models, condition, { pool: participantModels, drawn: [model], of: "models" });
      }
    }
    if (roles !== undefined) this.#addRoles(logged, roles);
  }

  #addPersonas(logged: DiscussionDesign, pinned: readonly Persona[], others: readonly Persona[]): void {
    const names = logged.participants.map(({ name }) => name);
    const first = names.slice(0, pinned.length);
    this.#members.add(
      pinned.every(({ name }) => first.includes(name)),
      () => `${first.join(", ")} of ${logged.id}`,
    );
    const drawn = names.slice(pinned.length);
    const pool = others.map(({ name }) => name);
    this.#addDraw(this.#personas, logged.condition, { pool, drawn, of: "personas" });
  }

  #addDraw(
    tallies: DrawTallies,
    condition: string,
    { pool, drawn, of }: Readonly<{ pool: readonly string[]; drawn: readonly string[]; of: string }>,
  ): void {
    const known = new Set(pool);
    for (const one of drawn) {
      this.#members.add(known.has(one), () => `${shown(one)} is not among the ${of}`);
    }
    // If some items of the list are equal, its different items are not equally likely. Such draws are not counted.
    if (known.size !== pool.length || !drawn.every((one) => known.has(one))) return;
    const declared = `${drawn.length} of ${pool.length} ${of}`;
    tallies.of(condition, declared, JSON.stringify([declared, pool])).add(pool, drawn);
  }

  /**
   * Adds the roles of a discussion. They were drawn one after the other, each among the participants without a role.
   * Some participants were kept free for later roles with a fixed count.
   */
  #addRoles({ participants, condition, id }: DiscussionDesign, roles: readonly Role[]): void {
    let free = participants.length;
    for (const [index, role] of roles.entries()) {
      const given = participants.filter((participant) => participant.role?.name === role.name).length;
      if ("count" in role) {
        const wanted = Math.min(role.count, free);
        this.#members.add(given === wanted, () => `${given} times ${role.name} in ${id}`);
      } else {
        const kept = roles.slice(index + 1).reduce(
          (sum, next) => sum + ("count" in next ? next.count : 0),
          0,
        );
        const rate = entryOf(this.#roles, role.name, this.#newRates).of(
          condition,
          `${role.name} with probability ${role.probability}`,
        );
        addRole(rate, { given, free, most: Math.max(0, free - kept), probability: role.probability });
      }
      free -= given;
    }
  }

  findings(shared: boolean, tests: ChanceTests): readonly Finding[] {
    const unknown = "the lists to draw from are not known";
    return [
      this.#members.finding("what was drawn", {
        declared: "the lists of the experiment",
        basis:
          "personas, openings and models are in the declared lists; roles with a fixed count occur as often as declared",
        none: unknown,
      }),
      ...drawFindings("sampling of personas", this.#personas, { shared, tests, none: unknown }),
      ...drawFindings("sampling of openings", this.#openings, { shared, tests, none: unknown }),
      ...drawFindings("sampling of models", this.#models, {
        shared,
        tests,
        none: "participants' models are not drawn",
      }),
      ...[...this.#roles].flatMap(([name, rates]) =>
        rates.grouped(shared).map(({ condition, declared, tally }) =>
          rateFinding(`share of role ${name}`, {
            condition,
            declared,
            rate: tally,
            ...(tally.isCount
              ? {
                unit: "share",
                basis: "participants with the role, among participants without an earlier role",
              } as const
              : {
                unit: "mean",
                basis:
                  "participants with the role in a discussion; some participants are kept free for other roles",
              } as const),
          }, tests)
        )
      ),
      ...(this.#roles.size === 0
        ? [cannotTell("role shares", "", "no role is drawn, or the roles are not known")]
        : []),
    ];
  }
}

function drawFindings(
  check: string,
  tallies: DrawTallies,
  { shared, tests, none }: Readonly<{ shared: boolean; tests: ChanceTests; none: string }>,
): readonly Finding[] {
  const groups = tallies.grouped(shared);
  if (groups.length === 0) return [cannotTell(check, "", none)];
  return groups.map(({ condition, declared, tally: { counts, draws, perDraw } }) => {
    if (perDraw === 0 || perDraw === counts.size) {
      return {
        ...cannotTell(
          check,
          declared,
          "each discussion has all of them or none, so nothing is left to chance",
        ),
        condition,
      };
    }
    const expected = draws * perDraw / counts.size;
    const [most, count] = [...counts].reduce((best, next) =>
      Math.abs(next[1] - expected) > Math.abs(best[1] - expected) ? next : best
    );
    const draw = openDraw("fidelity", check, condition ?? "", declared);
    return {
      check,
      condition,
      declared,
      observed: { count, of: draws, unit: "share" as const },
      expected,
      basis: `all are drawn equally often; the largest difference: ${shown(most)}`,
      test: tests.equalChances({ counts: [...counts.values()], draws, perDraw }, draw),
    };
  });
}

type DrawTallies = ByCondition<DrawTally, CountedDraws>;

function drawTallies(): DrawTallies {
  return new ByCondition(() => new DrawTally());
}

function shown(text: string): string {
  return text.length > SHOWN_LENGTH_MAX ? `${text.slice(0, SHOWN_LENGTH_MAX).toWellFormed()}…` : text;
}

/** The texts of an opening, which identify it. Its authors are drawn separately, so they do not count. */
function textOf(opening: readonly Readonly<{ text: string }>[]): string {
  if (opening.length === 0) return "no opening comment";
  return opening.map(({ text }) => JSON.stringify(text)).join(", ");
}

/**
 * Adds the number of participants with a drawn role. It is binomial among the `free` participants, but at most
 * `most`: the others are kept free for later roles.
 */
function addRole(
  rate: Rate,
  { given, free, most, probability }: Readonly<
    { given: number; free: number; most: number; probability: number }
  >,
): void {
  if (most >= free) {
    for (let nth = 0; nth < free; nth++) rate.addCase(nth < given, probability);
    return;
  }
  let [mean, square] = [0, 0];
  for (let count = 0; count <= free; count++) {
    const chance = binomial(free, count) * probability ** count * (1 - probability) ** (free - count);
    mean += chance * Math.min(count, most);
    square += chance * Math.min(count, most) ** 2;
  }
  rate.addFigure(given, mean, square - mean ** 2);
}

function binomial(n: number, k: number): number {
  let ways = 1;
  for (let nth = 1; nth <= k; nth++) ways *= (n - k + nth) / nth;
  return ways;
}
