/** The combinations of levels that an experiment consists of. */
import type { ReadFactor } from "./design_section.ts";
import { withValueAt } from "./factor_path.ts";

/** One level chosen for each factor: the factors' places in the list → the levels' places. */
export type Choice = readonly number[];

/**
 * How many combinations there are.
 *
 * @param factors The factors.
 * @returns The product of their numbers of levels; 1 without factors.
 */
export function combinationCount(factors: readonly ReadFactor[]): number {
  return factors.reduce((product, { levels }) => product * levels.length, 1);
}

/**
 * All combinations, the last factor's levels changing fastest.
 *
 * @param factors The factors.
 */
export function* combinations(factors: readonly ReadFactor[]): Generator<Choice> {
  const total = combinationCount(factors);
  for (let index = 0; index < total; index++) {
    let rest = index;
    const choice: number[] = [];
    for (const { levels } of factors.toReversed()) {
      choice.unshift(rest % levels.length);
      rest = Math.floor(rest / levels.length);
    }
    yield choice;
  }
}

/**
 * The file as one combination has it.
 *
 * @param file The file's content.
 * @param factors The factors.
 * @param choice One level of each.
 */
export function withLevels(file: unknown, factors: readonly ReadFactor[], choice: Choice): unknown {
  return factors.reduce(
    (content, { steps, levels }, at) => withValueAt(content, steps, levels[choice[at]!]!.value),
    file,
  );
}
