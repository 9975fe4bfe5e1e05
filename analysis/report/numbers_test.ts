import assert from "node:assert/strict";
import { formatCost, formatCount, formatDuration, plural } from "./numbers.ts";
import { formatCell } from "./mod.ts";

Deno.test("formatCost() rounds to the cent, and below 1 to three significant digits", () => {
  assert.deepEqual([0, 0.00123456, 0.5, 12.345, 1234.5].map((cost) => formatCost(cost)), [
    "0",
    "0.00123",
    "0.5",
    "12.35",
    "1234.50",
  ]);
  assert.equal(formatCost(3, "EUR"), "3.00 EUR");
});

Deno.test("formatCount() puts commas between thousands", () => {
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

Deno.test("plural() chooses singular or plural by the count", () => {
  assert.deepEqual([plural(1, "reply", "replies"), plural(2, "reply", "replies"), plural(0, "turn")], [
    "1 reply",
    "2 replies",
    "0 turns",
  ]);
});

Deno.test("formatCell() writes numbers, shares, counts and probabilities in the format of their column", () => {
  assert.equal(formatCell(1234567, { kind: "count" }), "1,234,567");
  assert.equal(formatCell(-0.001, { kind: "number", decimals: 2 }), "0.00");
  assert.equal(formatCell(-1.005, { kind: "number", decimals: 1 }), "−1.0");
  assert.equal(formatCell(2.075, { kind: "number", decimals: 2 }), "2.08");
  assert.equal(formatCell(0.176, { kind: "share" }), "17.6 %");
  assert.equal(formatCell(0.0009999, { kind: "p" }), "< 0.001");
  assert.equal(formatCell(1, { kind: "p" }), "1.000");
});

Deno.test("formatCell() writes a rounding error near 0 as 0", () => {
  assert.equal(formatCell(1e-17, { kind: "figure" }), "0");
  assert.equal(formatCell({ level: 0.95, lower: -1e-17, upper: 0 }, { kind: "figure" }), "0 to 0");
});

Deno.test("formatCell() never rounds a p to 0 or to 1", () => {
  assert.equal(formatCell(0.001, { kind: "p" }), "0.001");
  assert.equal(formatCell(0.999, { kind: "p" }), "0.999");
  assert.equal(formatCell(0.9996, { kind: "p" }), "> 0.999");
  assert.equal(formatCell(0, { kind: "p" }), "< 0.001");
});

Deno.test("formatCell() puts commas between thousands, but only before the decimal point", () => {
  assert.equal(formatCell(-1234, { kind: "count" }), "−1,234");
  assert.equal(formatCell(-0, { kind: "count" }), "0");
  assert.equal(formatCell(100, { kind: "count" }), "100");
  assert.equal(formatCell(12345.678912, { kind: "number", decimals: 5 }), "12,345.67891");
  assert.equal(formatCell(999.9999, { kind: "number", decimals: 4 }), "999.9999");
  assert.equal(formatCell(999.996, { kind: "number", decimals: 2 }), "1,000.00");
  assert.equal(formatCell(12.5, { kind: "share" }), "1,250.0 %");
});

Deno.test("formatCell() writes intervals and texts, a dash for an unavailable figure, and nothing for an empty cell", () => {
  const interval = { level: 0.95, lower: -2, upper: 1.25 };
  assert.equal(formatCell(interval, { kind: "number", decimals: 2 }), "−2.00 to 1.25");
  assert.equal(
    formatCell({ ...interval, estimate: -1 }, { kind: "number", decimals: 2 }),
    "−1.00 (−2.00 to 1.25)",
  );
  assert.equal(formatCell({ unavailable: "there is one cluster" }, { kind: "count" }), "–");
  assert.equal(formatCell(null, { kind: "share" }), "");
  assert.equal(formatCell("<b>", { kind: "text" }), "<b>");
});

Deno.test("formatCell() writes figures with three significant digits, and both ends of intervals alike", () => {
  const format = { kind: "figure" } as const;
  assert.deepEqual([-0.012345, 4.75, 47.3, 1234.5, 0].map((value) => formatCell(value, format)), [
    "−0.0123",
    "4.75",
    "47.3",
    "1,235",
    "0",
  ]);
  assert.equal(formatCell({ level: 0.95, lower: -0.0002, upper: 0.0152 }, format), "−0.0002 to 0.0152");
});
