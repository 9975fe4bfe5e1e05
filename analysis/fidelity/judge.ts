/** Verdicts that allow for the number of checks. */
import type { FidelityCheck, Finding } from "./check.ts";

/** At most this share of runs in which everything went as declared is flagged by chance. */
export const FAMILY_LEVEL = 0.01;

/**
 * Judges the findings of one run together. Where chance is involved, Holm's rule (1979) shares the family's level out:
 * the smallest of m p values is compared with level / m, the next with level / (m − 1), and so on up to the first that
 * is larger. It holds whatever the checks have to do with each other.
 *
 * @param findings All findings of a run.
 * @param level The family's level.
 * @returns The checks in the findings' order.
 */
export function judge(findings: readonly Finding[], level: number = FAMILY_LEVEL): readonly FidelityCheck[] {
  const tested = findings.filter(({ test, unavailable }) => test !== null && unavailable === undefined)
    .sort((one, other) => one.test!.p - other.test!.p);
  const thresholds = new Map<Finding, number>();
  const flagged = new Set<Finding>();
  let flags = true;
  for (const [rank, finding] of tested.entries()) {
    const threshold = level / (tested.length - rank);
    flags &&= finding.test!.p <= threshold;
    if (flags) flagged.add(finding);
    thresholds.set(finding, threshold);
  }
  return findings.map((finding) => {
    const threshold = thresholds.get(finding) ?? null;
    return { ...finding, ...verdictOf(finding, flagged.has(finding), threshold), threshold };
  });
}

function verdictOf(
  { observed, expected, test, unavailable }: Finding,
  flagged: boolean,
  threshold: number | null,
): Pick<FidelityCheck, "verdict" | "reason"> {
  if (unavailable !== undefined) return { verdict: "cannot-tell", reason: unavailable };
  if (test === null) {
    return observed!.count === expected
      ? { verdict: "pass", reason: "as declared, without exception" }
      : { verdict: "flag", reason: "not as declared" };
  }
  if (flagged) return { verdict: "flag", reason: "chance is no explanation" };
  if (threshold !== null && test.pMin > threshold) {
    return { verdict: "cannot-tell", reason: "there are too many checks for so few simulations" };
  }
  return { verdict: "pass", reason: "what chance explains" };
}
