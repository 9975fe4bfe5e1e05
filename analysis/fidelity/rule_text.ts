/** Rules, options and personas as people read them. */
import type { Json } from "../../core/json.ts";
import type { RuleSpec } from "../../core/events/discussion_design.ts";

/** A rule and its options on one line. */
export function ruleText({ name, options }: RuleSpec): string {
  return [name, ...optionTexts(options)].join(", ");
}

/** Keys and their values on one line: `age 34, occupation nurse`; empty where there are none. */
export function optionsText(options: Readonly<Record<string, Json>>): string {
  return optionTexts(options).join(", ");
}

function optionTexts(options: Readonly<Record<string, Json>>): string[] {
  return Object.entries(options).map(([key, value]) =>
    `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`
  );
}

/** Why a check cannot be made whose rules are not at hand. */
export function notLoaded(rules: Iterable<string>): string {
  return `this program has no such rule, or did not load its code: ${[...rules].join("; ")}`;
}
