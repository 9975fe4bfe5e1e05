import assert from "node:assert/strict";
import {
  formatCost,
  formatCount,
  formatDuration,
  formatRate,
  formatShare,
  formatShort,
  plural,
} from "./numbers.ts";

Deno.test("formatCost() is precise to the cent, and to three figures below one", () => {
  assert.deepEqual([0, 0.00123456, 0.5, 12.345, 1234.5].map((cost) => formatCost(cost)), [
    "0",
    "0.00123",
    "0.5",
    "12.35",
    "1234.50",
  ]);
  assert.equal(formatCost(3, "EUR"), "3.00 EUR");
});

Deno.test("formatCount() sets thousands apart", () => {
  assert.deepEqual([0, 999, 1000, 1234567].map(formatCount), ["0", "999", "1,000", "1,234,567"]);
});

Deno.test("formatShort() keeps three digits", () => {
  assert.deepEqual(
    [0, 950, 12345, 999_949, 999_950, 4_560_000, 2e9].map(formatShort),
    ["0", "950", "12.3 k", "1.00 M", "1.00 M", "4.56 M", "2.00 G"],
  );
  assert.equal(formatShort(998_900), "999 k");
});

Deno.test("formatShare() says 100 % only of all", () => {
  assert.equal(formatShare(999, 1000), "99 %");
  assert.equal(formatShare(1000, 1000), "100 %");
  assert.equal(formatShare(0, 0), "–");
});

Deno.test("formatRate() turns to minutes for slow models", () => {
  assert.deepEqual([31_200, 42, 4.21, 0.5, 0.01].map(formatRate), [
    "31,200/s",
    "42/s",
    "4.2/s",
    "30/min",
    "0.6/min",
  ]);
});

Deno.test("formatDuration() gives the two largest units", () => {
  const second = 1000;
  const minute = 60 * second;
  const hour = 60 * minute;
  assert.deepEqual(
    [
      400,
      12 * second,
      59.6 * second,
      2 * minute + 49 * second,
      3 * hour + 12 * minute,
      99 * hour + 10 * minute,
    ]
      .map(formatDuration),
    ["0.4 s", "12 s", "1 min 0 s", "2 min 49 s", "3 h 12 min", "4 d 3 h"],
  );
});

Deno.test("plural() agrees with its count", () => {
  assert.deepEqual([plural(1, "reply", "replies"), plural(2, "reply", "replies"), plural(0, "turn")], [
    "1 reply",
    "2 replies",
    "0 turns",
  ]);
});
