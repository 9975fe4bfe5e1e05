import assert from "node:assert/strict";
import type { RaterProgress } from "../../adapters/people/rater_progress.ts";
import { raterParts } from "./rater_lines.ts";

const RATING: RaterProgress = { rater: "Rita", standing: "agreed", rated: 12, of: 40, isFinished: false };

Deno.test("raterParts() says how far each rater is, and who has not agreed", () => {
  const raters: readonly RaterProgress[] = [
    RATING,
    { ...RATING, rater: "Sam", rated: 40, isFinished: true },
    { ...RATING, rater: "Uma", standing: "not-asked", rated: 0, of: 0 },
    { ...RATING, rater: "Eve\x1b[2J", standing: "declined", rated: 0, of: 0 },
    { ...RATING, rater: "Tom", rated: 0, of: 0 },
    { ...RATING, rater: "Ann", standing: "withdrew", rated: 3 },
  ];
  assert.deepEqual(raterParts(raters), [
    "Rita 12/40",
    "Sam 40/40 finished",
    "Uma not agreed yet",
    "Eve\\u{1b}[2J refused",
    "Tom not begun",
    "Ann 3/40 withdrew",
  ]);
  assert.deepEqual(raterParts([]), []);
});

Deno.test("raterParts() counts many raters", () => {
  const many = Array.from({ length: 9 }, (_, index): RaterProgress => ({
    ...RATING,
    rater: `R${index}`,
    ...(index < 3 ? {} : { standing: "not-asked", rated: 0, of: 0 }),
  }));
  assert.deepEqual(raterParts(many), ["3 rating", "6 not agreed yet", "36/120 items of those who began"]);
});
