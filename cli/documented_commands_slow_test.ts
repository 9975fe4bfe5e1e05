/** Runs the commands and the Python programs in the documents unchanged. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import { inFolder } from "../adapters/testing/in_folder.ts";
import { needsRealModel, REAL_MODEL_NAME, realModel } from "../adapters/models/testing/real_model.ts";
import { needsServer, startServer } from "../adapters/stores/postgres/testing/server.ts";
import { documents } from "./testing/documents.ts";
import { runProgram } from "./testing/processes.ts";
import { PANDAS, pythonLacks, runPython, unlessLacking } from "./testing/python.ts";

const PROJECT = fileURLToPath(new URL("../", import.meta.url));

/** The files and folders of the copy in which the commands run. */
const COPIED = [
  "core",
  "analysis",
  "adapters",
  "cli",
  "fixtures",
  "docs",
  "examples",
  "mod.ts",
  "deno.json",
  "deno.lock",
  "README.md",
];

/** Documents with Python programs that read exports or reports. */
const WITH_PYTHON = [
  "docs/how_to/query_and_export.md",
  "docs/reference/report.md",
  "docs/reference/tables.md",
];

/** Documents whose commands need a PostgreSQL server. */
const WITH_SERVER = ["docs/how_to/keep_runs_in_postgresql.md"];

/**
 * Documents whose commands need a real model → the folder that the commands fetch the model into. The test puts the
 * model's file there first, so the commands do not fetch it.
 */
const WITH_MODEL: Readonly<Record<string, string>> = {
  "examples/real-model/README.md": "examples/real-model",
};

/** A block of commands. A comment before the block can say why the test does not run it. */
const BLOCK = /(<!-- not run: [^>]+ -->\s*)?```sh\n([^`]+)```/g;

function commandsOf(text: string): string[] {
  return [...text.matchAll(BLOCK)]
    .filter(([, notRun]) => notRun === undefined)
    .flatMap(([, , block]) => block!.trim().split("\n"));
}

async function copyProject(to: string): Promise<void> {
  const { success } = await new Deno.Command("cp", { args: ["-R", ...COPIED, to], cwd: PROJECT }).output();
  assert.ok(success);
}

/** Starts a server if a document needs one. Returns the variables with which the programs of PostgreSQL find it. */
async function serverFor(document: string, closing: AsyncDisposableStack): Promise<Record<string, string>> {
  if (!WITH_SERVER.includes(document)) return {};
  const { port } = closing.use(await startServer());
  return { PGHOST: "127.0.0.1", PGPORT: String(port), PGUSER: "postgres" };
}

function needsOf(document: string, name: string): { name: string; ignore?: boolean } {
  if (WITH_SERVER.includes(document)) return needsServer(name);
  return document in WITH_MODEL ? needsRealModel(name) : { name };
}

for (const document of documents()) {
  const commands = commandsOf(await Deno.readTextFile(join(PROJECT, document)));
  if (commands.length === 0) continue;
  const name = `the commands in ${document} work`;
  const fn = () =>
    inFolder(async (cwd) => {
      await using closing = new AsyncDisposableStack();
      const server = await serverFor(document, closing);
      await copyProject(cwd);
      const modelFolder = WITH_MODEL[document];
      if (modelFolder !== undefined) {
        await Deno.copyFile(realModel(), join(cwd, modelFolder, REAL_MODEL_NAME));
      }
      for (const command of commands) {
        const { code, stdout, stderr } = await new Deno.Command("bash", {
          args: ["-c", command],
          cwd,
          env: { PATH: `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}`, ...server },
          stdin: "null",
        }).output();
        const printed = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
        assert.equal(code, 0, `${command}\n${printed}`);
      }
    });
  Deno.test({ ...needsOf(document, name), fn });
}

Deno.test("commandsOf() finds commands in the README", async () => {
  assert.ok(commandsOf(await Deno.readTextFile(join(PROJECT, "README.md"))).length > 0);
});

Deno.test({
  ...unlessLacking("the Python programs in the documents work", await pythonLacks(...PANDAS)),
  fn: () =>
    inFolder(async (cwd) => {
      const experiment = join(PROJECT, "fixtures/quickstart/experiment.yaml");
      assert.equal(
        (await runProgram(["run", experiment, "--out", "runs/first", "--quiet"], { cwd })).code,
        0,
      );
      const exports = [
        ["--to", "exported/csv", "--format", "csv"],
        ["--to", "exported/parquet", "--format", "parquet"],
        ["--to", "exported/flat", "--format", "csv", "--tables", "flat"],
      ];
      for (const flags of exports) {
        assert.equal((await runProgram(["export", "runs/first", ...flags], { cwd })).code, 0);
      }
      assert.equal((await runProgram(["report", "runs/first", "--format", "csv"], { cwd })).code, 0);
      for (const document of WITH_PYTHON) {
        const text = await Deno.readTextFile(join(PROJECT, document));
        const programs = [...text.matchAll(/```python\n([^`]+)```/g)].map(([, program]) => program!);
        assert.ok(programs.length > 0);
        for (const program of programs) {
          const { code, stderr } = await runPython(program, { cwd });
          assert.equal(code, 0, `${program}\n${stderr}`);
        }
      }
    }),
});
