/** Takes the figures of an effect from a fitted model. */
import type { Coefficient, TermTest } from "../statistics/coefficients.ts";
import { type Unavailable, unavailable } from "../statistics/unavailable.ts";
import { effectKey, type EffectTerm } from "./effects.ts";
import type { OutcomeModel } from "./outcome_models.ts";
import type { TestFigures } from "./results.ts";

/** The figures of a term's coefficient, and the number of discussions and values that they come from. */
export function figuresOf(model: OutcomeModel, term: EffectTerm): TestFigures | Unavailable {
  const found = coefficientOf(model, term);
  if (found === undefined) {
    return unavailable(`the model has no coefficient "${term.name}": levels that it needs have no values`);
  }
  const { estimate, standardError, df, interval, p } = found;
  const { discussions, values } = model;
  return { estimate, standardError, df, interval, p, discussions, values };
}

/** The coefficient of a term; `undefined` if the model has none, for example because a level has no values. */
export function coefficientOf({ fit, terms }: OutcomeModel, term: EffectTerm): Coefficient | undefined {
  const wanted = keyOf(term);
  const name = terms.find((one) => keyOf(one) === wanted)?.name;
  return fit.coefficients.find((one) => one.name === name);
}

/** The test of all coefficients of an effect together; `undefined` if the model does not contain the effect. */
export function termTest({ fit }: OutcomeModel, names: readonly string[]): TermTest["test"] | undefined {
  const wanted = effectKey(names);
  return fit.terms.find(({ term }) => effectKey(term) === wanted)?.test;
}

function keyOf({ contrasts, throughTurns }: EffectTerm): string {
  const levels = contrasts.map(({ factor, level }) => JSON.stringify([factor, level])).sort();
  return JSON.stringify([throughTurns, levels]);
}
