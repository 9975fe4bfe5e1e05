/** Numbers in the place of things that are compared often: equal things, equal numbers. */

/** Numbers from 0 on, in the order in which things are first met. */
export class Numbering<T> {
  readonly #numbers = new Map<T, number>();

  /** How many different things were met. */
  get size(): number {
    return this.#numbers.size;
  }

  /** The number of a thing: strings and numbers are the same where they are equal. */
  of(thing: T): number {
    const known = this.#numbers.get(thing);
    if (known !== undefined) return known;
    const number = this.#numbers.size;
    this.#numbers.set(thing, number);
    return number;
  }

  /** The numbers of things in their order. */
  ofAll(things: ArrayLike<T>): Uint32Array {
    const numbers = new Uint32Array(things.length);
    for (let at = 0; at < things.length; at++) numbers[at] = this.of(things[at]!);
    return numbers;
  }
}
