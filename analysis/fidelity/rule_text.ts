/** Why a check of rules cannot be made. */

/** Why a check cannot be made whose rules are not at hand. */
export function notLoaded(rules: Iterable<string>): string {
  return `this program has no such rule, or did not load its code: ${[...rules].join("; ")}`;
}
