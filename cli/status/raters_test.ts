import assert from "node:assert/strict";
import { memoryRun } from "../../core/ports/memory_run.ts";
import { sampleRun } from "../../core/testing/sample_run.ts";
import { readRaterStatus } from "./raters.ts";

const AT = "2026-01-01T00:00:00.000Z";

Deno.test("readRaterStatus() needs no key to count ratings, leaves out the quiz, and tells who has not agreed", async () => {
  const run = await memoryRun().open(sampleRun());
  const known = { kind: "quiz", item: 0, comments: [{ author: "A", text: "Hm." }], answers: {} };
  const entries = [
    { kind: "drawn", at: AT, attempt: 1, items: [known] },
    { kind: "rated", at: AT, place: 0, box: "encrypted" },
    { kind: "confirmed", at: AT, places: 1 },
    {
      kind: "drawn",
      at: AT,
      items: [0, 1].map((comment) => ({ kind: "comment", discussion: "d", comment })),
    },
    { kind: "rated", at: AT, place: 1, box: "encrypted" },
  ];
  for (const entry of entries) await run.appendText("people/ratings/p.1.jsonl", JSON.stringify(entry));
  await run.appendText("people/ratings/p.3.jsonl", "no JSON");
  await run.record(
    { type: "ConsentGiven", data: { person: "Rita", sha256: "a".repeat(64) } },
    Date.parse(AT),
  );
  const asked = ["Rita", "Sam", "Uma"].map((rater, index) => ({ pass: "p", rater, number: index + 1 }));
  assert.deepEqual(await readRaterStatus(run, asked), [
    { pass: "p", rater: "Rita", rated: 1, of: 2, agreed: AT, withdrew: null },
    { pass: "p", rater: "Sam", rated: 0, of: 0, agreed: null, withdrew: null },
    { pass: "p", rater: "Uma", rated: null, of: null, agreed: null, withdrew: null },
  ]);
});
