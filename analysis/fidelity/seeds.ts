/** Finds discussions that make the same draws. */
import type { Appendable, TallyOptions } from "../projections/appendable.ts";
import { entryOf } from "../projections/distinct.ts";

/** The seed of a discussion, and its condition. */
export type SeedUse = readonly [seed: string, condition: string];

/** How seeds are counted: other tallies have counted discussions that made these draws. */
export type SeedOptions = TallyOptions & Readonly<{ drawn?: readonly SeedUse[] }>;

/** Discussions with the same seed make the same draws. Conditions of a matched design share seeds. */
export class SeedTally implements Appendable<readonly SeedUse[]> {
  /** Seed → the conditions of the discussions with this seed; almost always one, so a text takes less memory. */
  readonly #conditions = new Map<string, string | Set<string>>();
  /** Each condition once: discussions from other threads have copies of its text. */
  readonly #names = new Map<string, string>();
  #added: SeedUse[] | null;
  #areShared = false;

  /** @param options With `drawn`, discussions with these seeds and conditions were counted before. */
  constructor({ isForAppending = false, drawn = [] }: SeedOptions = {}) {
    this.#added = null;
    this.append(drawn);
    if (isForAppending) this.#added = [];
  }

  /** Whether several conditions use the same seed. */
  get areShared(): boolean {
    return this.#areShared;
  }

  /** Adds a discussion. @returns Whether it is the first discussion with this seed and this condition. */
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

  /** The uses among these that earlier discussions have, too. */
  repeated(uses: readonly SeedUse[]): readonly SeedUse[] {
    return uses.filter(([seed, condition]) => this.#has(seed, condition));
  }

  /** All uses of seeds, if there are at most as many as this; otherwise none. */
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
