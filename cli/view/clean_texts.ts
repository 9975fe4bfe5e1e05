/** Replaces private words in all texts of plain data. */
import type { PrivateWords } from "../../adapters/stores/archive/private_words.ts";

/** Replaces private words, and counts them. */
export class Cleaner {
  readonly #words: PrivateWords | null;
  readonly #renamed: readonly (readonly [text: string, other: string])[];
  #replaced = 0;

  /**
   * @param words The private words; `null` to replace nothing.
   * @param renamed Other texts → what replaces them, such as names of conditions that contain a path.
   */
  constructor(words: PrivateWords | null, renamed: ReadonlyMap<string, string> = new Map()) {
    this.#words = words;
    // The longest come first, because a condition's name contains the names of levels.
    this.#renamed = [...renamed].sort(([one], [other]) => other.length - one.length);
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
    if (Array.isArray(value)) return value.map((one) => this.#copy(one));
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [this.#text(key), this.#copy(one)]));
  }

  #text(given: string): string {
    let text = given;
    for (const [old, other] of this.#renamed) {
      const parts = text.split(old);
      this.#replaced += parts.length - 1;
      text = parts.join(other);
    }
    let found = 0;
    for (const _ of this.#words!.find(text)) found++;
    if (found === 0) return text;
    this.#replaced += found;
    return this.#words!.replace(text);
  }
}
