/** Finds discussions that make the same random draws, because they have the same seed. */
import type { Appendable, TallyOptions } from "../projections/appendable.ts";
import { entryOf } from "../projections/distinct.ts";

/** The seed of a discussion, and the discussion's condition. */
export type SeedUse = readonly [seed: string, condition: string];

/**
 * The options of a tally of seeds. `drawn`: the seeds and conditions of discussions that other tallies have
 * counted.
 */
export type SeedOptions = TallyOptions & Readonly<{ drawn?: readonly SeedUse[] }>;

/** Counts the seeds of discussions. In a matched design, discussions of different conditions have the same seed. */
export class SeedTally implements Appendable<readonly SeedUse[]> {
  /**
   * Seed → the conditions of the discussions with this seed. There is almost always one, stored as a text to
   * save memory.
   */
  readonly #conditions = new Map<string, string | Set<string>>();
  /** Condition → one text that is used for all its discussions, because other threads send a new copy for each. */
  readonly #names = new Map<string, string>();
  #added: SeedUse[] | null;
  #areShared = false;

  /** @param options Discussions with the seeds and conditions in `drawn` count as counted before. */
  constructor({ isForAppending = false, drawn = [] }: SeedOptions = {}) {
    this.#added = null;
    this.append(drawn);
    if (isForAppending) this.#added = [];
  }

  /** Whether several conditions use the same seed. */
  get areShared(): boolean {
    return this.#areShared;
  }

  /**
   * Adds a discussion.
   *
   * @returns Whether it is the first discussion with this seed and this condition.
   */
  add(seed: string, condition: string): boolean {
    if (this.#has(seed, condition)) return false;
    const name = entryOf(this.#names, condition, () => condition);
    const others = this.#conditions.get(seed);
    if (others === undefined) this.#conditions.set(seed, name);
    else if (typeof others === "string") this.#conditions.set(seed, new Set([others, name]));
    else others.add(name);
    if (others !== undefined) this.#areShared = true;
    this.#added?.push([seed, condition]);
    return true;
  }

  /** Those `uses` that earlier discussions have, too. */
  repeated(uses: readonly SeedUse[]): readonly SeedUse[] {
    return uses.filter(([seed, condition]) => this.#has(seed, condition));
  }

  /** All uses of seeds so far; an empty list if there are more than `max`. */
  usesIfFew(max: number): readonly SeedUse[] {
    if (this.#conditions.size > max) return [];
    const uses = [...this.#conditions].flatMap(([seed, conditions]) =>
      (typeof conditions === "string" ? [conditions] : [...conditions]).map((one) => [seed, one] as const)
    );
    return uses.length > max ? [] : uses;
  }

  #has(seed: string, condition: string): boolean {
    const conditions = this.#conditions.get(seed);
    return typeof conditions === "string" ? conditions === condition : conditions?.has(condition) ?? false;
  }

  counted(): readonly SeedUse[] {
    return this.#added!;
  }

  append(uses: readonly SeedUse[]): void {
    for (const [seed, condition] of uses) this.add(seed, condition);
  }
}
