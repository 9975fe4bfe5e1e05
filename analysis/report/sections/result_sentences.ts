/**
 * Writes results of tests as sentences. A sentence has the sign, the size in the unit of the scale, the
 * interval and p.
 */
import {
  type AdjustedTest,
  effectKey,
  type JointEffectTest,
  listsIn,
  type Outcome,
  type OutcomeComparisons,
} from "../../outcomes/mod.ts";
import type { Interval } from "../../statistics/distributions.ts";
import { isUnavailable, type Unavailable } from "../../statistics/unavailable.ts";
import { effectText, termText } from "../analysis_texts.ts";
import { plural } from "../numbers.ts";
import { percent } from "../tables.ts";
import { capital, joined } from "../words.ts";
import { equalsP, type Results } from "./effect_results.ts";
import { equivalenceText, withinText } from "./margin_texts.ts";
import { formatted, LOG_ODDS, type Unit, unitOf } from "./outcome_units.ts";
import { trendsClaim } from "./trend_texts.ts";

/** One test of an effect, or several tests that find nothing, in one sentence. */
export function sentenceOf(tests: readonly AdjustedTest[], results: Results, alpha: number): string {
  const [first] = tests as [AdjustedTest];
  return tests.length > 1
    ? sentenceOfMany(tests, results, alpha)
    : isUnavailable(first.figures)
    ? `${first.outcome} by ${
      termText(first.term, results.analysis)
    } could not be tested: ${first.figures.unavailable}.`
    : sentenceOfOne(first, results, alpha);
}

function sentenceOfMany(
  tests: readonly AdjustedTest[],
  { compared, analysis }: Results,
  alpha: number,
): string {
  const [first] = tests as [AdjustedTest];
  const ofEffect = compared.tests.filter(({ outcome, effect }) =>
    outcome === first.outcome && effectKey(effect) === effectKey(first.effect)
  );
  const other = ofEffect.length > tests.length ? "other " : "";
  const what = `${first.outcome} by ${effectText(first.effect, analysis)}`;
  const tested = tests.filter(({ figures }) => !isUnavailable(figures));
  const rest = tests.length - tested.length;
  const [some] = tests.flatMap(({ figures }) => isUnavailable(figures) ? [figures.unavailable] : []);
  const untested = rest === 0 ? "" : `${plural(rest, "comparison")} of ${what} could not be tested: ${some}.`;
  if (tested.length === 0) return untested;
  const least = Math.min(...tested.map(({ adjusted }) => adjusted ?? 1));
  const { outcome } = compared.outcomes.find((one) => one.outcome.name === first.outcome)!;
  const unit = first.unit === "log-odds" ? LOG_ODDS : unitOf(outcome);
  const [differences, covered] = [estimatesRange(tested)!, coveredRange(tested)];
  const by = first.term.throughTurns ? ` per ${analysis.time}` : "";
  const size = typeof differences === "number" ? "the difference is" : "differences from";
  const reach = covered === null
    ? ""
    : `, with ${percent(analysis.level)} intervals between ${formatted(covered.lower, covered, unit)} and ${
      formatted(covered.upper, covered, unit)
    }`;
  const shown = `${UNCLEAR} difference in ${tested.length} ${other}${
    tested.length === 1 ? "comparison" : "comparisons"
  } of ${what}: ${size} ${formatted(differences, differences, unit)}${
    unit.name === "" ? "" : ` ${unit.name}`
  }${by}${reach} (${standingText(first)}smallest ${pName(first, analysis)} ${equalsP(least)}).`;
  const within = withinText(tested, unit, alpha);
  return [shown, within, untested].filter((text) => text !== "").join(" ");
}

/** The estimate of a single test, or the range of several estimates; `null` if there is no estimate. */
export function estimatesRange(tests: readonly AdjustedTest[]): number | Interval | null {
  const estimates = tests.flatMap(({ figures }) => isUnavailable(figures) ? [] : [figures.estimate]);
  if (estimates.length < 2) return estimates[0] ?? null;
  return { level: 1, lower: Math.min(...estimates), upper: Math.max(...estimates) };
}

/** The range from the lowest to the highest end of the tests' intervals; `null` without intervals. */
function coveredRange(tests: readonly AdjustedTest[]): Interval | null {
  const intervals = tests.flatMap(({ figures }) =>
    isUnavailable(figures) || isUnavailable(figures.interval) ? [] : [figures.interval]
  );
  if (intervals.length === 0) return null;
  return {
    level: intervals[0]!.level,
    lower: Math.min(...intervals.map(({ lower }) => lower)),
    upper: Math.max(...intervals.map(({ upper }) => upper)),
  };
}

