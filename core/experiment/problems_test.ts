import assert from "node:assert/strict";
import { described, ExperimentError, formatProblem, listed, nearest, type Problem } from "./problems.ts";

const problem = (line: number, message: string, file = "exp.yaml"): Problem => ({
  file,
  line,
  column: 1,
  path: "",
  message,
});

Deno.test("formatProblem() escapes characters that control a terminal", () => {
  const hostile = problem(1, "found \u001b[31mred\u0007 and \u202etxt.exe");
  assert.equal(formatProblem(hostile), "exp.yaml:1:1: found \\u001b[31mred\\u0007 and \\u202etxt.exe");
});

Deno.test("ExperimentError lists problems by file and line", () => {
  const error = new ExperimentError([problem(9, "c"), problem(2, "b"), problem(5, "a", "a.json")]);
  assert.equal(error.message, "a.json:5:1: a\nexp.yaml:2:1: b\nexp.yaml:9:1: c");
});

Deno.test("ExperimentError says how many problems it does not list", () => {
  const error = new ExperimentError(Array.from({ length: 103 }, (_, index) => problem(index + 1, "wrong")));
  assert.equal(error.problems.length, 103);
  assert.equal(error.message.split("\n").length, 101);
  assert.match(error.message, /… and 3 more$/);
});

Deno.test("nearest() finds a name with a typing error, and returns undefined if no name is near", () => {
  const names = ["count", "context", "personas"];
  assert.equal(nearest("cout", names), "count");
  assert.equal(nearest("Personas", names), "personas");
  assert.equal(nearest("temperature", names), undefined);
});

Deno.test("described() and listed() describe values and lists in words", () => {
  assert.equal(described("ten"), 'the text "ten"');
  assert.equal(described([]), "an empty list");
  assert.equal(described(null), "nothing");
  assert.equal(described("x".repeat(500)).length, 'the text ""'.length + 61);
  assert.equal(listed(["a", "b", "c"]), "a, b or c");
  assert.equal(listed(["a"]), "a");
});
