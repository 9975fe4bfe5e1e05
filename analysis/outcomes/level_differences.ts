/**
 * Computes differences between the mean at a level of a factor and the mean at the reference. Each discussion
 * counts once.
 */
import {
  type BootstrapEstimate,
  type BootstrapOptions,
  bootstrapSums,
} from "../statistics/cluster_bootstrap.ts";
import type { DrawCount } from "../statistics/draw_counts.ts";
import { type Unavailable, unavailable } from "../statistics/unavailable.ts";
import type { Contrast } from "./effects.ts";
import type { Outcome } from "./outcomes.ts";

/**
 * The number of resamples for undeclared outcomes. They are many, and one correct digit of their intervals is
 * enough: with 199, another seed changes each end of a 0.95 interval by about 0.19 standard errors.
 */
const RESAMPLES_EXPLORATORY: DrawCount = { most: 499, least: 199 };

/** The options of a difference. If `resamples` is missing, the bootstrap draws its default number. */
export type DifferenceOptions = Readonly<
  { seed: string; resamples?: BootstrapOptions["resamples"]; level: number }
>;

/**
 * The options for all differences of an outcome.
 *
 * @param seed The seed of the whole comparison.
 */
export function differenceOptions(
  { name, declared }: Pick<Outcome, "name" | "declared">,
  seed: string,
  level: number,
): DifferenceOptions {
  return {
    seed: JSON.stringify([seed, name]),
    ...declared ? {} : { resamples: RESAMPLES_EXPLORATORY },
    level,
  };
}

/** The options for one contrast of an outcome. Each contrast gets its own seed, so its random draws are its own. */
export function contrastOptions<Options extends Pick<DifferenceOptions, "seed">>(
  { factor, level }: Contrast,
  options: Options,
): Options {
  return { ...options, seed: JSON.stringify([options.seed, factor, level]) };
}

/** The reason if a level has no value; `null` if both levels have one. */
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
 * The level's mean minus the reference's mean. Its interval comes from the bootstrap, which draws discussions
 * again within each level. If one level has fewer discussions, the interval is wider.
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
  // Each resample has the same number of discussions of a level as the sample. So the difference of means is a
  // sum over the drawn discussions: each adds its value divided by the size of its level, with a minus at the
  // reference.
  const shares = Float64Array.from([
    ...values.map((value) => value / values.length),
    ...ofReference.map((value) => -value / ofReference.length),
  ]);
  const strata = [...values.map(() => contrast.level), ...ofReference.map(() => contrast.reference)];
  return bootstrapSums([shares], ([difference]) => difference!, { ...options, comparesStrata: true }, strata);
}
