/** Different values and how often they occur, within limits. */

/** At most this many different values are kept. */
const DISTINCT_MAX = 200;

/** A value and how often it occurs. */
export type Occurrence<T> = Readonly<{ value: T; count: number }>;

/** Different values, in the order in which they occurred first. */
export type DistinctValues<T> = Readonly<{
  values: readonly Occurrence<T>[];
  /** Whether all different values were kept. */
  complete: boolean;
}>;

export class Distinct<T> {
  readonly #max: number;
  readonly #entries = new Map<string | number, { value: T; count: number }>();
  #complete = true;

  constructor(max = DISTINCT_MAX) {
    this.#max = max;
  }

  /** Counts a value. @returns The value that is kept; `null` if there are too many different values. */
  add(key: string | number, value: () => T): T | null {
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      if (this.#entries.size >= this.#max) {
        this.#complete = false;
        return null;
      }
      this.#entries.set(key, entry = { value: value(), count: 0 });
    }
    entry.count++;
    return entry.value;
  }

  values(): DistinctValues<T> {
    return { values: [...this.#entries.values()], complete: this.#complete };
  }
}

/** Counts a value that is its own key. */
export function tally<T extends string | number>(counts: Distinct<T>, value: T): void {
  counts.add(value, () => value);
}

/** A setting's value, and the conditions that have it. */
export type Use<T> = Readonly<{
  setting: T;
  /** The conditions, with how often the setting occurs in each. */
  conditions: DistinctValues<string>;
}>;

type Used<T> = { setting: T; conditions: Distinct<string> };

export class Uses<T> {
  readonly #values = new Distinct<Used<T>>();

  /** Counts a setting. @param setting Settings with equal JSON are equal. */
  add(setting: T, condition: string): void {
    const key = JSON.stringify(setting);
    const used = this.#values.add(key, () => ({ setting, conditions: new Distinct() }));
    if (used !== null) tally(used.conditions, condition);
  }

  values(): DistinctValues<Use<T>> {
    const { values, complete } = this.#values.values();
    const uses = values.map(({ value: { setting, conditions }, count }) => ({
      value: { setting, conditions: conditions.values() },
      count,
    }));
    return { values: uses, complete };
  }
}

/** The entry with this name, which is made if there is none. */
export function entryOf<T>(entries: Map<string, T>, name: string, make: () => T): T {
  let entry = entries.get(name);
  if (entry === undefined) entries.set(name, entry = make());
  return entry;
}
