import assert from "node:assert/strict";
import { Allowance } from "./allowance.ts";

Deno.test("Allowance reports whole numbers, even if an odd amount was used", () => {
  const allowance = new Allowance("budget", 1_000);
  allowance.add(200);
  allowance.take(101);
  for (let nth = 0; nth < 9; nth++) {
    const report = allowance.report(2 * allowance.use, false);
    for (const key of ["wants", "least", "keeps", "spent"] as const) {
      assert.ok(Number.isInteger(report[key]), `${key}: ${report[key]}`);
    }
  }
  assert.equal(allowance.use, 0);
});
