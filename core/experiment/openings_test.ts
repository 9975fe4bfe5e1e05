import assert from "node:assert/strict";
import { readOpeningRows, readOpenings } from "./openings.ts";

Deno.test("readOpenings() reads texts, comments with authors, and openings of several comments", () => {
  const { items, findings } = readOpenings(["One", { author: "Zoe", text: "Two" }, ["Three", {
    text: "Four",
  }]]);
  assert.deepEqual(findings, []);
  assert.deepEqual(items, [
    [{ text: "One" }],
    [{ author: "Zoe", text: "Two" }],
    [{ text: "Three" }, { text: "Four" }],
  ]);
});

Deno.test("readOpenings() reports all problems", () => {
  const { findings } = readOpenings(["  ", [], { txt: "x" }, [{ text: "y", author: 3 }], 7]);
  assert.deepEqual(findings.map(({ path, message, suggestion }) => [path.join("."), message, suggestion]), [
    ["0", 'expected a text, found the text "  "', undefined],
    ["1", "there is no comment in this opening", undefined],
    ["2.text", "is missing: expected a text", undefined],
    ["2.txt", "unknown key", "text"],
    [
      "3.0.author",
      "expected a name: one line of 1 to 200 visible characters without spaces around it, found 3",
      undefined,
    ],
    ["4", "expected a text, or { author, text }, found 7", undefined],
  ]);
});

Deno.test("readOpeningRows() groups rows with the same opening, even if other rows are between them", () => {
  const { items } = readOpeningRows([
    { opening: "1", text: "a", author: "Zoe" },
    { text: "alone" },
    { opening: "2", text: "b" },
    { opening: "1", text: "c" },
    { text: "alone too" },
  ], ["opening", "text", "author"]);
  assert.deepEqual(items, [
    [{ text: "a", author: "Zoe" }, { text: "c" }],
    [{ text: "alone" }],
    [{ text: "b" }],
    [{ text: "alone too" }],
  ]);
});

Deno.test("readOpeningRows() reports unknown columns and rows without a text", () => {
  const { findings } = readOpeningRows([{ text: "a", auhtor: "Zoe" }, { author: "Zoe" }], [
    "text",
    "auhtor",
    "author",
  ]);
  assert.deepEqual(findings.map(({ path, suggestion }) => [path.join("."), suggestion]), [
    ["0.auhtor", "author"],
    ["1.text", undefined],
  ]);
});

Deno.test("readOpeningRows() ignores the case of column names, and lists the columns of a table without a text column", () => {
  const { items } = readOpeningRows([{ Opening: "1", TEXT: "a", Author: "Zoe" }], [
    "Opening",
    "TEXT",
    "Author",
  ]);
  assert.deepEqual(items, [[{ text: "a", author: "Zoe" }]]);
  assert.deepEqual(readOpeningRows([{ comment: "a" }], ["comment"]).findings, [
    { path: [], message: 'the table has no column text: its columns are "comment"' },
  ]);
});
