/** Divides tests into families, and adjusts the p values within each family. */
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { benjaminiHochberg, holm } from "../statistics/corrections.ts";
import { repeatedP } from "../statistics/group_sequential.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import type { OutcomeLooks } from "./looks.ts";
import type { AdjustedTest, EffectEquivalence, EffectTest, TestFigures } from "./results.ts";

/** A test whose family is known, before its p is adjusted. */
type PlacedTest = Omit<AdjustedTest, "adjusted">;

/**
 * Adjusts p values. The tests that were declared before the run are one family, which is adjusted by the
 * analysis's correction. All other tests are a second family, which is adjusted by Benjamini and Hochberg's
 * method. Tests without figures are in no family. Tests of equivalence are a third family: an effect cannot be
 * both different from 0 and equivalent to 0, so no correction is needed for testing both.
 *
 * @param looks Declared outcome → its looks. Empty if the analysis was not declared before the run.
 */
export function adjusted(
  tests: readonly EffectTest[],
  looks: ReadonlyMap<string, OutcomeLooks>,
  correction: AnalysisDesign["correction"],
): readonly AdjustedTest[] {
  const placed = tests.map((test) => placedTest(test, looks));
  const tested = placed.filter(({ figures }) => !isUnavailable(figures));
  const ps = adjustedInFamilies(
    tested,
    (test) => test.repeated ?? (test.figures as TestFigures).p,
    correction,
  );
  const withMargin = tested.filter((test) =>
    isDeclaredBefore(test) && test.equivalence !== null && !isUnavailable(test.equivalence)
  );
  const ofMargins = new Map(
    zip(withMargin, corrected(withMargin.map((test) => equivalenceP(test, looks)), correction)),
  );
  return placed.map((test) => ({
    ...test,
    adjusted: ps.get(test) ?? null,
    equivalence: test.equivalence === null || isUnavailable(test.equivalence)
      ? test.equivalence
      : { ...test.equivalence, adjusted: ofMargins.get(test) ?? null },
  }));
}

/** The fields of a test that decide its family. */
type InFamily = Pick<AdjustedTest, "confirmatory" | "sampleChanged">;

/**
 * Adjusts p values in two families. Tests that were declared before the run are adjusted by the analysis's
 * correction. All other tests are adjusted by Benjamini and Hochberg's method.
 *
 * @returns Test → adjusted p.
 */
export function adjustedInFamilies<Test extends InFamily>(
  tests: readonly Test[],
  pOf: (test: Test) => number,
  correction: AnalysisDesign["correction"],
): ReadonlyMap<Test, number> {
  const declared = tests.filter(isDeclaredBefore);
  const others = tests.filter((test) => !isDeclaredBefore(test));
  return new Map([
    ...zip(declared, corrected(declared.map(pOf), correction)),
    ...zip(others, benjaminiHochberg(others.map(pOf))),
  ]);
}

function isDeclaredBefore({ confirmatory, sampleChanged }: InFamily): boolean {
  return confirmatory || sampleChanged;
}

/**
 * p of the test of equivalence. If looks are declared, the two one-sided tests together count as one two-sided
 * test.
 */
function equivalenceP(
  { outcome, equivalence }: PlacedTest,
  looks: ReadonlyMap<string, OutcomeLooks>,
): number {
  const { p } = equivalence as EffectEquivalence;
  const sequence = looks.get(outcome)?.sequence ?? null;
  return sequence === null ? p : repeatedP(Math.min(1, 2 * p), sequence.fractions);
}

function placedTest(test: EffectTest, looks: ReadonlyMap<string, OutcomeLooks>): PlacedTest {
  const { seenBeforeChange = [], sequence = null } = looks.get(test.outcome) ?? {};
  const declaredBefore = test.declared && looks.has(test.outcome);
  return {
    ...test,
    confirmatory: declaredBefore && seenBeforeChange.length === 0,
    sampleChanged: declaredBefore && seenBeforeChange.length > 0,
    repeated: declaredBefore && sequence !== null && !isUnavailable(test.figures)
      ? repeatedP(test.figures.p, sequence.fractions)
      : null,
  };
}

function corrected(ps: readonly number[], correction: AnalysisDesign["correction"]): readonly number[] {
  switch (correction) {
    case "holm":
      return holm(ps);
    case "benjamini-hochberg":
      return benjaminiHochberg(ps);
    case "none":
      return ps;
    default:
      throw new RangeError(`Cannot correct by "${correction satisfies never}"`);
  }
}

function zip<Test>(tests: readonly Test[], ps: readonly number[]): (readonly [Test, number])[] {
  return tests.map((test, index) => [test, ps[index]!]);
}
