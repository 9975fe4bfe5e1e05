/** How series are told apart: by colour, by dashes and by symbols, so that any one of them will do. */

/** How a series looks. */
export type SeriesLook = Readonly<
  { colour: string; dashes: string; symbol: "circle" | "square" | "triangle" | "diamond" | "star" }
>;

const SYMBOLS = [
  ["circle", ""],
  ["square", "7 3"],
  ["triangle", "2 3"],
  ["diamond", "9 3 2 3"],
  ["star", "14 4"],
] as const;

/** How many series one plot can hold. */
export const SERIES_MAX: number = SYMBOLS.length;

/** @param index The place of the series in its plot, below {@linkcode SERIES_MAX}. */
export function seriesLook(index: number): SeriesLook {
  const [symbol, dashes] = SYMBOLS[index]!;
  return { colour: `var(--series-${index + 1})`, dashes, symbol };
}
