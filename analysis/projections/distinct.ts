/** Counts how often different values occur. Only a limited number of different values is kept. */

import { type Appendable, limitOf, type TallyOptions } from "./appendable.ts";

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

/** Different values with their keys and counts, in the order in which they occurred first. */
export type CountedValues<T> = readonly (readonly [key: string | number, value: T, count: number])[];

export class Distinct<T> implements Appendable<CountedValues<T>> {
  readonly #max: number;
  readonly #entries = new Map<string | number, { value: T; count: number }>();
  #complete = true;

  constructor(options: TallyOptions = {}, max = DISTINCT_MAX) {
    this.#max = limitOf(max, options);
  }

  /**
   * Counts a value.
   *
   * @param count How often the value occurred. Default: once.
   * @returns The value that is kept; `null` if there are too many different values.
   */
  add(key: string | number, value: () => T, count = 1): T | null {
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      if (this.#entries.size >= this.#max) {
        this.#complete = false;
        return null;
      }
      this.#entries.set(key, entry = { value: value(), count: 0 });
    }
    entry.count += count;
    return entry.value;
  }

  counted(): CountedValues<T> {
    return [...this.#entries].map(([key, { value, count }]) => [key, value, count]);
  }

  append(counted: CountedValues<T>): void {
    for (const [key, value, count] of counted) this.add(key, () => value, count);
  }

  values(): DistinctValues<T> {
    return { values: [...this.#entries.values()], complete: this.#complete };
  }
}

/** Counts a value that can be its own key. */
export function tally<T extends string | number>(counts: Distinct<T>, value: T): void {
  counts.add(value, () => value);
}

/** The value of a setting, and the conditions that have this value. */
export type Use<T> = Readonly<{
  setting: T;
  /** The conditions, and how often the value occurs in each of them. */
  conditions: DistinctValues<string>;
}>;

type Used<T> = { setting: T; conditions: Distinct<string> };

/** Settings with their conditions, in the order in which they occurred first. */
export type CountedUses<T> = CountedValues<Readonly<{ setting: T; conditions: CountedValues<string> }>>;

export class Uses<T> implements Appendable<CountedUses<T>> {
  readonly #options: TallyOptions;
  readonly #values: Distinct<Used<T>>;

  constructor(options: TallyOptions = {}) {
    this.#options = options;
    this.#values = new Distinct(options);
  }

  /**
   * Counts the value of a setting.
   *
   * @param setting The value. Values with equal JSON are counted together.
   */
  add(setting: T, condition: string): void {
    const key = JSON.stringify(setting);
    const used = this.#used(key, setting, 1);
    if (used !== null) tally(used.conditions, condition);
  }

  #used(key: string | number, setting: T, count: number): Used<T> | null {
    return this.#values.add(key, () => ({ setting, conditions: new Distinct(this.#options) }), count);
  }

  counted(): CountedUses<T> {
    return this.#values.counted().map(([key, { setting, conditions }, count]) =>
      [key, { setting, conditions: conditions.counted() }, count] as const
    );
  }

  append(counted: CountedUses<T>): void {
    for (const [key, { setting, conditions }, count] of counted) {
      this.#used(key, setting, count)?.conditions.append(conditions);
    }
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

/** Returns the entry with this name. If there is none, it is made and added. */
export function entryOf<T>(entries: Map<string, T>, name: string, make: () => T): T {
  let entry = entries.get(name);
  if (entry === undefined) entries.set(name, entry = make());
  return entry;
}

/** Appends counts to the entries with the same names. Missing entries are made. */
export function appendEntries<Counted, T extends Appendable<Counted>>(
  entries: Map<string, T>,
  counted: Iterable<readonly [name: string, counted: Counted]>,
  make: () => T,
): void {
  for (const [name, one] of counted) entryOf(entries, name, make).append(one);
}

/** The counted entries of a map. */
export function countedEntries<Counted>(
  entries: ReadonlyMap<string, Appendable<Counted>>,
): readonly (readonly [name: string, counted: Counted])[] {
  return [...entries].map(([name, one]) => [name, one.counted()] as const);
}
