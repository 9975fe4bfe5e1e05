/** Tallies that several threads make: each counts some logs, and one of them gets all counts, in the order of the logs. */

/**
 * A tally of logs whose counts can go to another tally of the same kind. A tally that counts some logs, and then gets the
 * counts of the logs that follow, is equal to a tally that counts all of them: to the last digit, and in the same order.
 */
export interface Appendable<Counted> {
  /** The counts so far as plain data, which can go to another thread. */
  counted(): Counted;
  /** Adds the counts of the logs that follow those counted so far. */
  append(counted: Counted): void;
}

/** Whether a tally only makes counts for another tally. It then keeps everything, also what the other one will not keep. */
export type TallyOptions = Readonly<{ isForAppending?: boolean }>;

/** The limit of what a tally keeps. */
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
    // Zero changes no sum.
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

/** Adds values that a set does not have yet, in their order. */
export function addAll<T>(set: Set<T>, values: Iterable<T>): void {
  for (const value of values) set.add(value);
}
