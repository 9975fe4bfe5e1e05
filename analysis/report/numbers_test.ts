import assert from "node:assert/strict";
import { formatCost, formatCount, formatDuration, plural } from "./numbers.ts";

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
