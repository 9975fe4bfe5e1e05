/** How names and texts are stored: PostgreSQL has no U+0000, and no half of a pair of surrogates. */

/** The stored form of a name. Names without `%` and U+0000 are stored as they are. */
export function storedName(name: string): string {
  if (!name.isWellFormed()) {
    throw new RangeError(`Cannot store the name "${name}": it contains half of a pair of surrogates`);
  }
  return name.replace(/[%\0]/g, (char) => char === "%" ? "%25" : "%00");
}

/** The name with this stored form. */
export function nameOf(stored: string): string {
  return stored.includes("%") ? decodeURIComponent(stored) : stored;
}

/**
 * Whether a text can be stored unchanged. A line of correct JSON always can, because JSON escapes all other characters.
 */
export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** A list of texts as PostgreSQL writes it. */
export function textArray(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;
}

/** A list of numbers as PostgreSQL writes it. */
export function intArray(numbers: readonly number[]): string {
  return `{${numbers.join(",")}}`;
}
