/** `query` and `export` read more text than fits into their memory. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { runProgram } from "../testing/processes.ts";

const LETTERS = 100_000;
const DISCUSSIONS = 300;
const TURNS = 10;

/** A model that writes long comments, all different. */
const ADAPTER = `
export default {
  create: () => ({
    generate({ seed }) {
      const text = (seed + " ").repeat(${LETTERS}).slice(0, ${LETTERS} - 1) + "x";
      return Promise.resolve({ text, finishReason: "stop" });
    },
  }),
};
`;

const EXPERIMENT = `
name: large
seed: 1
models: { m: { adapter: ./long.ts } }
participants: { model: m, personas: [{ name: Anna }, { name: Bob }] }
discussion: { turns: ${TURNS}, history: 0 }
design: { replications: ${DISCUSSIONS} }
`;

Deno.test("query and export read 300 MB of comments with 256 MB of memory", () =>
  inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "long.ts"), ADAPTER);
    await Deno.writeTextFile(join(cwd, "e.yaml"), EXPERIMENT);
    const ran = await runProgram(["run", "e.yaml", "--out", "run", "--quiet"], { cwd });
    assert.equal(ran.code, 0, ran.stderr);
    const sql = "select count(*) as comments, sum(length(text)) as letters from comments";
    const memory = ["--memory", "256MB"];
    const asked = await runProgram(["query", "run", sql, "--csv", ...memory], { cwd });
    const comments = DISCUSSIONS * TURNS;
    assert.equal(asked.stdout, `comments,letters\n${comments},${comments * LETTERS}\n`, asked.stderr);
    const exported = await runProgram(["export", "run", "--format", "csv", "--to", "out", ...memory], {
      cwd,
    });
    assert.equal(exported.code, 0, exported.stderr);
    const { size } = await Deno.stat(join(cwd, "out", "comments.csv"));
    assert.ok(size > comments * LETTERS, `${size} bytes`);
  }));
