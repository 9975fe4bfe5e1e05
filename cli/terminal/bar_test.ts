import assert from "node:assert/strict";
import { bar } from "./bar.ts";

Deno.test("bar() fills up by eighths", () => {
  assert.equal(bar(0, 8, 4), "░░░░");
  assert.equal(bar(1, 2, 4), "██░░");
  // 9/16 of four columns are 2 2/8 columns.
  assert.equal(bar(9, 16, 4), "██▎░");
  assert.equal(bar(8, 8, 4), "████");
});

Deno.test("bar() is full only when all is done, and whole where there is nothing to do", () => {
  assert.equal(bar(999_999, 1_000_000, 2), "█▉");
  assert.equal(bar(0, 0, 3), "███");
});
