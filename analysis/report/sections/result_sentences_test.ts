import assert from "node:assert/strict";
import { alternativesText } from "./result_sentences.ts";
import type { Alternative, Multiverse, OutcomeComparisons } from "../../outcomes/mod.ts";
import { unavailable } from "../../statistics/unavailable.ts";

/** A test with its own result first, then the results of its alternatives. */
function multiverse(...results: readonly (readonly [estimate: number, p: number] | null)[]): Multiverse {
  const alternatives = results.map((result, at) => ({
    isDeclared: at === 0,
    figures: result === null ? unavailable("too few") : { estimate: result[0], p: result[1] },
  }));
  return { alternatives: alternatives as unknown as readonly Alternative[] } as Multiverse;
}

function textOf(...multiverses: readonly Multiverse[]): string {
  return alternativesText({ multiverses } as unknown as OutcomeComparisons, 0.05);
}

Deno.test("alternativesText() compares each alternative with the result of its own test", () => {
  const text = textOf(
    multiverse([2, 0.01], [1, 0.2], [-1, 0.04], null),
    multiverse([-3, 0.5], [-1, 0.6]),
    // Without its own result, a test is not counted. Without alternatives, it is not counted either.
    multiverse(null, [1, 0.01]),
    multiverse([1, 0.01], null),
  );
  assert.equal(
    text,
    "Would other reasonable choices of comments and models give the same results? 2 tests were computed again with such " +
      "choices, which gives 3 further results. The effect has the same direction (higher or lower) as in the original " +
      "result of the same test in 2 of 3. The uncorrected p is on the same side of 0.05 in 2 of 3. See Effects.",
  );
  assert.match(textOf(multiverse([2, 0.01], [1, 0.02])), / 1 test was computed again .* 1 further result\. /);
  assert.equal(textOf(multiverse(null, [1, 0.01])), "");
});
