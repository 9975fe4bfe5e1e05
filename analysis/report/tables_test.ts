import assert from "node:assert/strict";
import { decimalsFor } from "./numbers.ts";
import { columnKeys, TableIds } from "./tables.ts";

Deno.test("TableIds makes unique ids of a–z, digits and hyphens", () => {
  const ids = new TableIds("outcomes");
  assert.equal(ids.next("Second/Toxicity", "by", "a b"), "outcomes-second-toxicity-by-a-b");
  assert.equal(ids.next("second=toxicity", "by", "a/b"), "outcomes-second-toxicity-by-a-b-2");
  assert.equal(ids.next("毒性"), "outcomes");
  assert.equal(ids.next("Ärger "), "outcomes-arger");
  assert.equal(ids.next("2"), "outcomes-2");
  assert.equal(ids.next("憎悪"), "outcomes-3", "the second name is taken");
});

Deno.test("columnKeys() makes unique keys for columns", () => {
  assert.deepEqual(columnKeys(["a/b mean", "a b mean", "毒", "性"]), [
    "a_b_mean",
    "a_b_mean_2",
    "unnamed",
    "unnamed_2",
  ]);
});

Deno.test("decimalsFor() gives the largest figure three digits", () => {
  const interval = { level: 0.95, lower: -12.5, upper: 3 };
  assert.equal(decimalsFor([0.1762, 0.02, null, "text", { unavailable: "none" }]), 3);
  assert.equal(decimalsFor([64.1, 3]), 1);
  assert.equal(decimalsFor([1, interval]), 1);
  assert.equal(decimalsFor([12345]), 0);
  assert.equal(decimalsFor([1e-12]), 0);
  assert.equal(decimalsFor([0, null]), 0);
});
