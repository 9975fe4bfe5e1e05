import assert from "node:assert/strict";
import { branchFile } from "./branch.ts";
import { readDocument } from "./document.ts";
import { SMALL } from "./testing.ts";

Deno.test("branchFile() keeps the outcomes of the analysis, and leaves out everything that names factors of the run", () => {
  const text = `${SMALL}design: { factors: { discussion.history: [1, 3] } }
analysis:
  question: Does it matter?
  outcomes: [words]
  effects: [discussion.history]
  reference: { discussion.history: 1 }
  adjust: [discussion.history]
  looks: [2]
  correction: none
`;
  const { read, findings } = branchFile(readDocument(text, "e.yaml").value as Record<string, unknown>, {
    past: { run: "run", discussions: ["d"], at: 2 },
    name: "branches",
    factors: { "discussion.history": "1" },
    changes: { "discussion.turns": 9 },
    replications: 2,
  });
  assert.deepEqual(findings, []);
  assert.deepEqual(read.analysis, {
    outcomes: ["words"],
    effects: ["branch"],
    reference: { branch: "unchanged" },
    correction: "none",
  });
});
