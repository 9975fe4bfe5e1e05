import assert from "node:assert/strict";
import { readDocument } from "./document.ts";
import { extensionPathsOf } from "./extension_paths.ts";

Deno.test("extensionPathsOf() finds the code files of strategies, schedules and adapters, also in the levels of factors", () => {
  const text = `
models: { a: { adapter: ./a.ts }, b: { adapter: scripted } }
discussion: { turnTaking: { strategy: mention, fallback: b.js } }
moderators: { x: { schedule: { schedule: ../c.ts, k: 1 } }, y: { schedule: every-turn } }
design:
  factors: { models.b.adapter: [scripted, ./a.ts] }
  vary: { discussion.turnTaking: [./d.mjs, random] }
`;
  assert.deepEqual(extensionPathsOf(readDocument(text, "exp.yaml")), [
    { kind: "adapter", path: "./a.ts" },
    { kind: "strategy", path: "b.js" },
    { kind: "schedule", path: "../c.ts" },
    { kind: "strategy", path: "./d.mjs" },
  ]);
});

Deno.test("extensionPathsOf() finds no files in a malformed experiment file", () => {
  for (const text of ["", "[", "models: 3", "models: { a: 1 }\ndesign: { factors: 2 }"]) {
    assert.deepEqual(extensionPathsOf(readDocument(text, "exp.yaml")), []);
  }
});