function sentenceOfOne(test: AdjustedTest, { compared, analysis }: Results, alpha: number): string {
  const { outcome: name, figures, adjusted, equivalence } = test;
  if (isUnavailable(figures)) {
    throw new TypeError(`Cannot write a sentence about "${name}": it has no figures`);
  }
  const { outcome } = compared.outcomes.find((one) => one.outcome.name === name)!;
  const unit = test.unit === "log-odds" ? LOG_ODDS : unitOf(outcome);
  const { interval } = figures;
  const range = isUnavailable(interval)
    ? `no interval, because ${interval.unavailable}`
    : `${percent(analysis.level)} interval ${formatted(interval, interval, unit)}`;
  const isFound = (adjusted ?? figures.p) < alpha;
  const size = {
    ...figures,
    unit,
    by: test.term.throughTurns ? ` per ${analysis.time}` : "",
  };
  const claim = isFound
    ? trendsClaim(test, size, compared) ?? capital(claimOf(test, size))
    : `${UNCLEAR} ${kindOf(test)}: ${unclearOf(test, size)}`;
  const scale = unit.scale === "" ? "" : `, on the scale ${unit.scale}`;
  const p = `${pName(test, analysis)} ${equalsP(adjusted ?? figures.p)}`;
  const sum = isFound && test.term.throughTurns ? wholeText(outcome, { ...size, time: analysis.time }) : "";
  return `${claim}${scale} (${standingText(test)}${range}; ${p})${sum}${
    equivalenceText(equivalence, size, alpha)
  }.`;
}

/** The first words of a sentence about a test that finds nothing. */
export const UNCLEAR = "No clear";

/** The word for the kind of a coefficient. */
function kindOf({ term }: AdjustedTest): string {
  if (term.contrasts.length > 1) {
    return term.throughTurns ? "interaction through the discussion" : "interaction";
  }
  if (!term.throughTurns) return "difference";
  return term.contrasts.length === 0 ? "trend" : "difference in trends";
}

/** A mark in sentences about tests that are not confirmatory, for readers who see only this sentence. */
export function standingText(
  { confirmatory, sampleChanged }: Pick<AdjustedTest, "confirmatory" | "sampleChanged">,
): string {
  return confirmatory ? "" : sampleChanged ? "not confirmatory; " : "exploratory; ";
}

/**
 * One sentence about the rows of the table that find nothing.
 *
 * @param of The number of rows of the table.
 * @param results.joint The joint tests of interactions that find nothing.
 */
export function unclearRowsText(
  rows: readonly (readonly AdjustedTest[])[],
  { analysis, joint }: Pick<Results, "analysis"> & Readonly<{ joint: readonly JointEffectTest[] }>,
  of: number,
): string {
  const tests = rows.flat().filter(({ figures }) => !isUnavailable(figures));
  const [first] = tests as [AdjustedTest];
  const least = Math.min(...tests.map(({ adjusted }) => adjusted ?? 1));
  const which = rows.length === of ? `any of the ${of} rows` : `${plural(rows.length, "row")}`;
  const whole = joint.length === 0
    ? ""
    : `; ${plural(joint.length, "interaction")} as a whole, smallest ${pName(joint[0]!, analysis)} ${
      equalsP(Math.min(...joint.map(({ adjusted }) => adjusted)))
    }`;
  return `${UNCLEAR} difference in ${which} of the first table (${standingText(first)}${
    plural(tests.length, "test")
  }, smallest ${pName(first, analysis)} ${equalsP(least)}${whole}).`;
}

/** At least this share of discussions has the time over which a trend is added up. */
const COMMON_SHARE = 0.95;

/**
 * How many turns or positions lie between the first and the last value of nearly all discussions, at least. `null` if they
 * are fewer than two.
 */
export function commonSteps({ values }: Pick<Outcome, "values">): number | null {
  const lengths = listsIn(values).flatMap((list) => {
    const times = list.flatMap(({ time }) => time ?? []);
    return times.length === 0 ? [] : [Math.max(...times) - Math.min(...times)];
  });
  const longestFirst = lengths.toSorted((one, other) => other - one);
  const steps = longestFirst[Math.ceil(COMMON_SHARE * lengths.length) - 1] ?? 0;
  return steps < 2 ? null : steps;
}

