import assert from "node:assert/strict";
import { openDraw } from "../random/mod.ts";
import { turnView } from "../testing/mod.ts";
import { weighted } from "./weighted.ts";

/** How often each participant is chosen, over 6000 seeds. */
function speakers(talkativeness: readonly number[], last: number | null): number[] {
  const names = talkativeness.map((_, index) => `P${index}`);
  const participants = names.map((name, index) => ({ name, talkativeness: talkativeness[index]! }));
  const counts = names.map(() => 0);
  for (let seed = 0; seed < 6000; seed++) {
    counts[weighted.select(turnView(names, { participants, last }), openDraw(String(seed)), {})]!++;
  }
  return counts;
}

Deno.test("weighted gives turns in proportion to talkativeness, except to the last speaker", () => {
  // Without the last speaker (weight 7), the weights 1 and 2 remain.
  const counts = speakers([1, 7, 2], 1);
  assert.equal(counts[1], 0);
  // Central 99.9 % of the binomial distribution with n = 6000 and p = 1/3.
  assert.ok(counts[0]! >= 1880 && counts[0]! <= 2121, `${counts}`);
});

Deno.test("weighted draws the first speaker by weight as well", () => {
  const counts = speakers([0.25, 0.25], null);
  // Central 99.9 % of the binomial distribution with n = 6000 and p = 0.5.
  assert.ok(counts[0]! >= 2873 && counts[0]! <= 3127, `${counts}`);
});

Deno.test("weighted gives participants of weight 0 a turn only if no participant with a weight can speak", () => {
  assert.deepEqual(speakers([0, 1, 0], null), [0, 6000, 0]);
  const counts = speakers([0, 1, 0], 1);
  assert.equal(counts[1], 0);
  assert.ok(counts[0]! >= 2873 && counts[0]! <= 3127, `${counts}`);
});
