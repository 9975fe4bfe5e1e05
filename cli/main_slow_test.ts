/** Each of these tests loads every command. */
import assert from "node:assert/strict";
import { COMMANDS } from "./commands/mod.ts";
import { runProgram } from "./testing/processes.ts";

Deno.test("main() shows the help of every command, beginning with the summary", async () => {
  await Promise.all(COMMANDS.map(async ({ name, summary }) => {
    const { code, stdout } = await runProgram([name, "--help"]);
    assert.equal(code, 0, name);
    assert.ok(stdout.startsWith(`${summary}\n`), name);
    assert.match(stdout, new RegExp(`Usage: syndisco ${name}`));
  }));
});

Deno.test("main() refuses wrong arguments of every command with exit code 2 and without a stack trace", async () => {
  await Promise.all(COMMANDS.map(async ({ name }) => {
    const { code, stdout, stderr } = await runProgram([name, "--no-such-option"]);
    assert.equal(code, 2, name);
    assert.equal(stdout, "", name);
    assert.notEqual(stderr, "", name);
    assert.doesNotMatch(stderr, /\n +at /, name);
  }));
});
