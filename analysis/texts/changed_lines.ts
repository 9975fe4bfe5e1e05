/** Compares two texts by lines, and changed lines by words. */
import { diffArrays } from "npm:diff@9.0.0";

/** A part of a line. */
export type LinePart = Readonly<{ text: string; isChanged: boolean }>;

/** A line of a comparison: in both texts, only in the first (`removed`), or only in the second (`added`). */
export type ChangedLine = Readonly<{ change: "same" | "removed" | "added"; parts: readonly LinePart[] }>;

/** Texts that differ in more lines or words than this are not compared, because a comparison takes quadratic time. */
const CHANGES_MAX = 2000;

/** The words of two lines are compared if the lines share at least this part of their characters. */
const SHARED_MIN = 0.4;

const segmenter = new Intl.Segmenter("en", { granularity: "word" });

/**
 * The lines of both texts, in order. Removed lines come before the added lines that replace them.
 *
 * @example
 * ```ts
 * import { changedLines } from "./changed_lines.ts";
 * import assert from "node:assert/strict";
 *
 * assert.deepEqual(changedLines("Be calm.", "Be kind.").map(({ change }) => change), ["removed", "added"]);
 * ```
 */
export function changedLines(before: string, after: string): readonly ChangedLine[] {
  const lines: ChangedLine[] = [];
  let removed: string[] = [];
  let added: string[] = [];
  const flush = () => {
    lines.push(...replacedLines(removed, added));
    [removed, added] = [[], []];
  };
  for (const { change, values } of differences(before.split("\n"), after.split("\n"))) {
    if (change === "removed") removed.push(...values);
    else if (change === "added") added.push(...values);
    else {
      flush();
      lines.push(...values.map((text) => lineOf("same", [{ text, isChanged: false }])));
    }
  }
  flush();
  return lines;
}

type Difference = Readonly<{ change: ChangedLine["change"]; values: readonly string[] }>;

function differences(before: readonly string[], after: readonly string[]): readonly Difference[] {
  const found = diffArrays([...before], [...after], { maxEditLength: CHANGES_MAX });
  if (found === undefined) return [{ change: "removed", values: before }, { change: "added", values: after }];
  return found.map(({ value, added, removed }) => ({
    change: added ? "added" : removed ? "removed" : "same",
    values: value,
  }));
}

/** The removed lines, and the added lines that replace them. The words of similar lines are compared. */
function replacedLines(removed: readonly string[], added: readonly string[]): readonly ChangedLine[] {
  const [before, after] = [removed.join("\n"), added.join("\n")];
  const pieces = differences(wordsOf(before), wordsOf(after));
  const shared =
    pieces.filter(({ change }) => change === "same").flatMap(({ values }) => values).join("").length;
  const isCompared = shared >= SHARED_MIN * Math.max(before.length, after.length);
  const sideOf = (change: "removed" | "added", lines: readonly string[]) =>
    isCompared
      ? splitLines(pieces.filter((piece) => piece.change === "same" || piece.change === change))
        .map((parts) => lineOf(change, parts))
      : lines.map((text) => lineOf(change, [{ text, isChanged: false }]));
  return [
    ...removed.length === 0 ? [] : sideOf("removed", removed),
    ...added.length === 0 ? [] : sideOf("added", added),
  ];
}

/** Words and the white space between them. Scripts without spaces are cut into words, too. */
function wordsOf(text: string): readonly string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function splitLines(pieces: readonly Difference[]): LinePart[][] {
  const lines: LinePart[][] = [[]];
  for (const { change, values } of pieces) {
    for (const [index, text] of values.join("").split("\n").entries()) {
      if (index > 0) lines.push([]);
      if (text !== "") lines.at(-1)!.push({ text, isChanged: change !== "same" });
    }
  }
  return lines;
}

function lineOf(change: ChangedLine["change"], parts: readonly LinePart[]): ChangedLine {
  return { change, parts };
}
