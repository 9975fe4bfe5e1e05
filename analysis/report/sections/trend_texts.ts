/** Clauses that compare the trends of an outcome at two or four combinations of levels. */
import { type AdjustedTest, type OutcomeComparisons, trendAt } from "../../outcomes/mod.ts";
import type { Interval } from "../../statistics/distributions.ts";
import type { Unavailable } from "../../statistics/unavailable.ts";
import { capital } from "../words.ts";
import { formatted, LOG_ODDS, type Unit } from "./outcome_units.ts";

/**
 * A clause that gives the trends that a test compares, and their difference.
 *
 * @param size.by Follows the unit, such as ` per turn`.
 * @returns `null` if the trends are not known, or if the test compares more than four trends.
 */
export function trendsClaim(
  { outcome, term: { contrasts, throughTurns } }: AdjustedTest,
  { estimate, interval, unit, by }: Readonly<
    { estimate: number; interval: Interval | Unavailable; unit: Unit; by: string }
  >,
  { trends }: Pick<OutcomeComparisons, "trends">,
): string | null {
  const known = trends.find((one) => one.outcome === outcome);
  const [first, second, ...more] = contrasts;
  if (known === undefined || !throughTurns || first === undefined || more.length > 0) return null;
  const figuresAt = (...levels: readonly string[]) =>
    trendAt(
      known.trends,
      contrasts.slice(0, levels.length).map(({ factor }, at) => ({ factor, level: levels[at]! })),
    )
      ?.figures;
  const text = (figure: number | Interval) => formatted(figure, interval, unit);
  const subject = unit === LOG_ODDS ? `the log odds of ${outcome}` : outcome;
  const name = unit.name === "" ? "" : ` ${unit.name}`;
  const size = text(Math.abs(estimate));
  const direction = estimate < 0 ? "lower" : "higher";
  if (second === undefined) {
    const [one, reference] = [figuresAt(first.level), figuresAt(first.reference)];
    if (one === undefined || reference === undefined) return null;
    return `With ${first.factor} ${first.level}, ${subject} changed by ${text(one.estimate)}${name}${by} (${
      text(one.interval)
    }), and with ${first.reference} by ${text(reference.estimate)} (${
      text(reference.interval)
    }): the trend was ${size} ${direction}`;
  }
  const [here, there] = [second.level, second.reference].map((level) => {
    const [one, reference] = [figuresAt(first.level, level), figuresAt(first.reference, level)];
    if (one === undefined || reference === undefined) return null;
    return {
      difference: text(one.estimate - reference.estimate),
      trends: `with ${first.level} by ${text(one.estimate)}, with ${first.reference} by ${
        text(reference.estimate)
      }`,
    };
  });
  if (here == null || there == null) return null;
  return `${
    capital(second.factor)
  } ${second.level}: ${subject} changed ${here.trends}${name}${by}, a difference of ${here.difference}. ${
    capital(second.factor)
  } ${second.reference}: ${there.trends}, a difference of ${there.difference}. With ${second.level}, the difference is ${size} ${direction} than with ${second.reference}`;
}
