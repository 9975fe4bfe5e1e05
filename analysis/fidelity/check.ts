/** Checks of fidelity: what ran against what was declared. */

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
  /** The smallest p that the test can give; 0 where it can be as small as it likes. */
  pMin: number;
}>;

/** What was found, before it is judged. Its texts can hold what logs and files say: make them harmless to show them. */
export type Finding = Readonly<{
  /** What is checked, such as `respond rate`. */
  check: string;
  /** The condition that it is checked in; `null` where all conditions are checked together. */
  condition: string | null;
  /** What was declared, for people. */
  declared: string;
  observed: Reading | null;
  /** What `observed.count` is expected to be. */
  expected: number | null;
  /** What the expectation rests on, or what was found that differs, for people. */
  basis: string;
  /** `null` where nothing is left to chance: any difference is a deviation. */
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
    /** What p was compared with: the family's level, shared out by Holm's rule; `null` where no chance is involved. */
    threshold: number | null;
  }>;

/** A finding where nothing is left to chance. */
export function ruleFinding(
  check: string,
  parts: Omit<Finding, "check" | "test" | "condition" | "unavailable">,
): Finding {
  return { check, condition: null, ...parts, test: null };
}

/** A check that cannot be made. */
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
