/** Finds interactions that the analysis does not declare, but that may be large. */
import { benjaminiHochberg } from "../statistics/corrections.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import { type Effect, type EffectTerm, termsOf } from "./effects.ts";
import { coefficientOf, termTest } from "./model_figures.ts";
import type { ModelContext } from "./outcome_model_data.ts";
import { type OutcomeModel, outcomeModels } from "./outcome_models.ts";
import type { Outcome } from "./outcomes.ts";
import type { InteractionHint } from "./results.ts";

/**
 * Tests each undeclared interaction of two factors on each declared outcome, or on all outcomes if none is
 * declared. The test uses a linear model of one value for each discussion. Its standard errors are robust, with
 * replicates as clusters.
 *
 * @returns The interactions whose adjusted p is below 1 − level, sorted by p, the smallest first.
 */
export function interactionHints(
  outcomes: readonly Outcome[],
  context: ModelContext,
): readonly InteractionHint[] {
  const declared = outcomes.filter((outcome) => outcome.declared);
  const chosen = declared.length > 0 ? declared : outcomes;
  // All outcomes share the context of a pair, and with it the design of its model.
  const pairs = undeclaredPairs(context).map((pair) => {
    const effect: Effect = { names: pair, declared: true };
    return { pair, context: { ...context, effects: [...context.effects, effect] } };
  });
  const found = chosen.flatMap((outcome) =>
    pairs.flatMap(({ pair, context }) => hintAt(outcome, pair, context) ?? [])
  );
  const adjusted = benjaminiHochberg(found.map(({ p }) => p));
  return found.map((hint, index) => ({ ...hint, adjusted: adjusted[index]! }))
    .filter((hint) => hint.adjusted < 1 - context.level)
    .toSorted((a, b) => a.p - b.p);
}

type Pair = readonly [string, string];

function undeclaredPairs({ factors, effects }: ModelContext): readonly Pair[] {
  const names = factors.map(({ name }) => name);
  const pairs = names.flatMap((one, at) => names.slice(at + 1).map((other): Pair => [one, other]));
  const declared = effects.filter((effect) => effect.declared).map(({ names }) => new Set(names));
  return pairs.filter((pair) => !declared.some((effect) => pair.every((name) => effect.has(name))));
}

/** @param context Its effects include the interaction of the two factors. */
function hintAt(
  outcome: Outcome,
  factors: Pair,
  context: ModelContext,
): Omit<InteractionHint, "adjusted"> | null {
  const models = outcomeModels(outcome, context);
  const model = models.fit("levels", { method: "linear-model" });
  if (isUnavailable(model)) return null;
  const test = termTest(model, factors);
  if (test === undefined || isUnavailable(test) || test.df === null) return null;
  const { statistic, coefficients, df, p } = test;
  const largest = largestOf(model, termsOf(factors, context.factors));
  if (largest === null) return null;
  return { outcome: outcome.name, factors, statistic, df: [coefficients, df], p, largest };
}

function largestOf(model: OutcomeModel, terms: readonly EffectTerm[]): InteractionHint["largest"] | null {
  const found = terms.flatMap((term) => {
    const coefficient = coefficientOf(model, term);
    return coefficient === undefined ? [] : [{ term, estimate: coefficient.estimate }];
  });
  return found.toSorted((a, b) => Math.abs(b.estimate) - Math.abs(a.estimate))[0] ?? null;
}
