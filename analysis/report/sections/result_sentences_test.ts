import assert from "node:assert/strict";
import { alternativesText, commonSteps } from "./result_sentences.ts";
import {
  type Alternative,
  type Multiverse,
  type OutcomeComparisons,
  outcomeValues,
} from "../../outcomes/mod.ts";
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

Deno.test("commonSteps() counts from the first value to the last, and gives a number that nearly all discussions reach", () => {
  const discussion = (times: readonly number[]) => times.map((time) => ({ value: 0, time, position: time }));
  const steps = (...lists: readonly (readonly number[])[]) =>
    commonSteps({ values: outcomeValues(lists.map(discussion)) });
  assert.equal(steps([0, 5, 10]), 10);
  assert.equal(steps([5, 7, 10]), 5);
  assert.equal(steps([10]), null);
  assert.equal(steps([1, 4], [2, 9], [0, 5]), 3);
  // One of 20 discussions may be shorter.
  const nineteen = Array.from({ length: 19 }, () => [0, 30]);
  assert.equal(steps([0, 2], ...nineteen), 30);
  assert.equal(steps([0, 2], [0, 3], ...nineteen), 3);
  assert.equal(steps(), null);
});
