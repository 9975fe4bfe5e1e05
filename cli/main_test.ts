import assert from "node:assert/strict";
import config from "../deno.json" with { type: "json" };
import { COMMANDS } from "./commands/mod.ts";
import { runProgram } from "./testing/processes.ts";

Deno.test("main() shows help that names every command and exit code", async () => {
  const { code, stdout, stderr } = await runProgram(["--help"]);
  assert.equal(code, 0);
  assert.equal(stderr, "");
  for (const { name, summary } of COMMANDS) assert.match(stdout, new RegExp(`^  ${name} +${summary}$`, "m"));
  for (const exitCode of [0, 1, 2, 3, 4, 130]) assert.match(stdout, new RegExp(`^  ${exitCode} `, "m"));
  assert.ok(stdout.split("\n").every((line) => line.length <= 90));
});

Deno.test("main() without a command writes its help to the standard error and exits with 2", async () => {
  const { code, stdout, stderr } = await runProgram([]);
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /Usage: syndisco COMMAND/);
});

Deno.test("main() names the nearest command for an unknown one", async () => {
  const { code, stdout, stderr } = await runProgram(["statsu\x1b[31m"]);
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /^Cannot run the command "statsu\\u\{1b\}\[31m": there is no such command/);
  assert.match((await runProgram(["statsu"])).stderr, /did you mean "status"\?/);
});

Deno.test("main() shows the version of the package", async () => {
  assert.equal((await runProgram(["--version"])).stdout, `syndisco ${config.version}\n`);
});
