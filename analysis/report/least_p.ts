/** Says how small a p can be that comes from random arrangements. */
import { formatCell, formatCount, P_SHOWN_MIN } from "./numbers.ts";
import { rangeText } from "./tables.ts";

/**
 * A sentence on the smallest p that random arrangements can give, with a space before it; empty if p can be as small as
 * the smallest p that tables show.
 *
 * @param used For each p, its number of random arrangements; `undefined` if it comes from none.
 */
export function leastPText(used: readonly (number | undefined)[]): string {
  const leastP = (arrangements: number) => 1 / (arrangements + 1);
  const few = used.filter((arrangements) => arrangements !== undefined)
    .filter((arrangements) => leastP(arrangements) > P_SHOWN_MIN);
  if (few.length === 0) return "";
  const p = (arrangements: number) => formatCell(leastP(arrangements), { kind: "p" });
  return ` With ${rangeText(few, formatCount)} random arrangements, p is at least ${
    [...new Set([Math.min(...few), Math.max(...few)].map(p))].join(" to ")
  }.`;
}
