/** Rules as people read them. */
import type { RuleSpec } from "../../discussion/design.ts";

/** A rule and its options on one line. */
export function ruleText({ name, options }: RuleSpec): string {
  const said = Object.entries(options).map(([key, value]) =>
    `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`
  );
  return [name, ...said].join(", ");
}
