/** Results of tests, each in one sentence that says the sign, the size in units of the scale, the interval and p. */
import { isMetric } from "../../../core/experiment/analysis_design.ts";
import { type AdjustedTest, type Contrast, isShare, type Outcome, rangeOf } from "../../outcomes/mod.ts";
import type { Interval } from "../../statistics/distributions.ts";
import { isUnavailable } from "../../statistics/unavailable.ts";
import { decimalsFor, formatCell, plural } from "../numbers.ts";
import { percent } from "../tables.ts";
import { capital } from "../words.ts";
import { comparisonText, equalsP, type Results } from "./effect_results.ts";

/** Tests of one effect in one sentence. Several tests are tests that find nothing. */
export function sentenceOf(tests: readonly AdjustedTest[], results: Results, alpha: number): string {
  const [first] = tests as [AdjustedTest];
  return tests.length > 1
    ? sentenceOfMany(tests, results, alpha)
    : isUnavailable(first.figures)
    ? `${first.outcome} by ${first.term.name} could not be tested: ${first.figures.unavailable}.`
    : sentenceOfOne(first, results, alpha);
}

function sentenceOfMany(tests: readonly AdjustedTest[], { compared }: Results, alpha: number): string {
  const [first] = tests as [AdjustedTest];
  const ofEffect = compared.tests.filter(({ outcome, effect }) =>
    outcome === first.outcome && effect === first.effect
  );
  const other = ofEffect.length > tests.length ? "other " : "";
  const what = `${first.outcome} by ${first.effect.join(" × ")}`;
  const tested = tests.filter(({ figures }) => !isUnavailable(figures));
  const rest = tests.length - tested.length;
  const [some] = tests.flatMap(({ figures }) => isUnavailable(figures) ? [figures.unavailable] : []);
  const untested = rest === 0 ? "" : `${plural(rest, "comparison")} of ${what} could not be tested: ${some}.`;
  if (tested.length === 0) return untested;
  const least = Math.min(...tested.map(({ adjusted }) => adjusted ?? 1));
  const shown = `No effect is shown in ${tested.length} ${other}${
    tested.length === 1 ? "comparison" : "comparisons"
  } of ${what}: the smallest corrected p is ${formatCell(least, { kind: "p" })}, not below ${
    Number(alpha.toPrecision(6))
  }.`;
  return `${shown}${untested === "" ? "" : ` ${untested}`}`;
}

function sentenceOfOne(test: AdjustedTest, { compared, analysis }: Results, alpha: number): string {
  const { outcome: name, term, figures, adjusted, confirmatory } = test;
  if (isUnavailable(figures)) {
    throw new TypeError(`Cannot write a sentence about "${name}": it has no figures`);
  }
  const outcome = compared.outcomes.find((one) => one.outcome.name === name)!.outcome;
  const unit = unitOf(outcome);
  const { estimate, interval } = figures;
  const direction = estimate < 0 ? "lower" : "higher";
  const size = `${formatted(Math.abs(estimate), interval, unit)} ${unit.name}`;
  const scale = unit.scale === "" ? "" : `, on the scale ${unit.scale}`;
  // A comparison ends with the levels at which it is estimated: `gentle − none, at model: small`.
  const held = /, at (.*)$/s.exec(comparisonText(test, compared))?.[1] ?? "";
  const [one, other] = term.contrasts;
  const range = isUnavailable(interval)
    ? `no interval, because ${interval.unavailable}`
    : `${percent(analysis.level)} interval ${formatted(interval, interval, unit)}`;
  const p = adjusted === null ? `p ${equalsP(figures.p)}` : `corrected p ${equalsP(adjusted)}`;
  const given = `(${range}; ${p})`;
  const isFound = (adjusted ?? figures.p) < alpha;
  const shown = isFound ? "" : confirmatory ? "No effect is shown: " : "Nothing is shown: ";
  const by = term.throughTurns ? ` per ${analysis.time}` : "";
  const claim = one === undefined
    ? `${name} ${estimate < 0 ? "fell" : "rose"} by ${size}${by}`
    : other !== undefined
    ? `the difference in ${name} between ${pairText(one)}${
      by === "" ? "" : `, as it changes${by},`
    } was ${size} ${direction} ${
      term.contrasts.slice(1).map((contrast) =>
        `with ${contrast.factor} ${contrast.level} than with ${contrast.reference}`
      ).join(", and ")
    }`
    : term.throughTurns
    ? `with ${one.factor} ${one.level}, ${name} ${
      estimate < 0 ? "fell" : "rose"
    } by ${size}${by} relative to ${one.reference}`
    : `${name} was ${size} ${direction} with ${one.factor} ${one.level} than with ${one.reference}`;
  const where = held === "" ? "" : `, at ${held}`;
  return `${shown === "" ? capital(claim) : `${shown}${claim}`}${where}${scale} ${given}.`;
}

function pairText({ factor, level, reference }: Contrast): string {
  return `${factor} ${level} and ${reference}`;
}

/** The unit of a difference: its name, the limits of its scale (empty if unknown), and the factor for figures. */
export type Unit = Readonly<{ name: string; scale: string; times: number }>;

/** The unit of differences in an outcome: points of a scale, percentage points, or words. */
export function unitOf(outcome: Outcome): Unit {
  const { name, scale } = outcome;
  if (name === "words" && scale === null) return { name: "words", scale: "", times: 1 };
  const isRate = scale === null && isMetric(name) && name.endsWith("-rate");
  if (isShare(outcome) || isRate) return { name: "percentage points", scale: "", times: 100 };
  const [least, greatest] = rangeOf(outcome);
  const isLimited = Number.isFinite(least) && Number.isFinite(greatest);
  return {
    name: "points",
    scale: isLimited ? `from ${limitText(least)} to ${limitText(greatest)}` : "",
    times: 1,
  };
}

function limitText(limit: number): string {
  return String(limit).replace("-", "−");
}

/** A figure with as many decimals as the figures of its sentence need. */
function formatted(
  cell: number | Interval,
  interval: Interval | Readonly<{ unavailable: string }>,
  { times }: Unit,
): string {
  const scaled = (one: number | Interval) =>
    typeof one === "number" ? one * times : { ...one, lower: one.lower * times, upper: one.upper * times };
  const cells = isUnavailable(interval) ? [scaled(cell)] : [scaled(cell), scaled(interval)];
  return formatCell(scaled(cell), { kind: "number", decimals: decimalsFor(cells) });
}
