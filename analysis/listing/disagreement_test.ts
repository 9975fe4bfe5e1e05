import assert from "node:assert/strict";
import type { Scale } from "../../core/annotation/scales/mod.ts";
import { disagreement, scaleLimits } from "./disagreement.ts";

const question = "Which?";
const ORDINAL: Scale = { name: "o", type: "ordinal", min: 1, max: 5, question };
const INTERVAL: Scale = { name: "i", type: "interval", min: -1, max: 1, question };
const NOMINAL: Scale = { name: "n", type: "nominal", labels: ["for", "against"], question };
const BOOLEAN: Scale = { name: "b", type: "boolean", question };
const TEXT: Scale = { name: "t", type: "text", maxLength: 100, question };

Deno.test("disagreement() is the difference as a share of a scale of numbers", () => {
  assert.equal(disagreement([2, 3], ORDINAL), 0.25);
  assert.equal(disagreement([5, 1, 3], ORDINAL), 1);
  assert.equal(disagreement([3, 3], ORDINAL), 0);
  assert.equal(disagreement([-0.5, 0.5], INTERVAL), 0.5);
});

Deno.test("disagreement() is 1 if labels differ, and 0 if they are equal", () => {
  assert.equal(disagreement(["for", "against"], NOMINAL), 1);
  assert.equal(disagreement(["for", "for"], NOMINAL), 0);
  assert.equal(disagreement([true, false], BOOLEAN), 1);
});

Deno.test("disagreement() is null for a single value and for free text", () => {
  assert.equal(disagreement([2], ORDINAL), null);
  assert.equal(disagreement([], ORDINAL), null);
  assert.equal(disagreement(["one", "other"], TEXT), null);
});

Deno.test("scaleLimits() gives the ends of scales of numbers, and none for labels and texts", () => {
  assert.deepEqual([ORDINAL, INTERVAL, BOOLEAN, NOMINAL, TEXT].map(scaleLimits), [
    { min: 1, max: 5 },
    { min: -1, max: 1 },
    { min: 0, max: 1 },
    null,
    null,
  ]);
});
