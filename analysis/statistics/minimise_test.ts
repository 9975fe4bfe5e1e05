import assert from "node:assert/strict";
import { minimise } from "./minimise.ts";

const RANGE = { from: -14, to: 14, step: 2, tolerance: 1e-7 };

/** Functions whose minimum is known by hand. */
const MINIMA: readonly Readonly<{ title: string; f: (x: number) => number; at: number }>[] = [
  { title: "a parabola", f: (x) => (x - 1.2345) ** 2, at: 1.2345 },
  { title: "a steep valley", f: (x) => Math.abs(x + 3.3), at: -3.3 },
  { title: "a flat valley", f: (x) => (x - 5) ** 4, at: 5 },
  { title: "a lopsided valley", f: (x) => Math.exp(x) - 2 * x, at: Math.log(2) },
  { title: "the lower of two valleys", f: (x) => (x * x - 36) ** 2 + x, at: -6.00346921278298 },
  { title: "a function that falls to the end", f: (x) => -x, at: 14 },
  { title: "a function that rises from the beginning", f: (x) => x ** 3, at: -14 },
];

for (const { title, f, at } of MINIMA) {
  Deno.test(`minimise() finds the minimum of ${title}`, () => {
    const found = minimise(f, RANGE);
    assert.ok(Math.abs(found - at) < 2e-7, `${found}, not ${at}`);
  });
}

Deno.test("minimise() calls a smooth function at most thirty times", () => {
  let asked = 0;
  minimise((x) => {
    asked++;
    return Math.exp(x) - 2 * x;
  }, RANGE);
  assert.ok(asked <= 15 + 15, `${asked}`);
});
