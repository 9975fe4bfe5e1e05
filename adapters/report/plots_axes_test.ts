import assert from "node:assert/strict";
import { domainOf, ticksThatFit, tickWidth, wholeTicks } from "./plots_axes.ts";

Deno.test("domainOf() leaves room beside the values, also where they are all alike or none", () => {
  assert.deepEqual(domainOf([0, 100]), [-4, 104]);
  assert.deepEqual(domainOf([50]), [45, 55]);
  assert.deepEqual(domainOf([0, 0]), [-0.5, 0.5]);
  assert.deepEqual(domainOf([]), [0, 1]);
  // What adding up in another order comes to is no difference that an axis should show.
  const [lowest, highest] = domainOf([0.3, 0.1 + 0.2]);
  assert.ok(highest - lowest > 0.05);
});

Deno.test("wholeTicks() puts no mark between whole numbers, and no more than there is room for", () => {
  assert.equal(wholeTicks(1, 4, 10), 3);
  assert.equal(wholeTicks(1, 30, 10), 10);
  assert.equal(wholeTicks(2, 2, 10), 1);
});

Deno.test("tickWidth() grows with the digits, and ticksThatFit() falls", () => {
  assert.ok(tickWidth([0, 1e6], 5) > tickWidth([0, 1], 5));
  assert.ok(tickWidth([1.9999, 2.0001], 5) > tickWidth([1, 3], 5));
  assert.ok(ticksThatFit([0, 1e9], 300) < ticksThatFit([0, 1], 300));
  assert.equal(ticksThatFit([0, 1e15], 10), 2);
});
