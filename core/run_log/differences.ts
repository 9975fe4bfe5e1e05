/** Names the differences between two JSON values. */

const SHOWN_CHARS_MAX = 60;

const SHOWN_MAX = 8;

/**
 * The differences between two JSON values, each with its path, such as `discussion.turns: 14 → 20`.
 *
 * @example
 * ```ts
 * import { differencesBetween } from "./differences.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(differencesBetween({ a: [1, 2] }, { a: [1, 3], b: "x" }), ["a.1: 2 → 3", 'b: nothing → "x"']);
 * ```
 */
export function differencesBetween(before: unknown, after: unknown): string[] {
  return [...compared("", before, after)];
}

/** The first differences as indented lines, and how many more there are. */
export function listOfDifferences(differences: readonly string[]): string {
  const more = differences.length - SHOWN_MAX;
  const shown = differences.slice(0, SHOWN_MAX);
  if (more > 0) shown.push(`… and ${more} more`);
  return shown.map((difference) => `\n  ${difference}`).join("");
}

function* compared(path: string, before: unknown, after: unknown): Generator<string> {
  if (Object.is(before, after)) return;
  if (!isTree(before) || !isTree(after) || Array.isArray(before) !== Array.isArray(after)) {
    yield `${path || "the whole"}: ${shown(before)} → ${shown(after)}`;
    return;
  }
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [held, found] = [before, after].map((tree) => Object.hasOwn(tree, key) ? tree[key] : undefined);
    yield* compared(path === "" ? key : `${path}.${key}`, held, found);
  }
}

function isTree(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length <= SHOWN_CHARS_MAX ? text : `${text.slice(0, SHOWN_CHARS_MAX - 1)}…`;
}
