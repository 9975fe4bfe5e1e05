/** The schema of openings. Reads lists of openings. */
import { z } from "../zod.ts";
import { hasColumn, missingColumn, underNames } from "./csv.ts";
import type { Opening } from "./experiment.ts";
import type { ReadList } from "./personas.ts";
import { type Finding, mismatch, within } from "./problems.ts";
import { findingsOf } from "./schema_findings.ts";
import { jsonOf, type JsonSchema, listForms, visibleLine, visibleText } from "./schema_parts.ts";

const EXPECTED = "a list of openings; an opening is a text, { author, text }, or a list of these";

const openingCommentSchema = z.strictObject({
  author: visibleLine("The comment's author. When left out, a participant is drawn").optional(),
  text: visibleText("The comment's text"),
}, { error: "a text, or { author, text }" });

export function openingForms(): JsonSchema[] {
  const comment = [{ type: "string" }, jsonOf(openingCommentSchema)];
  return listForms({
    title: "opening",
    anyOf: [...comment, { type: "array", minItems: 1, items: { anyOf: comment } }],
  });
}

export function readOpenings(value: unknown): ReadList<Opening> {
  if (!Array.isArray(value)) return { items: [], findings: [mismatch([], EXPECTED, value)] };
  if (value.length === 0) {
    return { items: [], findings: [{ path: [], message: "there is no opening in the list" }] };
  }
  const findings: Finding[] = [];
  const items = value.map((entry: unknown, index): Opening => {
    if (!Array.isArray(entry)) return [readComment(entry, [index], findings)];
    if (entry.length === 0) findings.push({ path: [index], message: "there is no comment in this opening" });
    return entry.map((comment, at) => readComment(comment, [index, at], findings));
  });
  return { items, findings };
}

type Comment = Opening[number];

function readComment(value: unknown, path: readonly number[], findings: Finding[]): Comment {
  const comment = typeof value === "string" ? { text: value } : value;
  const wrong = findingsOf(openingCommentSchema, comment);
  findings.push(...within(path, wrong).map((f) => typeof value === "string" ? { ...f, path } : f));
  return wrong.length === 0 ? comment as Comment : { text: "" };
}

/**
 * Reads openings from a CSV file with the column `text`, and optionally `author` and `opening`. Rows with the same
 * `opening` are the comments of one opening; a row without `opening` is a separate opening.
 */
export function readOpeningRows(rows: unknown, columns: readonly string[]): ReadList<Opening> {
  if (!Array.isArray(rows) || rows.length === 0) {
    return { items: [], findings: [{ path: [], message: "there is no row in the file" }] };
  }
  if (!hasColumn(columns, ["text"])) return { items: [], findings: [missingColumn(columns, ["text"])] };
  const findings: Finding[] = [];
  const items = new Map<unknown, Comment[]>();
  for (const [index, row] of underNames(rows, columns, ["text", "author", "opening"]).entries()) {
    const { opening, ...comment } = row;
    const key = opening ?? Symbol(index);
    const wrong = findingsOf(openingCommentSchema, comment);
    findings.push(...within([index], wrong));
    if (wrong.length > 0) continue;
    const comments = items.get(key) ?? [];
    comments.push(comment as Comment);
    items.set(key, comments);
  }
  return { items: [...items.values()], findings };
}
