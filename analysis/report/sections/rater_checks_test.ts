import assert from "node:assert/strict";
import { isUnavailable } from "../../statistics/unavailable.ts";
import { rowsOf, runFactsOf } from "../testing/mod.ts";
import { raterChecksSection } from "./rater_checks.ts";

const RITA = {
  pass: "people",
  rater: "Rita",
  checks: {
    quiz: [{ right: 3, of: 4 }, { right: 4, of: 4 }],
    scales: [
      { scale: "toxicity", repeated: 4, repeatedEqual: 3, distance: 0.5, known: 5, knownRight: 4 },
      { scale: "insult", repeated: 0, repeatedEqual: 0, distance: null, known: 0, knownRight: 0 },
    ],
  },
};

Deno.test("raterChecksSection() shows self-agreement, known answers and the quiz of each rater", () => {
  const section = raterChecksSection([runFactsOf([], { raters: [RITA] })])!;
  const [toxicity, insult] = rowsOf(section, "rater-checks-scales");
  assert.deepEqual(
    [
      toxicity!.rater,
      toxicity!.repeated,
      toxicity!.repeated_equal,
      toxicity!.distance,
      toxicity!.known_right,
    ],
    ["Rita", 4, 0.75, 0.5, 0.8],
  );
  assert.ok(isUnavailable(insult!.repeated_equal as number) && isUnavailable(insult!.known_right as number));
  assert.deepEqual(
    rowsOf(section, "rater-checks-quiz").map(({ attempt, right, items }) => [attempt, right, items]),
    [[1, 3, 4], [2, 4, 4]],
  );
});

Deno.test("raterChecksSection() is left out if no person annotated, and says which checks cannot be read", () => {
  assert.equal(raterChecksSection([runFactsOf([])]), null);
  const section = raterChecksSection([
    runFactsOf([], { raters: [{ ...RITA, checks: "the rating log is damaged" }] }),
  ])!;
  assert.match(
    JSON.stringify(section.blocks),
    /The checks of Rita in the pass people of pilot are not shown: the rating log is damaged/,
  );
});
