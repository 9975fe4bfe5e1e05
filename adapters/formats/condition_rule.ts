/** Finds the conditions of imported discussions. */
import { RUN } from "../../analysis/outcomes/factors.ts";
import { TIME } from "../../core/experiment/analysis_design.ts";
import { quoted } from "../../core/experiment/problems.ts";
import { FormatError } from "./format_error.ts";

/** A condition and its factors. */
export type ToldCondition = Readonly<{ condition: string; factors: Readonly<Record<string, string>> }>;

/** The named facts about a conversation, which a ConvoKit corpus calls its meta. */
export type DiscussionMeta = Readonly<Record<string, unknown>>;

/**
 * Finds the condition of a discussion from a name (of its folder, or in a cell of its table) or from the meta
 * of its conversation; `null` if the name does not fit.
 */
export type ConditionRule = (name: string, meta?: DiscussionMeta) => ToldCondition | null;

/** Names that analyses use, so factors cannot have them. */
const TAKEN: readonly string[] = [TIME, RUN];

const META = /^meta\.[^,]+(?:,\s*meta\.[^,]+)*$/;

const PLACEHOLDER = /\{([^{}]*)\}/g;

/**
 * Reads a rule.
 *
 * @param text Without a text, the name is the condition. With placeholders, such as `{model}_{moderator}`, the text is a
 *   pattern for the name: each placeholder is a factor, and matches as few characters as possible. `meta.topic` or
 *   `meta.topic,meta.year` makes factors from the meta of conversations. Any other text is the condition of all discussions.
 * @throws {FormatError} When a placeholder has no name; when two placeholders have the same name; when a
 *   brace is not closed or not opened; when a factor's name has a colon, or is a name that analyses use
 *   themselves.
 *
 * @example
 * ```ts
 * import { readConditionRule } from "./condition_rule.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(readConditionRule("{model}_{moderator}")("tiny_no_moderator"), {
 *   condition: "tiny_no_moderator",
 *   factors: { model: "tiny", moderator: "no_moderator" },
 * });
 * ```
 */
export function readConditionRule(text?: string): ConditionRule {
  if (text === undefined) return plainly;
  if (META.test(text)) return byMeta(text);
  const factors = [...text.matchAll(PLACEHOLDER)].map(([, name]) => name!.trim());
  if (/[{}]/.test(text.replaceAll(PLACEHOLDER, ""))) {
    throw new FormatError(`Cannot read the pattern "${text}": a brace is not closed, or not opened`);
  }
  if (factors.length === 0) return () => plainly(text);
  if (factors.includes("") || new Set(factors).size < factors.length) {
    throw new FormatError(`Cannot read the pattern "${text}": every {placeholder} needs a different name`);
  }
  checkFactors(text, factors);
  const between = text.split(PLACEHOLDER).filter((_, index) => index % 2 === 0);
  const pattern = new RegExp(`^${between.map(escaped).join("(.+?)")}$`, "su");
  return (name) => {
    const levels = pattern.exec(name)?.slice(1);
    if (levels === undefined) return null;
    return {
      condition: name,
      factors: Object.fromEntries(factors.map((factor, at) => [factor, levels[at]!])),
    };
  };
}

function byMeta(text: string): ConditionRule {
  const factors = text.split(",").map((part) => part.trim().slice("meta.".length));
  checkFactors(text, factors);
  return (_name, meta) => {
    if (meta === undefined) {
      throw new FormatError(
        `Cannot find conditions with "${text}": only the folder of a ConvoKit corpus has meta`,
      );
    }
    const levels = factors.map((factor) => [factor, levelOf(factor, meta)] as const);
    const condition = levels.map(([factor, level]) => `${factor}=${level}`).join("+");
    return { condition, factors: Object.fromEntries(levels) };
  };
}

function levelOf(factor: string, meta: DiscussionMeta): string {
  const level = Object.hasOwn(meta, factor) ? meta[factor] : undefined;
  if (typeof level === "string" && level !== "" || typeof level === "number" || typeof level === "boolean") {
    return String(level);
  }
  const found = level === undefined || level === null || level === ""
    ? "is missing or empty"
    : "is not a single value";
  const names = Object.keys(meta).map(quoted).join(", ") || "nothing";
  throw new FormatError(`its condition is not known: its meta.${factor} ${found}; its meta has ${names}`);
}

function checkFactors(text: string, factors: readonly string[]): void {
  const unusable = factors.find((factor) => TAKEN.includes(factor) || factor.includes(":"));
  if (unusable === undefined) return;
  throw new FormatError(
    `Cannot read the pattern "${text}": a factor cannot be called ${quoted(unusable)}, ` +
      `since analyses use the names "${TIME}" and "${RUN}" themselves, and join factors with a colon`,
  );
}

export function conditionOf(name: string, rule: ConditionRule, meta?: DiscussionMeta): ToldCondition {
  const told = rule(name, meta);
  if (told !== null) return told;
  throw new FormatError(`its condition is called ${quoted(name)}, which does not fit the pattern`);
}

function plainly(condition: string): ToldCondition {
  return { condition, factors: { condition } };
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|\/]/g, "\\$&");
}
