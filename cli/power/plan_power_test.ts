import assert from "node:assert/strict";
import { limitOf } from "./plan_power.ts";

Deno.test("limitOf() is the level of a test at the last of the declared looks", () => {
  assert.equal(limitOf({ level: 0.9 }).toFixed(4), "0.1000");
  // The published boundaries of the last of two and of five looks are 1.969 and 2.031 standard deviations.
  assert.equal(limitOf({ level: 0.95, looks: [50, 100] }).toFixed(3), "0.049");
  assert.equal(limitOf({ level: 0.95, looks: [20, 40, 60, 80, 100] }).toFixed(3), "0.042");
});
