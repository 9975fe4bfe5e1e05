/** Places tests into families, and adjusts their p values within each family. */
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { benjaminiHochberg, holm } from "../statistics/corrections.ts";
import { repeatedP } from "../statistics/group_sequential.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import type { OutcomeLooks } from "./looks.ts";
import type { AdjustedTest, EffectTest } from "./results.ts";

/** A test in its family, before its p is adjusted. */
type PlacedTest = Omit<AdjustedTest, "adjusted">;

/**
 * Adjusts p values: of all tests that were declared before the run by the analysis's correction, and of all others by
 * Benjamini and Hochberg's. Tests without figures are in no family.
 *
 * @param looks Declared outcome → its looks; empty unless the analysis was declared before the run.
 */
export function adjusted(
  tests: readonly EffectTest[],
  looks: ReadonlyMap<string, OutcomeLooks>,
  correction: AnalysisDesign["correction"],
): readonly AdjustedTest[] {
  const placed = tests.map((test) => placedTest(test, looks));
  const tested = placed.filter(({ figures }) => !isUnavailable(figures));
  const [declared = [], others = []] = [true, false].map((isDeclared) =>
    tested.filter(({ confirmatory, sampleChanged }) => (confirmatory || sampleChanged) === isDeclared)
  );
  const ps = new Map([
    ...zip(declared, corrected(declared.map(pOf), correction)),
    ...zip(others, benjaminiHochberg(others.map(pOf))),
  ]);
  return placed.map((test) => ({ ...test, adjusted: ps.get(test) ?? null }));
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

function pOf({ figures, repeated }: PlacedTest): number {
  return isUnavailable(figures) ? 1 : repeated ?? figures.p;
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
