/**
 * Tallies for several threads. Each thread counts some logs. One tally then gets all counts, in the order of
 * the logs.
 */

/**
 * A tally of logs whose counts can be added to another tally of the same kind. The other tally has counted the
 * logs before these. After adding, it equals a tally that counted all logs itself, to the last digit and in the
 * same order.
 */
export interface Appendable<Counted> {
  /** The counts so far, as plain data that can be sent to another thread. */
  counted(): Counted;
  /** Adds the counts of the logs that come next. */
  append(counted: Counted): void;
}

/**
 * `isForAppending`: whether the counts will be added to another tally. If so, nothing is left out, even beyond
 * limits.
 */
export type TallyOptions = Readonly<{ isForAppending?: boolean }>;

/** How many entries a tally keeps: `max`, or all if its counts will be added to another tally. */
export function limitOf(max: number, { isForAppending = false }: TallyOptions): number {
  return isForAppending ? Infinity : max;
}

/** A sum whose last digits depend on the order of its addends. */
export class OrderedSum implements Appendable<Float64Array> {
  readonly #addends: number[] | null;
  #sum = 0;

  /** Begins with 0. */
  constructor({ isForAppending = false }: TallyOptions = {}) {
    this.#addends = isForAppending ? [] : null;
  }

  /** The sum so far. */
  get sum(): number {
    return this.#sum;
  }

  /** Adds a number. */
  add(addend: number): void {
    // Adding 0 does not change a sum, so it need not be kept.
    if (addend === 0) return;
    this.#sum += addend;
    this.#addends?.push(addend);
  }

  /** See {@linkcode Appendable}: the addends. */
  counted(): Float64Array {
    return Float64Array.from(this.#addends!);
  }

  /** See {@linkcode Appendable}. */
  append(addends: Float64Array): void {
    for (const addend of addends) this.add(addend);
  }
}

/** Adds counts to the counts with the same keys. */
export function addCounts<Key extends string>(
  sum: Record<Key, number>,
  counts: Readonly<Record<Key, number>>,
): void {
  for (const key of Object.keys(counts) as Key[]) sum[key] += counts[key];
}

/** Adds values to a set, in their order. */
export function addAll<T>(set: Set<T>, values: Iterable<T>): void {
  for (const value of values) set.add(value);
}
