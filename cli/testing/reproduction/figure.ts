/** A published figure beside what a report says of it. */

/** When two figures agree. */
export type Agreement =
  /** When they are the same. */
  | "exactly"
  /** When they are the same once they are rounded to so many significant digits. */
  | Readonly<{ digits: number }>
  /** When they differ by no more than this. */
  | Readonly<{ within: number }>;

/** A figure that was compared. */
export type Figure = Readonly<{
  name: string;
  /** The file of the report that it was found in. */
  file: string;
  /** Both as they were compared. */
  expected: string;
  found: string;
  agrees: boolean;
}>;

/** What a figure is, and the file of the report that it is found in. */
export type Place = Pick<Figure, "name" | "file">;

/** What stands where a report does not have a figure. */
const NONE = "none";

/**
 * Compares a number.
 *
 * @param place What it is, and where it was found.
 * @param expected The published one, and that of the report: `null` where it has none.
 * @param agreement When they agree.
 */
export function comparedNumber(
  place: Place,
  { expected, found }: Readonly<{ expected: number; found: number | null }>,
  agreement: Agreement,
): Figure {
  const textOf = (figure: number) => numberText(figure, agreement);
  const both = { expected: textOf(expected), found: found === null ? NONE : textOf(found) };
  const agrees = found !== null &&
    (typeof agreement === "object" && "within" in agreement
      ? Math.abs(found - expected) <= agreement.within
      : both.found === both.expected);
  return { ...place, ...both, agrees };
}

/** Compares a text: it agrees where it is the same. */
export function comparedText(
  place: Place,
  { expected, found }: Readonly<{ expected: string; found: string | null }>,
): Figure {
  return { ...place, expected, found: found ?? NONE, agrees: found === expected };
}

function numberText(figure: number, agreement: Agreement): string {
  if (agreement === "exactly") return String(figure);
  if ("digits" in agreement) return figure.toPrecision(agreement.digits);
  // One decimal more than the difference that counts, so that it can be seen.
  return figure.toFixed(Math.ceil(-Math.log10(agreement.within)) + 1);
}
