import assert from "node:assert/strict";
import { readDocument } from "./document.ts";

Deno.test("readDocument() knows the places of values, of keys and of missing values", () => {
  const { placeOf } = readDocument("a:\n  b: [1, {c: 2}]\n  d: 3\n", "f");
  assert.deepEqual(placeOf(["a", "b", 1, "c"]), { line: 2, column: 14 });
  assert.deepEqual(placeOf(["a", "d"]), { line: 3, column: 6 });
  assert.deepEqual(placeOf(["a", "d"], "key"), { line: 3, column: 3 });
  assert.deepEqual(placeOf(["a", "missing"]), { line: 1, column: 1 });
  assert.deepEqual(placeOf([]), { line: 1, column: 1 });
});

Deno.test("for a value behind an alias, readDocument() gives the place of its anchor", () => {
  const { placeOf, value } = readDocument("a: &x\n  b: 1\nc: *x\n", "f");
  assert.deepEqual(value, { a: { b: 1 }, c: { b: 1 } });
  assert.deepEqual(placeOf(["c"]), { line: 3, column: 4 });
  assert.deepEqual(placeOf(["c", "b"]), { line: 2, column: 6 });
});

Deno.test("readDocument() reads JSON with tabs", () => {
  const { value, problems } = readDocument('{\n\t"a": [true, null, 1.5]\n}', "f.json");
  assert.deepEqual([value, problems], [{ a: [true, null, 1.5] }, []]);
});

const wrongTexts: readonly [text: string, place: string, message: RegExp][] = [
  ["a: [1", "1:6", /must be sufficiently indented and end with a \]/],
  ["\ta: 1", "1:1", /tab/],
  ["a: 1\n---\nb: 2", "2:1", /several documents/],
  ["x: 1\na: *y", "2:4", /no anchor/],
  ["a: 1\na: 2", "2:1", /twice/],
  ["a: !ruby 1", "1:4", /tag/],
  ["[".repeat(101) + "]".repeat(101), "1:1", /more than 100 levels deep/],
  ["[".repeat(50_000), "1:1", /more than 100 levels deep/],
  ["&x [*x, *x]", "1:1", /more than 100 levels deep/],
];

for (const [text, place, message] of wrongTexts) {
  Deno.test(`readDocument() reports the problem of ${JSON.stringify(text.slice(0, 20))}`, () => {
    const [problem] = readDocument(text, "f").problems;
    assert.match(problem?.message ?? "", message);
    assert.equal(`${problem?.line}:${problem?.column}`, place);
  });
}

Deno.test("readDocument() lists the first errors in the syntax, and not those that follow from them", () => {
  const prose = "x | y | z\n- a: b: c\n".repeat(20);
  assert.equal(readDocument(prose, "f").problems.length, 3);
});

Deno.test("readDocument() does not expand a bomb of aliases", () => {
  // Nine lines that expand to nine to the power of nine texts.
  let text = `a0: &a0 [${Array(9).fill("x").join()}]\n`;
  for (let n = 1; n < 9; n++) text += `a${n}: &a${n} [${Array(9).fill(`*a${n - 1}`).join()}]\n`;
  const { complete, problems } = readDocument(text, "f");
  assert.equal(complete, false);
  assert.match(problems[0]!.message, /aliases .* more than 1000 times/);
});

Deno.test("readDocument() refuses a text above the size limit", () => {
  const { problems } = readDocument(" ".repeat(20_000_001), "f");
  assert.match(problems[0]!.message, /more than 20000000 characters/);
});
