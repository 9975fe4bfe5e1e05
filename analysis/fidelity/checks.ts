/** The checks of fidelity, and their verdicts, which allow for the number of checks. */
/**
 * What is counted: how many of how many. Where `unit` is `mean`, `count` is a sum of figures, and its mean over `of` is
 * what is looked at.
 */
export type Reading = Readonly<{ count: number; of: number; unit: "share" | "mean" }>;

/** How probable what was observed is, if what was declared ran. */
export type ChanceTest = Readonly<{
  method: "exact binomial" | "chi-square" | "normal approximation" | "simulation";
  /** Two-sided for a rate; of a misfit at least as large for a distribution. */
  p: number;
  /** The smallest p that the test can give; 0 if it can be as small as it likes. */
  pMin: number;
}>;

/** What was found, before the verdict. Its texts can quote logs and files: make them harmless before showing them. */
export type Finding = Readonly<{
  /** What is checked, such as `respond rate`. */
  check: string;
  /** The condition that it is checked in; `null` if all conditions are checked together. */
  condition: string | null;
  /** What was declared, for people. */
  declared: string;
  observed: Reading | null;
  /** What `observed.count` is expected to be. */
  expected: number | null;
  /** What the expectation rests on, or what was found that differs, for people. */
  basis: string;
  /** `null` if nothing is left to chance: any difference is a deviation. */
  test: ChanceTest | null;
  /** Why it cannot be told; with it, nothing else counts. */
  unavailable?: string;
}>;

/** What a check comes to. */
export type Verdict = "pass" | "flag" | "cannot-tell";

/** A check and its verdict. */
export type FidelityCheck =
  & Finding
  & Readonly<{
    verdict: Verdict;
    /** Why, for people. */
    reason: string;
    /** What p was compared with: the family's level, shared out by Holm's rule; `null` if no chance is involved. */
    threshold: number | null;
  }>;

export function ruleFinding(
  check: string,
  parts: Omit<Finding, "check" | "test" | "condition" | "unavailable">,
): Finding {
  return { check, condition: null, ...parts, test: null };
}

export function cannotTell(check: string, declared: string, reason: string): Finding {
  return {
    check,
    condition: null,
    declared,
    observed: null,
    expected: null,
    basis: "",
    test: null,
    unavailable: reason,
  };
}

/** At most this share of runs in which everything went as declared is flagged by chance. */
export const FAMILY_LEVEL = 0.01;

/**
 * Gives the findings of one run their verdicts. Where chance is involved, Holm's rule (1979) shares the family's level:
 * the smallest of m p values is compared with level / m, the next with level / (m − 1), and so on up to the first that
 * is larger. The rule holds for dependent checks, too.
 */
export function withVerdicts(
  findings: readonly Finding[],
  level: number = FAMILY_LEVEL,
): readonly FidelityCheck[] {
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
