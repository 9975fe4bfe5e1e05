/** Tests at the last of the declared looks. */
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import type { EffectTest } from "../outcomes/results.ts";
import { nominalLevel } from "../statistics/group_sequential.ts";
import { isUnavailable } from "../statistics/unavailable.ts";

/** How tests allow for looks. */
export type LookRule = Readonly<{
  /** The p value below which a test finds an effect at the last look. */
  nominal: number;
  /** The test with repeated p values in the place of its p values. */
  repeated<Test extends Pick<EffectTest, "figures" | "equivalence">>(test: Test): Test;
}>;

/**
 * The rule of an analysis at its last look; `null` without declared looks.
 *
 * Repeated p values take long to compute, so they are interpolated between the levels that corrections compare p values with.
 * At these levels they are exact, so each test finds an effect exactly if its repeated p value does.
 *
 * @param tests The number of tests that are corrected together.
 */
export function lookRule(
  { looks, level }: Pick<AnalysisDesign, "looks" | "level">,
  tests: number,
): LookRule | null {
  if (looks === undefined) return null;
  const fractions = looks.map((look) => look / looks.at(-1)!);
  const alpha = 1 - level;
  // Holm compares with α / k, and Benjamini and Hochberg with α k / m.
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
