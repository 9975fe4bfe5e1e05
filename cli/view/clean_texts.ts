/** Replaces private words in all texts of plain data. */
import type { PrivateWords } from "../../adapters/stores/archive/private_words.ts";

/** Replaces private words, and counts them. */
export class Cleaner {
  readonly #words: PrivateWords | null;
  #replaced = 0;

  /** @param words `null` to keep all words. */
  constructor(words: PrivateWords | null) {
    this.#words = words;
  }

  /** How many words were replaced. */
  get replaced(): number {
    return this.#replaced;
  }

  /** A copy of plain data with the replaced words, also in the names of members. */
  deep<Value>(value: Value): Value {
    return this.#words === null ? value : this.#copy(value) as Value;
  }

  #copy(value: unknown): unknown {
    if (typeof value === "string") return this.#text(value);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) {
      return typeof value[0] === "number" ? value : value.map((one) => this.#copy(one));
    }
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [this.#text(key), this.#copy(one)]));
  }

  #text(text: string): string {
    let found = 0;
    for (const _ of this.#words!.find(text)) found++;
    if (found === 0) return text;
    this.#replaced += found;
    return this.#words!.replace(text);
  }
}
