/** Tallies kept for each condition, and put together where conditions are independent. */

/** What a tally can do besides counting. */
export interface Mergeable {
  /** Takes in what another tally of its kind counted. */
  merge(other: this): void;
}

/** A tally of what was declared alike, in one condition or in all. */
export type Grouped<T> = Readonly<{ condition: string | null; declared: string; tally: T }>;

/** Tallies by condition and by what was declared. */
export class ByCondition<T extends Mergeable> {
  readonly #make: () => T;
  readonly #groups = new Map<string, { declared: string; conditions: Map<string, T> }>();

  /** @param make Makes an empty tally. */
  constructor(make: () => T) {
    this.#make = make;
  }

  /**
   * The tally of a condition.
   *
   * @param condition Its label.
   * @param declared What was declared, for people.
   * @param key Tells apart what was not declared alike: only what was is counted together.
   */
  of(condition: string, declared: string, key: string = declared): T {
    let group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, group = { declared, conditions: new Map() });
    let tally = group.conditions.get(condition);
    if (tally === undefined) group.conditions.set(condition, tally = this.#make());
    return tally;
  }

  /** All tallies. @param shared Whether conditions share draws, so that they cannot be put together. */
  grouped(shared: boolean): readonly Grouped<T>[] {
    return [...this.#groups.values()].flatMap(({ declared, conditions }): Grouped<T>[] => {
      if (shared && conditions.size > 1) {
        return [...conditions].map(([condition, tally]) => ({ condition, declared, tally }));
      }
      const all = this.#make();
      for (const tally of conditions.values()) all.merge(tally);
      return [{ condition: null, declared, tally: all }];
    });
  }
}
