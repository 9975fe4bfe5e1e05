import assert from "node:assert/strict";
import { readConditionRule } from "./condition_rule.ts";
import { FormatError } from "./format_error.ts";
import { isSilence } from "./imported_discussion.ts";
import { positionsOf, readPythonAnnotations } from "./python_annotations.ts";
import { findScoreColumns, readScoreRow } from "./score_table.ts";
import { exampleText, PYTHON_2_0, PYTHON_2_2 } from "./testing/python_examples.ts";

Deno.test("isSilence() is true only for quotation marks and spaces", () => {
  for (const text of ["", '""', ' "" ', '" "', '"', "\n"]) assert.ok(isSilence(text), text);
  for (const text of ['""\n```', "''", "“”", ".", "\u200b", "PASS"]) assert.ok(!isSilence(text), text);
});

Deno.test("readConditionRule() reads the condition from the whole name, a fixed text, or parts of the name", () => {
  assert.deepEqual(readConditionRule()("a.b"), { condition: "a.b", factors: { condition: "a.b" } });
  assert.deepEqual(readConditionRule("old")("a"), { condition: "old", factors: { condition: "old" } });
  const rule = readConditionRule("{m}(x)-{n}.");
  assert.deepEqual(rule("1(x)-2."), { condition: "1(x)-2.", factors: { m: "1", n: "2" } });
  assert.equal(rule("1(x)-2!"), null);
  assert.throws(() => readConditionRule("{a}{a}"), FormatError);
  assert.throws(() => readConditionRule("{}"), FormatError);
  assert.throws(() => readConditionRule("{a}_{b"), /a brace is not closed, or not opened/);
  assert.throws(() => readConditionRule("a}"), FormatError);
});

function slotsOf(name: string) {
  const { logs } = JSON.parse(exampleText(name)) as { logs: readonly { name: string; text: string }[] };
  return logs.map(({ name, text }) => ({ author: name, text }));
}

Deno.test("readPythonAnnotations() reads both shapes, and positionsOf() matches replies with slots by their order", () => {
  const all = readPythonAnnotations(exampleText("annotations/rater_of_all.json"));
  assert.deepEqual([all.model, all.history, all.replies.length], ["judge", 2, 14]);
  assert.deepEqual(positionsOf(all.replies, slotsOf(PYTHON_2_0)), Array.from({ length: 14 }, (_, at) => at));
  const users = readPythonAnnotations(exampleText("annotations/rater_of_users.json"));
  // This annotator skipped the moderator, who was asked after each of the six turns.
  assert.deepEqual(positionsOf(users.replies, slotsOf(PYTHON_2_0)), [0, 1, 2, 4, 6, 8, 10, 12]);
  const later = readPythonAnnotations(exampleText("annotations/rater_2_2.json"));
  assert.equal(later.discussion, null);
  assert.deepEqual(positionsOf(later.replies, slotsOf(PYTHON_2_2)), [0, 1, 2, 3, 4, 5, 6, 7]);
  assert.equal(positionsOf(later.replies, slotsOf(PYTHON_2_0)), null);
});

Deno.test("positionsOf() refuses replies about other texts, even if their number fits", () => {
  const { replies } = readPythonAnnotations(exampleText("annotations/rater_of_all.json"));
  const slots = slotsOf(PYTHON_2_0);
  assert.equal(positionsOf(replies, slots.with(3, { author: "moderator", text: "Other." })), null);
});

Deno.test("readPythonAnnotations() refuses discussions, and entries that are not pairs", () => {
  assert.throws(() => readPythonAnnotations(exampleText(PYTHON_2_2)), { message: /it holds a discussion/ });
  const file = { conv_id: "x", annotator_model: "m", annotator_prompt: "{}", logs: [["a", "1"], ["b"]] };
  assert.throws(() => readPythonAnnotations(JSON.stringify(file)), {
    message: /entry 1 of "logs" is not a pair/,
  });
});

Deno.test("readScoreRow() reads decimal numbers, and refuses other values", () => {
  const columns = findScoreColumns(["discussion_id", "comment_index", "toxicity"], {
    mapped: {},
    name: "toxicity",
  });
  assert.deepEqual(columns, { discussion: "discussion_id", position: "comment_index", score: "toxicity" });
  const row = (position: unknown, score: unknown) =>
    readScoreRow(
      { line: 7, record: { discussion_id: "d", comment_index: position, toxicity: score } },
      columns,
      "imported",
    );
  assert.deepEqual(row("3", " 0.016964182 "), {
    discussion: "d",
    row: { line: 7, position: 3, score: 0.016964182, annotator: "imported" },
  });
  const scored = { discussion_id: "d", comment_index: 0, toxicity: 1, annotator: " Kim " };
  const named = readScoreRow({ line: 7, record: scored }, { ...columns, annotator: "annotator" }, "imported");
  assert.equal(named.row.annotator, "Kim");
  for (const score of ["", " ", "NaN", "Infinity", "0,5", "nan", null, true, "0x10", "0b11", "1_000"]) {
    assert.throws(() => row("3", score), { name: "FormatError", line: 7, message: /expected a number/ });
  }
  for (const score of ["9007199254740993", "1212092628029698048"]) {
    assert.throws(() => row("3", score), {
      name: "FormatError",
      message: `its score is "${score}": it has more digits than can be stored`,
    });
  }
  for (const position of ["-1", "1.5", "", "one", "0x1"]) {
    assert.throws(() => row(position, "1"), { name: "FormatError", message: /expected a whole number/ });
  }
});
