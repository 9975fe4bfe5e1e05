/** The commands that the README and the guides show, carried out as they stand there. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { dirname, join } from "node:path";
import { inFolder } from "../adapters/testing/in_folder.ts";
import { runProgram } from "./testing/processes.ts";
import { PANDAS, pythonLacks, runPython, unlessLacking } from "./testing/python.ts";

const PROJECT = fileURLToPath(new URL("../", import.meta.url));

/** What a user's copy of the project consists of. */
const COPIED = [
  "core",
  "adapters",
  "cli",
  "fixtures",
  "docs",
  "mod.ts",
  "deno.json",
  "deno.lock",
  "README.md",
];

const DOCUMENTS = [
  "README.md",
  "docs/annotation.md",
  "docs/analysis.md",
  "docs/library.md",
  "docs/extending.md",
  "docs/fidelity.md",
  "docs/import.md",
  "docs/replies.md",
  "docs/report.md",
  "docs/reproduction.md",
];

/** A block of commands; a comment before it says why one is not run. */
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

for (const document of DOCUMENTS) {
  Deno.test(`the commands in ${document} work as they stand there`, async () => {
    const commands = commandsOf(await Deno.readTextFile(join(PROJECT, document)));
    assert.ok(commands.length > 0);
    const folder = await Deno.makeTempDir();
    try {
      await copyProject(folder);
      for (const command of commands) {
        const { code, stdout, stderr } = await new Deno.Command("bash", {
          args: ["-c", command],
          cwd: folder,
          env: { PATH: `${dirname(Deno.execPath())}:${Deno.env.get("PATH")}` },
          stdin: "null",
        }).output();
        const said = new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr);
        assert.equal(code, 0, `${command}\n${said}`);
      }
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  });
}

Deno.test({
  ...unlessLacking(
    "the Python examples in docs/analysis.md and docs/report.md work as they stand there",
    await pythonLacks(...PANDAS),
  ),
  fn: () =>
    inFolder(async (cwd) => {
      const experiment = join(PROJECT, "fixtures/quickstart/experiment.yaml");
      assert.equal(
        (await runProgram(["run", experiment, "--out", "runs/first", "--quiet"], { cwd })).code,
        0,
      );
      for (const format of ["csv", "parquet"]) {
        const to = ["--to", `exported/${format}`, "--format", format];
        assert.equal((await runProgram(["export", "runs/first", ...to], { cwd })).code, 0);
      }
      assert.equal((await runProgram(["report", "runs/first", "--format", "csv"], { cwd })).code, 0);
      for (const document of ["docs/analysis.md", "docs/report.md"]) {
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

Deno.test("the README's links lead somewhere", async () => {
  for (const document of DOCUMENTS) {
    const text = await Deno.readTextFile(join(PROJECT, document));
    const targets = [...text.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, target]) => target!);
    for (const target of targets) {
      await assert.doesNotReject(
        Deno.stat(join(PROJECT, dirname(document), target)),
        `${document}: ${target}`,
      );
    }
  }
});

Deno.test("VERSION is the version in deno.json, CITATION.cff and the changelog", async () => {
  const { VERSION } = await import("../core/version.ts");
  assert.equal(JSON.parse(await Deno.readTextFile(join(PROJECT, "deno.json"))).version, VERSION);
  assert.match(
    await Deno.readTextFile(join(PROJECT, "CITATION.cff")),
    new RegExp(`^version: ${VERSION}$`, "m"),
  );
  assert.match(await Deno.readTextFile(join(PROJECT, "CHANGELOG.md")), new RegExp(`^## ${VERSION}`, "m"));
});
