import assert from "node:assert/strict";
import { measureTexts } from "./text_measures.ts";

Deno.test("measureTexts() gives every figure, each with a reason of its own where there is none", () => {
  assert.deepEqual(measureTexts(["so it is", "So it goes"]), {
    diversity: 1 - 2 / 3,
    wordsCompared: null,
    distinct2: 3 / 4,
  });
  assert.deepEqual(measureTexts(["so it is"]), {
    diversity: { unavailable: "there are fewer than two comments to compare" },
    wordsCompared: null,
    distinct2: 1,
  });
  assert.deepEqual(measureTexts(["yes", "no"]), {
    diversity: 1,
    wordsCompared: null,
    distinct2: { unavailable: "no comment has 2 words in a row" },
  });
});
