/** The checks of fidelity and their verdicts. The verdicts take into account how many checks there are. */

/**
 * A count of cases, and the number of all cases. If `unit` is `mean`, `count` is a sum of figures, and `count / of` is
 * their mean.
 */
export type Reading = Readonly<{ count: number; of: number; unit: "share" | "mean" }>;

/** A test of the hypothesis that the run follows its declaration. */
export type ChanceTest = Readonly<{
  method: "exact binomial" | "chi-square" | "normal approximation" | "simulation";
  /** The p value. It is two-sided for a rate. For a distribution: the probability of a misfit at least this large. */
  p: number;
  /** The smallest p that the test can give; 0 if there is no limit. */
  pMin: number;
}>;

/**
 * The result of a check, before its verdict. Its texts can quote logs and files: neutralise them before showing them.
 */
export type Finding = Readonly<{
  /** The name of the check, such as `respond rate`. */
  check: string;
  /** The condition that is checked; `null` if all conditions are checked together. */
  condition: string | null;
  /** The declaration, for people. */
  declared: string;
  observed: Reading | null;
  /** The expected value of `observed.count`. */
  expected: number | null;
  /** The reason for the expectation, and the deviations, for people. */
  basis: string;
  /** `null` if the declaration leaves nothing to chance, so that any difference is a deviation. */
  test: ChanceTest | null;
  /** Why there can be no verdict. If it is set, the other fields do not matter. */
  unavailable?: string;
}>;

/** The verdict of a check. */
export type Verdict = "pass" | "flag" | "cannot-tell";

/** A check and its verdict. */
export type FidelityCheck =
  & Finding
  & Readonly<{
    verdict: Verdict;
    /** The reason for the verdict, for people. */
    reason: string;
    /** The threshold for p: this check's share of the family's level by Holm's rule; `null` if there is no p. */
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

/** At most this share of runs that follow their declaration is flagged by chance. */
export const FAMILY_LEVEL = 0.01;

/**
 * Gives the findings of one run their verdicts. The findings with p values share the family's level by Holm's
 * rule (1979): the smallest of m p values is compared with level / m, the next with level / (m − 1), and so on.
 * The comparisons stop at the first p value above its threshold. The rule is also valid for checks that depend
 * on each other.
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
      ? { verdict: "pass", reason: "all cases are as declared" }
      : { verdict: "flag", reason: "some cases are not as declared" };
  }
  if (flagged) return { verdict: "flag", reason: "chance does not explain the difference" };
  if (threshold !== null && test.pMin > threshold) {
    return { verdict: "cannot-tell", reason: "this number of checks needs more simulations" };
  }
  return { verdict: "pass", reason: "chance explains the difference" };
}

/** The reason why rules cannot be checked if their code is not loaded. */
export function notLoaded(rules: Iterable<string>): string {
  return `this program does not have the rule, or did not load its code: ${[...rules].join("; ")}`;
}
