/** Reading what a model writes between the quotation marks of JSON, however badly it escapes. */

/** A text within quotation marks, as far as it has been written. */
export type Quoted = Readonly<{
  /** What it says. */
  value: string;
  /** How that was written, without the closing quotation mark and what comes after it. */
  raw: string;
  /** Whether it was closed, or is as long as it may be. */
  hasEnded: boolean;
}>;

const ESCAPES: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };

/** A quotation mark, an escape, half of one at the end, or a character. */
const UNIT = /"|\\u[0-9a-fA-F]{4}|\\u[0-9a-fA-F]{0,3}$|\\[^]|[^]/gu;

const HALF_ESCAPE = /^\\(?:u[0-9a-fA-F]{0,3})?$/;

/**
 * Reads a text. What JSON forbids is taken as it was meant: a line break for a line break, an unknown escape for the
 * character behind it.
 *
 * @param written Everything after the opening quotation mark.
 * @param charactersMax How long the text may be.
 */
export function readQuoted(written: string, charactersMax: number): Quoted {
  let value = "";
  let raw = "";
  let characters = 0;
  for (const { 0: unit, index } of written.matchAll(UNIT)) {
    if (unit === '"') return { value: value.toWellFormed(), raw, hasEnded: true };
    const isLast = index + unit.length === written.length;
    if (isLast && HALF_ESCAPE.test(unit)) break;
    const read = unescaped(unit);
    // Two escapes can be the halves of one character: only whole ones count.
    const isSecondHalf = /[\ud800-\udbff]$/.test(value) && /^[\udc00-\udfff]/.test(read);
    if (!isSecondHalf && characters === charactersMax) {
      return { value: value.toWellFormed(), raw, hasEnded: true };
    }
    characters += isSecondHalf ? 0 : 1;
    value += read;
    raw += unit;
  }
  return { value: value.toWellFormed(), raw, hasEnded: false };
}

function unescaped(unit: string): string {
  if (unit.length === 6) return String.fromCharCode(parseInt(unit.slice(2), 16));
  return unit.startsWith("\\") ? ESCAPES[unit.slice(1)] ?? unit.slice(1) : unit;
}
