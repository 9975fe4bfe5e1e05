/** Changes tests so that they allow for declared looks. A power analysis simulates the last look. */
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import type { EffectTest } from "../outcomes/results.ts";
import { nominalLevel } from "../statistics/group_sequential.ts";
import { isUnavailable } from "../statistics/unavailable.ts";

/** How tests at the last look allow for all looks. */
export type LookRule = Readonly<{
  /** The p value below which a test finds an effect at the last look. */
  nominal: number;
  /** The test with its p values replaced by repeated p values, which allow for all looks. */
  repeated<Test extends Pick<EffectTest, "figures" | "equivalence">>(test: Test): Test;
}>;

/**
 * The rule of an analysis at its last look; `null` without declared looks.
 *
 * Computing repeated p values takes long. So they are computed exactly only for the thresholds that corrections
 * compare p values with, and interpolated between these. Each p is then on the same side of each threshold as
 * the exact value would be.
 *
 * @param tests The number of tests whose p values are corrected together.
 */
export function lookRule(
  { looks, level }: Pick<AnalysisDesign, "looks" | "level">,
  tests: number,
): LookRule | null {
  if (looks === undefined) return null;
  const fractions = looks.map((look) => look / looks.at(-1)!);
  const alpha = 1 - level;
  // The thresholds for m tests: α / k by Holm's method, and α k / m by Benjamini and Hochberg's, for k from 1 to m.
  const ranks = Array.from({ length: tests }, (_, at) => at + 1);
  const levels = [...new Set(ranks.flatMap((k) => [alpha / k, alpha * k / tests]))].sort((a, b) => a - b);
  const points = levels.map((of) => ({ of, nominal: nominalLevel(fractions, of) }));
  const repeatedAt = (p: number) => {
    const above = points.find(({ nominal }) => p < nominal);
    const below = points.findLast(({ nominal }) => p >= nominal);
    if (above === undefined) return Math.min(1, p * below!.of / below!.nominal);
    if (below === undefined) return p * above.of / above.nominal;
    return below.of + (p - below.nominal) / (above.nominal - below.nominal) * (above.of - below.of);
  };
  return {
    nominal: nominalLevel(fractions, alpha),
    repeated(test) {
      const { figures, equivalence } = test;
      if (isUnavailable(figures)) return test;
      return {
        ...test,
        figures: { ...figures, p: repeatedAt(figures.p) },
        equivalence: equivalence === null || isUnavailable(equivalence)
          ? equivalence
          : { ...equivalence, p: repeatedAt(Math.min(1, 2 * equivalence.p)) },
      };
    },
  };
}
