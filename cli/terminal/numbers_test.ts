import assert from "node:assert/strict";
import { formatRate, formatShare, formatShort } from "./numbers.ts";

Deno.test("formatShort() keeps three digits", () => {
  assert.deepEqual(
    [0, 950, 12345, 999_949, 999_950, 4_560_000, 2e9].map(formatShort),
    ["0", "950", "12.3 k", "1.00 M", "1.00 M", "4.56 M", "2.00 G"],
  );
  assert.equal(formatShort(998_900), "999 k");
});

Deno.test("formatShare() returns 100 % only for the whole", () => {
  assert.equal(formatShare(999, 1000), "99 %");
  assert.equal(formatShare(1000, 1000), "100 %");
  assert.equal(formatShare(0, 0), "–");
});

Deno.test("formatRate() counts per minute below one a second", () => {
  assert.deepEqual([31_200, 42, 4.21, 0.5, 0.01].map(formatRate), [
    "31,200/s",
    "42/s",
    "4.2/s",
    "30/min",
    "0.6/min",
  ]);
});
