import assert from "node:assert/strict";
import { differencesBetween, listOfDifferences } from "./differences.ts";

Deno.test("differencesBetween() names changed, added and removed values", () => {
  const before = { seed: 1, discussion: { turns: 14, history: null }, personas: ["Ada", "Bob"] };
  const after = { seed: 1, discussion: { turns: 20, history: 3 }, personas: ["Ada"], name: "x" };
  assert.deepEqual(differencesBetween(before, after), [
    "discussion.turns: 14 → 20",
    "discussion.history: null → 3",
    'personas.1: "Bob" → nothing',
    'name: nothing → "x"',
  ]);
  assert.deepEqual(differencesBetween(before, structuredClone(before)), []);
});

Deno.test("differencesBetween() does not compare lists with objects, and shortens long values", () => {
  assert.deepEqual(differencesBetween({ a: [] }, { a: {} }), ["a: [] → {}"]);
  assert.deepEqual(differencesBetween([1], null), ["the whole: [1] → null"]);
  assert.deepEqual(differencesBetween({ a: "x".repeat(99) }, {}), [`a: "${"x".repeat(58)}… → nothing`]);
});

Deno.test("listOfDifferences() shows the first eight differences, and how many more there are", () => {
  assert.equal(listOfDifferences([]), "");
  assert.equal(listOfDifferences(["a: 1 → 2"]), "\n  a: 1 → 2");
  const many = listOfDifferences(Array.from({ length: 11 }, (_, index) => `d${index}`));
  assert.ok(many.endsWith("\n  d7\n  … and 3 more"));
});
