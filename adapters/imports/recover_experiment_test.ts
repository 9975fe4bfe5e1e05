import assert from "node:assert/strict";
import { readConditionRule } from "../formats/condition_rule.ts";
import { pythonFile } from "../formats/testing/python_files.ts";
import { inFolder } from "../testing/in_folder.ts";
import { recoverFromFiles } from "./recover_experiment.ts";
import { collector } from "./testing/importing.ts";

const FILE = pythonFile({ model: "m", users: ["ann", "ben"], moderator: "Keep calm." });

/**
 * Recovers an experiment from files.
 *
 * @param files Name → text.
 */
function recoveredFrom(files: Readonly<Record<string, string>>) {
  return inFolder(async (folder) => {
    for (const [name, text] of Object.entries(files)) {
      await Deno.mkdir(`${folder}/${name.split("/")[0]}`, { recursive: true });
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    const { problems, found } = collector();
    const options = {
      name: "old",
      file: "old.yaml",
      condition: readConditionRule(),
      roles: [],
      strict: false,
    };
    const outcome = await recoverFromFiles([folder], { ...options, found });
    return {
      outcome,
      problems: problems.map(({ file, message }) => [file.slice(folder.length + 1), message]),
    };
  });
}

Deno.test("recoverFromFiles() leaves out files whose prompts it cannot read", async () => {
  const changed = (changes: object) =>
    JSON.stringify({ ...JSON.parse(FILE), id: crypto.randomUUID(), ...changes });
  const prompt = JSON.parse(FILE).user_prompts[0];
  const { outcome, problems } = await recoveredFrom({
    "a/1.json": FILE,
    "a/2.json": changed({ user_prompts: [prompt, "not json"] }),
    "a/3.json": changed({ moderator_prompt: null }),
  });
  assert.equal(outcome.discussions, 1);
  assert.doesNotMatch(outcome.text, /not json/);
  assert.deepEqual(problems, [
    [
      "a/2.json",
      'the prompt of "ben" is not JSON with a context, instructions and a persona, so it cannot be recovered',
    ],
    [
      "a/3.json",
      'the prompt of "moderator" is not JSON with a context, instructions and a persona, so it cannot be recovered',
    ],
  ]);
});

Deno.test("recoverFromFiles() counts a discussion once, even if several folders hold it", async () => {
  const { outcome, problems } = await recoveredFrom({ "a/1.json": FILE, "a/2.json": FILE, "b/1.json": FILE });
  assert.equal(outcome.discussions, 1);
  assert.match(outcome.text, /\n {2}replications: 1\n/);
  assert.deepEqual(problems.map(([file]) => file), ["a/2.json", "b/1.json"]);
  assert.match(problems[0]![1]!, /^it holds the same discussion as .*1\.json; this discussion counts once$/);
});
