import assert from "node:assert/strict";
import { experimentDocument } from "./fingerprint.ts";
import { resolvedDesign } from "./resolved_design.ts";
import { parsed, SMALL } from "./testing.ts";

Deno.test("resolvedDesign() gives levels in the order of the file, and whether conditions are matched", async () => {
  const text =
    `${SMALL}design: { factors: { discussion.history: [3, 1], participants.count: [2] }, matched: true }\n`;
  const document = experimentDocument(await parsed(text));
  assert.deepEqual(resolvedDesign(document as Parameters<typeof resolvedDesign>[0]), {
    levels: { "discussion.history": ["3", "1"], "participants.count": ["2"] },
    matched: true,
  });
  assert.deepEqual(resolvedDesign({}), { levels: {}, matched: null });
  assert.deepEqual(resolvedDesign({ design: { factors: [1], matched: "yes" } }), {
    levels: {},
    matched: null,
  });
});
