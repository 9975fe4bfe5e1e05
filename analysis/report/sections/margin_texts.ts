/** The results of tests of equivalence, as parts of sentences. */
import type { AdjustedTest } from "../../outcomes/mod.ts";
import type { Interval } from "../../statistics/distributions.ts";
import { isUnavailable, type Unavailable } from "../../statistics/unavailable.ts";
import { equalsP } from "./effect_results.ts";
import { formatted, type Unit } from "./outcome_units.ts";

/** The margin with its unit, such as `the margin of ±0.50 points`. */
function marginText(margin: number, unit: Unit): string {
  return `the margin of ±${formatted(margin, margin, unit)}${unit.name === "" ? "" : ` ${unit.name}`}`;
}

/** A clause that says whether the effect lies within its declared margin. Empty if no margin is declared. */
export function equivalenceText(
  equivalence: AdjustedTest["equivalence"],
  { interval, unit }: Readonly<{ interval: Interval | Unavailable; unit: Unit }>,
  alpha: number,
): string {
  if (equivalence === null) return "";
  if (isUnavailable(equivalence)) {
    return `; whether it lies within its margin could not be tested: ${equivalence.unavailable}`;
  }
  const { margin, p, adjusted } = equivalence;
  const limits = marginText(margin, unit);
  const tested = `p of equivalence ${equalsP(adjusted ?? p)}`;
  if (!isUnavailable(interval) && (interval.lower > margin || interval.upper < -margin)) {
    return `; the whole interval lies beyond ${limits}`;
  }
  return (adjusted ?? p) < alpha
    ? `; the effect is shown to lie within ${limits} (${tested})`
    : `; an effect beyond ${limits} is not excluded (${tested})`;
}

/**
 * A sentence that says how many of some effects are shown to lie within their margin. Empty if no margin is
 * declared.
 */
export function withinText(
  tests: readonly Pick<AdjustedTest, "equivalence">[],
  unit: Unit,
  alpha: number,
): string {
  const found = tests.flatMap(({ equivalence }) =>
    equivalence === null || isUnavailable(equivalence) ? [] : [equivalence]
  );
  const [first] = found;
  if (first === undefined) return "";
  const within = found.filter(({ p, adjusted }) => (adjusted ?? p) < alpha).length;
  const limits = marginText(first.margin, unit);
  return within === 0
    ? `None of these effects is shown to lie within ${limits}.`
    : `${within === found.length ? "All" : `${within}`} of these effects ${
      within === 1 ? "is" : "are"
    } shown to lie within ${limits}.`;
}
