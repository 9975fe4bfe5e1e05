import assert from "node:assert/strict";
import { formatCell } from "./mod.ts";

Deno.test("formatCell() writes numbers, shares, counts and probabilities as their columns say", () => {
  assert.equal(formatCell(1234567, { kind: "count" }), "1,234,567");
  assert.equal(formatCell(-0.001, { kind: "number", decimals: 2 }), "0.00");
  assert.equal(formatCell(-1.005, { kind: "number", decimals: 1 }), "−1.0");
  assert.equal(formatCell(2.075, { kind: "number", decimals: 2 }), "2.08");
  assert.equal(formatCell(0.176, { kind: "share" }), "17.6 %");
  assert.equal(formatCell(0.0009999, { kind: "p" }), "< 0.001");
  assert.equal(formatCell(1, { kind: "p" }), "1.000");
});

Deno.test("formatCell() claims no certainty that a probability does not have", () => {
  assert.equal(formatCell(0.001, { kind: "p" }), "0.001");
  assert.equal(formatCell(0.999, { kind: "p" }), "0.999");
  assert.equal(formatCell(0.9996, { kind: "p" }), "> 0.999");
  assert.equal(formatCell(0, { kind: "p" }), "< 0.001");
});

Deno.test("formatCell() parts thousands alike in all numbers, and never behind the point", () => {
  assert.equal(formatCell(-1234, { kind: "count" }), "−1,234");
  assert.equal(formatCell(-0, { kind: "count" }), "0");
  assert.equal(formatCell(100, { kind: "count" }), "100");
  assert.equal(formatCell(12345.678912, { kind: "number", decimals: 5 }), "12,345.67891");
  assert.equal(formatCell(999.9999, { kind: "number", decimals: 4 }), "999.9999");
  assert.equal(formatCell(999.996, { kind: "number", decimals: 2 }), "1,000.00");
  assert.equal(formatCell(12.5, { kind: "share" }), "1,250.0 %");
});

Deno.test("formatCell() writes intervals, reasons and nothing", () => {
  const interval = { level: 0.95, lower: -2, upper: 1.25 };
  assert.equal(formatCell(interval, { kind: "number", decimals: 2 }), "−2.00 to 1.25");
  assert.equal(formatCell({ unavailable: "there is one cluster" }, { kind: "count" }), "–");
  assert.equal(formatCell(null, { kind: "share" }), "");
  assert.equal(formatCell("<b>", { kind: "text" }), "<b>");
});

Deno.test("formatCell() gives figures of any unit three digits that count, and the bounds of an interval alike", () => {
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
