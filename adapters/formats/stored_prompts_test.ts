import assert from "node:assert/strict";
import { nativeSha256 } from "../system.ts";
import { readPythonDiscussion } from "./python_discussion.ts";
import { recoverExperiment } from "./recovered_experiment.ts";
import { exampleText, PYTHON_2_0 } from "./testing/python_examples.ts";
import { comparedPrompts } from "./testing/stored_prompts.ts";

Deno.test("a recovered experiment gives the prompts that the library wrote, byte for byte", async () => {
  const source = { file: "f.json", sha256: "0".repeat(64) };
  const discussion = readPythonDiscussion(exampleText(PYTHON_2_0), source, {
    roles: [],
    sha256: nativeSha256,
  });
  const told = { condition: "moderated", factors: { condition: "moderated" } };
  const { text } = recoverExperiment([{ discussion, told }], { name: "old", sha256: nativeSha256 });
  // Three users and a moderator.
  assert.deepEqual(await comparedPrompts([discussion], text), { total: 4, equal: 4, differing: [] });
});
