/** What a check of fidelity counted, in words: the same on a terminal and in a report. */
import type { FidelityCheck } from "../fidelity/mod.ts";
import { formatCount } from "./numbers.ts";

/** A check by its name, and the condition that it was made in. */
export function checkName({ check, condition }: FidelityCheck): string {
  return condition === null ? check : `${check} (${condition})`;
}

/** What was observed: how many of how many, or a mean; empty where nothing was. */
export function observedText({ observed }: FidelityCheck): string {
  if (observed === null) return "";
  const { count, of, unit } = observed;
  return unit === "mean"
    ? `${(count / of).toFixed(2)} over ${formatCount(of)}`
    : `${formatCount(count)} of ${formatCount(of)} (${percentage(count, of)})`;
}

/** What was expected: a count where nothing is left to chance, else a share or a mean. */
export function expectedText({ observed, expected, test }: FidelityCheck): string {
  if (observed === null || expected === null) return "";
  if (observed.unit === "mean") return (expected / observed.of).toFixed(2);
  return test === null ? formatCount(expected) : percentage(expected, observed.of);
}

/** One digit; `100.0 %` means all. */
function percentage(part: number, whole: number): string {
  const share = 100 * part / whole;
  return `${(part < whole ? Math.min(share, 99.9) : share).toFixed(1)} %`;
}
