/**
 * Recovers the experiment of 360 discussions that the Python library's authors published. They are not part of this
 * project: the test looks for them beside the repository, or in the folder that SYNDISCO_VMD names.
 */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { planDiscussions } from "../../core/experiment/mod.ts";
import { parsed } from "../../core/experiment/testing.ts";
import { readConditionRule } from "../formats/condition_rule.ts";
import { readPythonDiscussion } from "../formats/python_discussion.ts";
import { comparedPrompts } from "../formats/testing/stored_prompts.ts";
import { nativeSha256 } from "../system.ts";
import { recoverFromFiles } from "./recover_experiment.ts";
import { sourceFiles } from "./source_files.ts";

const FOLDER = Deno.env.get("SYNDISCO_VMD") ?? fileURLToPath(new URL("../../../shared/vmd", import.meta.url));
const SKIPPED = existsSync(`${FOLDER}/reference.json`) ? null : "the published discussions are not here";

Deno.test({
  name: `recoverFromFiles() recovers the experiment and all prompts of published discussions${
    SKIPPED === null ? "" : ` (skipped: ${SKIPPED})`
  }`,
  ignore: SKIPPED !== null,
  async fn() {
    const paths = [`${FOLDER}/discussions`];
    const roles = [{ name: "troll", contains: "online troll" }];
    const { text, factors, problems, personas } = await recoverFromFiles(paths, {
      name: "published",
      file: "published.yaml",
      condition: readConditionRule("{model}_{moderator}"),
      roles,
      strict: true,
      found: () => {},
    });
    assert.equal(problems, 0);
    assert.deepEqual(Object.keys(factors), ["moderator"]);
    assert.deepEqual(factors.moderator!.toSorted(), [
      "constructive_communications",
      "erulemaking",
      "nomod",
      "vanilla",
    ]);
    assert.equal(personas, 942);
    const designs = [...planDiscussions(await parsed(text))];
    assert.equal(designs.length, 4 * 30);
    for (const { participants, turns, history, openings } of designs) {
      assert.deepEqual([participants.length, turns, history, openings.length], [7, 15, 3, 2]);
    }
    // The README of the data gives this number, although the runs declared that more turns are answers.
    assert.match(text.replaceAll(/\n\s*# /g, " "), /824 of 4680 turns \(17\.6 %\); 16\.7 % would be chance/);

    const files = await sourceFiles(paths, { format: undefined, unusable: assert.fail });
    const discussions = await Promise.all(
      files.map(async ({ path }) =>
        readPythonDiscussion(await Deno.readTextFile(path), { file: "f", sha256: "0".repeat(64) }, {
          roles,
          sha256: nativeSha256,
        })
      ),
    );
    // 360 discussions with seven users each, 270 of them with a moderator.
    const { total, equal, differing } = await comparedPrompts(discussions, text);
    assert.deepEqual(differing.slice(0, 1), []);
    assert.deepEqual([equal, total], [2790, 2790]);
  },
});