/** A clause that says what a difference in trends adds up to over a discussion. Empty if discussions are too short. */
function wholeText(
  outcome: Outcome,
  { estimate, unit, time }: Pick<Claimed, "estimate" | "unit"> & Readonly<{ time: string }>,
): string {
  const steps = commonSteps(outcome);
  if (steps === null) return "";
  const size = Math.abs(estimate * steps);
  return `, which adds up to ${formatted(size, size, unit)} over ${steps} ${time}s`;
}

/** The word for adjusted p values. They are not called corrected if the analysis asks for no correction. */
export function pName(
  { confirmatory, sampleChanged }: Pick<AdjustedTest, "confirmatory" | "sampleChanged">,
  { correction }: Results["analysis"],
): string {
  return correction === "none" && (confirmatory || sampleChanged) ? "p" : "corrected p";
}

type Claimed = Readonly<{ estimate: number; interval: Interval | Unavailable; unit: Unit; by: string }>;

/**
 * A clause such as `toxicity was 2.08 points lower with moderator gentle than with none`.
 *
 * @param claimed.by Follows the unit, such as ` per turn`.
 */
function claimOf({ outcome, term }: AdjustedTest, { estimate, interval, unit, by }: Claimed): string {
  const subject = unit === LOG_ODDS ? `the log odds of ${outcome}` : outcome;
  const size = `${formatted(Math.abs(estimate), interval, unit)}${unit.name === "" ? "" : ` ${unit.name}`}`;
  const [direction, verb] = estimate < 0 ? ["lower", "fell"] : ["higher", "rose"];
  const [one, ...others] = term.contrasts;
  if (one === undefined) return `${subject} ${verb} by ${size}${by}`;
  const { factor, level, reference } = one;
  if (others.length > 0) {
    const where = others.map((other) => `with ${other.factor} ${other.level} than with ${other.reference}`);
    const what = by === "" ? subject : `the trend of ${subject}`;
    return `the difference in ${what} between ${factor} ${level} and ${reference} was ${size}${by} ${direction} ${
      joined(where)
    }`;
  }
  return by === ""
    ? `${subject} ${
      unit === LOG_ODDS ? "were" : "was"
    } ${size} ${direction} with ${factor} ${level} than with ${reference}`
    : `the trend of ${subject} was ${size}${by} ${direction} with ${factor} ${level} than with ${reference}`;
}

/** A clause such as `toxicity with moderator gentle against none, −2.08 points`. */
function unclearOf({ outcome, term }: AdjustedTest, { estimate, interval, unit, by }: Claimed): string {
  const subject = unit === LOG_ODDS ? `the log odds of ${outcome}` : outcome;
  const trend = by === "" ? subject : `the trend of ${subject}`;
  const size = `${formatted(estimate, interval, unit)}${unit.name === "" ? "" : ` ${unit.name}`}${by}`;
  const [one, ...others] = term.contrasts;
  if (one === undefined) return `${trend}, ${size}`;
  const { factor, level, reference } = one;
  if (others.length === 0) return `${trend} with ${factor} ${level} against ${reference}, ${size}`;
  const where = others.map((other) => `with ${other.factor} ${other.level} against ${other.reference}`);
  return `the difference in ${trend} between ${factor} ${level} and ${reference}, ${joined(where)}, ${size}`;
}

/** Sentences that say how much other reasonable choices change the declared tests. Empty without alternatives. */
export function alternativesText({ multiverses }: OutcomeComparisons, alpha: number): string {
  const byTest = multiverses.map(({ alternatives }) => {
    const computed = alternatives.flatMap(({ isDeclared, figures }) =>
      isUnavailable(figures) ? [] : [{ isDeclared, figures }]
    );
    const own = computed.find(({ isDeclared }) => isDeclared);
    const others = computed.filter(({ isDeclared }) => !isDeclared);
    return own === undefined ? [] : others.map((other) => [own.figures, other.figures] as const);
  }).filter((pairs) => pairs.length > 0);
  if (byTest.length === 0) return "";
  const pairs = byTest.flat();
  const same = pairs.filter(([own, other]) => Math.sign(own.estimate) === Math.sign(other.estimate)).length;
  const agreeing = pairs.filter(([own, other]) => (own.p < alpha) === (other.p < alpha)).length;
  return `Would other reasonable choices of comments and models give the same results? ${
    plural(byTest.length, "test")
  } ${byTest.length === 1 ? "was" : "were"} computed again with such choices, which gives ${
    plural(pairs.length, "further result")
  }. The effect has the same direction (higher or lower) as in the original result of the same test in ${same} of ${pairs.length}. The uncorrected p is on the same side of ${
    Number(alpha.toPrecision(6))
  } in ${agreeing} of ${pairs.length}. See Effects.`;
}
