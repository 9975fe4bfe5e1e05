/** The differences between a level of a factor and the reference, with each discussion counting once. */
import { type BootstrapEstimate, bootstrapSums, RESAMPLES } from "../statistics/cluster_bootstrap.ts";
import { mean } from "../statistics/distributions.ts";
import { type Unavailable, unavailable } from "../statistics/unavailable.ts";
import type { Contrast } from "./effects.ts";
import type { Outcome } from "./outcomes.ts";

/** Resamples for outcomes that are not declared. Such outcomes are many, and one digit of their intervals is enough. */
const RESAMPLES_EXPLORATORY = 499;

/** How a difference is computed. */
export type DifferenceOptions = Readonly<{ seed: string; resamples: number; level: number }>;

/** A discussion's value, which is the mean of `of` values; `null` if it has none or is not compared. */
export type DiscussionValue = Readonly<{ value: number; of: number }> | null;

/** The mean of a discussion's values. */
export function discussionValue(values: Outcome["values"][number]): DiscussionValue {
  return values.length === 0 ? null : { value: mean(values.map(({ value }) => value)), of: values.length };
}

/** The options of an outcome's differences. @param seed The seed of all figures. */
export function differenceOptions(
  { name, declared }: Pick<Outcome, "name" | "declared">,
  seed: string,
  level: number,
): DifferenceOptions {
  return {
    seed: JSON.stringify([seed, name]),
    resamples: declared ? RESAMPLES : RESAMPLES_EXPLORATORY,
    level,
  };
}

/** The options for one contrast of an outcome, whose random draws differ from those for other contrasts. */
export function contrastOptions<Options extends Pick<DifferenceOptions, "seed">>(
  { factor, level }: Contrast,
  options: Options,
): Options {
  return { ...options, seed: JSON.stringify([options.seed, factor, level]) };
}

/** Says which level has no value; `null` if both have one. */
export function lackingLevel(
  { level, reference }: Contrast,
  values: readonly number[],
  ofReference: readonly number[],
): Unavailable | null {
  for (const [group, label] of [[values, level], [ofReference, reference]] as const) {
    if (group.length === 0) return unavailable(`no discussion at "${label}" has a value`);
  }
  return null;
}

/**
 * The level's mean minus the reference's mean, with the bootstrap over discussions within levels.
 *
 * @param options From {@linkcode contrastOptions}.
 */
export function levelDifference(
  contrast: Contrast,
  [values, ofReference]: readonly [readonly number[], readonly number[]],
  options: DifferenceOptions,
): BootstrapEstimate | Unavailable {
  const lacking = lackingLevel(contrast, values, ofReference);
  if (lacking !== null) return lacking;
  // Each resample has as many discussions of a level as the sample, so a difference of means is a sum of shares.
  const shares = Float64Array.from([
    ...values.map((value) => value / values.length),
    ...ofReference.map((value) => -value / ofReference.length),
  ]);
  const strata = [...values.map(() => contrast.level), ...ofReference.map(() => contrast.reference)];
  return bootstrapSums([shares], ([difference]) => difference!, options, strata);
}
