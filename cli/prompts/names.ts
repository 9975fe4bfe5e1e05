/** Names conditions, speakers or models in a line. */
import { formatCount } from "../terminal/numbers.ts";

/** At most this many names are shown. */
const SHOWN_MAX = 6;

/** The names: `a, b, c`, or `a, b, c, d, e, f and 294 more`. */
export function named(names: readonly string[]): string {
  const rest = names.length - SHOWN_MAX;
  const shown = names.slice(0, SHOWN_MAX).join(", ");
  return rest > 0 ? `${shown} and ${formatCount(rest)} more` : shown;
}
