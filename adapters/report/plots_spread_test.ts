import assert from "node:assert/strict";
import fc from "fast-check";
import { spread } from "./plots_spread.ts";

Deno.test("spread() keeps dots within the height, about the middle, and apart where there is room", () => {
  fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 200 }), (places) => {
    const offsets = spread(places, 5, 32);
    assert.equal(offsets.length, places.length);
    assert.ok(offsets.every((offset) => Math.abs(offset) <= (32 - 5) / 2 + 1e-9));
    for (const place of new Set(places)) {
      const stack = offsets.filter((_, index) => places[index] === place);
      assert.equal(new Set(stack).size, stack.length);
    }
  }));
  assert.deepEqual(spread([7, 7, 7], 5, 32), [-5, 0, 5]);
  assert.deepEqual(spread([], 5, 32), []);
});
