import assert from "node:assert/strict";
import fc from "fast-check";
import { CommonSubsequence } from "./common_subsequence.ts";

/** The length by the textbook's recurrence (Cormen et al., "Introduction to Algorithms", section on the LCS problem). */
function byTable(one: readonly number[], other: readonly number[]): number {
  let above = new Array<number>(other.length + 1).fill(0);
  for (const item of one) {
    const row = [0];
    for (const [at, its] of other.entries()) {
      row.push(its === item ? above[at]! + 1 : Math.max(above[at + 1]!, row[at]!));
    }
    above = row;
  }
  return above.at(-1)!;
}

Deno.test("CommonSubsequence finds common subsequences of the same length as the textbook's table", () => {
  const items = fc.array(fc.nat(6), { maxLength: 140, size: "max" });
  fc.assert(fc.property(items, items, items, (one, other, third) => {
    const common = new CommonSubsequence(7);
    common.prepare(one);
    assert.equal(common.lengthWith(other), byTable(one, other));
    assert.equal(common.lengthWith(third), byTable(one, third), "after another comparison");
    common.prepare(other);
    assert.equal(common.lengthWith(third), byTable(other, third), "after another sequence");
  }));
});
