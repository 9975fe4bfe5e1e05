/** Decides how each effect on an outcome is tested, and which checks each test has. */
import {
  type AnalysisDesign,
  type CommentModel,
  modelsFor,
  TIME,
} from "../../core/experiment/analysis_design.ts";
import { coefficientName } from "../statistics/coefficient_names.ts";
import {
  type Contrast,
  type Effect,
  type EffectTerm,
  type ModelUse,
  partsOf,
  termsOf,
  useFor,
} from "./effects.ts";
import type { ObservedFactor } from "./factors.ts";
import type { ModelKind } from "./outcome_models.ts";
import type { Outcome } from "./outcomes.ts";
import type { EffectTest, TestMethod } from "./results.ts";

/** The method that computes a coefficient. */
export type TestKind = Readonly<{ method: TestMethod; slopes?: true }>;

/** One coefficient of an effect, and how it is tested. */
export type TestPlan =
  & Pick<EffectTest, "outcome" | "effect" | "term" | "declared" | "remark">
  & TestKind
  & Readonly<{
    /** The model that has the coefficient, if the method uses a model. */
    use: ModelUse;
    /** The effect's factors that cannot be tested, because the discussions do not differ in them. */
    lacking: readonly string[];
    /** Other methods that compute the coefficient, and how they differ. Only declared tests have checks. */
    checks: readonly (TestKind & Readonly<{ differs: string }>)[];
  }>;

/** The data that decide how an outcome is tested. */
export type PlanContext = Readonly<{
  effects: readonly Effect[];
  /** The factors with all levels, including levels without discussions. */
  factors: readonly ObservedFactor[];
  analysis: Pick<AnalysisDesign, "adjust" | "test" | "model" | "slopes">;
  /** Whether the discussions at the compared levels of some contrasts are matched. */
  isMatched: (contrasts: readonly Contrast[]) => boolean;
}>;

type Planned = Pick<Outcome, "name" | "declared" | "unit" | "scale" | "values">;

/** The tests of all effects on an outcome: one for each coefficient. An effect of an unknown factor has one test. */
export function testPlans(
  outcome: Planned,
  { effects, factors, analysis, isMatched }: PlanContext,
): readonly TestPlan[] {
  const model = modelOf(outcome, analysis.model);
  // A figure of a whole discussion has no time, so effects with time are not tested on it.
  const possible = effects.filter(({ names }) => outcome.unit === "comment" || !names.includes(TIME));
  return possible.flatMap((effect): readonly TestPlan[] => {
    const { names } = effect;
    const lacking = names.filter((name) => name !== TIME && factors.every((factor) => factor.name !== name));
    const alone: EffectTerm = {
      name: coefficientName(partsOf(names, [])),
      contrasts: [],
      throughTurns: names.includes(TIME),
    };
    const terms = lacking.length > 0 ? [alone] : termsOf(names, factors);
    const declared = outcome.declared && effect.declared;
    return terms.map((term): TestPlan => {
      const isProduct = term.contrasts.length > 1 && !term.throughTurns;
      const by = term.throughTurns ? trend(model.method, analysis) : levels(
        { ...outcome, isProduct },
        model,
        analysis.test ?? (isMatched(term.contrasts) ? "paired" : null),
      );
      const { checks, ...how } = by;
      const use = useFor(effect, analysis.adjust);
      const head = { outcome: outcome.name, effect: names, term, declared, lacking, use };
      const remark = how.method === model.method ? model.remark : null;
      return { ...head, ...how, remark, checks: declared ? checks : [] };
    });
  });
}

type CommentMethod = ModelKind["method"];
type Chosen = Readonly<
  { method: CommentMethod; isDeclared: boolean; remark: string | null; others: readonly CommentMethod[] }
>;

const METHODS: Readonly<Record<CommentModel, CommentMethod>> = {
  linear: "mixed-model",
  ordinal: "ordinal-mixed-model",
  logistic: "logistic-mixed-model",
};

/** The model that tests an outcome, and the other models that fit the outcome's scale. */
function modelOf({ name, unit, scale, values }: Planned, declared: AnalysisDesign["model"]): Chosen {
  if (unit === "discussion") return { method: "linear-model", isDeclared: false, remark: null, others: [] };
  const wanted = declared !== undefined && Object.hasOwn(declared, name) ? declared[name]! : null;
  const possible = scale === null ? ["linear" as const] : modelsFor(scale);
  const fitting = possible.length > 1 && !areCategories(values, possible) ? ["linear" as const] : possible;
  const chosen = wanted !== null && fitting.includes(wanted) ? wanted : fitting[0]!;
  const why = wanted === null || possible.includes(wanted)
    ? "the values are means over several annotators, so they are not categories"
    : `the scale does not fit the declared model (${wanted})`;
  return {
    method: METHODS[chosen],
    isDeclared: wanted !== null,
    remark: chosen === (wanted ?? possible[0]) ? null : why,
    others: fitting.filter((one) => one !== chosen).map((one) => METHODS[one]),
  };
}

/** Whether all values are categories. Means over several annotators are not. */
function areCategories(values: Planned["values"], models: readonly CommentModel[]): boolean {
  const isCategory = models.includes("logistic")
    ? (value: number) => value === 0 || value === 1
    : Number.isInteger;
  return values.values.every((value) => isCategory(value));
}

type Plans = TestKind & Pick<TestPlan, "checks">;

/** How a change through turns is tested. It is always tested in a model. */
function trend(method: CommentMethod, { slopes = true }: Pick<AnalysisDesign, "slopes">): Plans {
  if (method !== "mixed-model" || !slopes) return { method, checks: [] };
  return { method, slopes: true, checks: [{ method, differs: "without random slopes" }] };
}

const DIFFERS: Readonly<Record<TestMethod, string>> = {
  "paired": "with one contrast for each replicate",
  "permutation": "by permutation of discussions",
  "linear-model": "with one value for each discussion",
  "mixed-model": "with all comments as numbers",
  "logistic-mixed-model": "with all comments as yes and no",
  "ordinal-mixed-model": "with all comments as ordered categories",
};

/**
 * How an effect that does not contain `turn` is tested.
 *
 * @param wanted The test that the analysis names, or else the test that fits the design. `null` means the
 *   outcome's model.
 */
function levels(
  { unit, isProduct }: Pick<Planned, "unit"> & Readonly<{ isProduct: boolean }>,
  { method, isDeclared, others }: Chosen,
  wanted: AnalysisDesign["test"],
): Plans {
  const chosen = wanted === null || wanted === "mixed-model" || isDeclared ? method : wanted;
  const possible: readonly TestMethod[] = unit === "comment"
    ? [method, ...others, "linear-model"]
    : isProduct
    ? ["linear-model"]
    : ["linear-model", "permutation"];
  const checks = possible.filter((one) => one !== chosen).map((one) => ({
    method: one,
    differs: DIFFERS[one],
  }));
  return { method: chosen, checks };
}
