/** Decides how the effects on an outcome are tested. */
import { type AnalysisDesign, TIME } from "../../core/experiment/analysis_design.ts";
import { type Contrast, type Effect, type EffectTerm, type ModelUse, termsOf, useFor } from "./effects.ts";
import type { ObservedFactor } from "./factors.ts";
import type { Outcome } from "./outcomes.ts";
import type { EffectTest, TestMethod } from "./results.ts";

/** One coefficient of an effect, and how it is tested. */
export type TestPlan =
  & Pick<EffectTest, "outcome" | "effect" | "term" | "declared" | "method" | "remark">
  & Readonly<{
    /** The model that has the coefficient, for methods that use a model. */
    use: ModelUse;
    /** The factors that do not differ between the discussions. */
    lacking: readonly string[];
  }>;

type PlannedOutcome = Pick<Outcome, "name" | "declared" | "unit">;

/**
 * The tests of all effects on an outcome: one for each coefficient, or one for an effect of unknown factors.
 *
 * @param factors The factors with all levels, including levels without discussions.
 * @param isMatched Whether the discussions at all corners of some contrasts are matched.
 */
export function testPlans(
  outcome: PlannedOutcome,
  { effects, factors, test, isMatched }: Readonly<{
    effects: readonly Effect[];
    factors: readonly ObservedFactor[];
    test: AnalysisDesign["test"];
    isMatched: (contrasts: readonly Contrast[]) => boolean;
  }>,
): readonly TestPlan[] {
  // A figure of a whole discussion has no effect of time.
  const possible = effects.filter(({ names }) => outcome.unit === "comment" || !names.includes(TIME));
  return possible.flatMap((effect): readonly TestPlan[] => {
    const { names } = effect;
    const terms = termsOf(names, factors);
    const head = {
      outcome: outcome.name,
      effect: names,
      declared: outcome.declared && effect.declared,
      use: useFor(effect),
    };
    const lacking = names.filter((name) => name !== TIME && factors.every((factor) => factor.name !== name));
    const alone: EffectTerm = { name: names.join(":"), contrasts: [], throughTurns: names.includes(TIME) };
    return (lacking.length > 0 ? [alone] : terms).map((term) => ({
      ...head,
      term,
      lacking,
      ...methodOf(outcome, term, test, () => isMatched(term.contrasts)),
    }));
  });
}

function methodOf(
  { unit }: PlannedOutcome,
  { throughTurns }: EffectTerm,
  test: AnalysisDesign["test"],
  isMatched: () => boolean,
): Readonly<{ method: TestMethod; remark: string | null }> {
  if (throughTurns) return { method: "mixed-model", remark: null };
  const wanted = test ?? (isMatched() ? "paired" : "mixed-model");
  if (wanted !== "mixed-model" || unit === "comment") return { method: wanted, remark: null };
  return { method: "permutation", remark: null };
}
