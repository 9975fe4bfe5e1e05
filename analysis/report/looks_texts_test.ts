import assert from "node:assert/strict";
import { seenBeforeTexts } from "./looks_texts.ts";

Deno.test("seenBeforeTexts() names the logs that were repaired after results were seen", () => {
  const look = { command: "report", outcomes: null, finished: 4, planned: 8, at: "2026-01-01T02:03:00.000Z" };
  const repair = {
    at: "2026-01-04T05:06:00.000Z",
    discussions: ["gentle.r0001", "none.r0002"],
    looksBefore: 1,
  };
  const seen = { seenBeforeChange: [{ run: "a", look, repair }], sequence: null };
  assert.deepEqual(seenBeforeTexts(new Map([["toxicity", seen], ["words", seen]])), [
    "toxicity and words (last seen by report on 2026-01-01 02:03 UTC, when 4 of 8 planned discussions had ended; " +
    "a repair shortened 2 logs on 2026-01-04 05:06 UTC: gentle.r0001 and none.r0002)",
  ]);
});
