import assert from "node:assert/strict";
import fc from "fast-check";
import { ownCommand, shellCommand, shownPath } from "./program.ts";

Deno.test("shellCommand() quotes only words with special characters", () => {
  assert.equal(
    shellCommand(["run", "my file.yaml", "it's", "$HOME", ""]),
    `run 'my file.yaml' 'it'\\''s' '$HOME' ''`,
  );
});

Deno.test("ownCommand() names the task that may use the network for a run in a database", () => {
  const before = Deno.env.get("SYNDISCO_CALLED_AS");
  try {
    Deno.env.set("SYNDISCO_CALLED_AS", "deno task");
    assert.equal(ownCommand("status", "runs/first"), "deno task status runs/first");
    assert.equal(ownCommand("status", "postgres://db/lab/a"), "deno task db status postgres://db/lab/a");
    Deno.env.set("SYNDISCO_CALLED_AS", "syndisco");
    assert.equal(ownCommand("status", "postgres://db/lab/a"), "syndisco status postgres://db/lab/a");
  } finally {
    if (before === undefined) Deno.env.delete("SYNDISCO_CALLED_AS");
    else Deno.env.set("SYNDISCO_CALLED_AS", before);
  }
});

Deno.test("shownPath() quotes a path as a command does, and shows characters that control a terminal", () => {
  const paths = ["runs/first", "my runs/first", "a\x1b b"];
  assert.deepEqual(paths.map(shownPath), ["runs/first", "'my runs/first'", "'a\\u{1b} b'"]);
});

Deno.test("a shell reads the original words from shellCommand()", async () => {
  const words = fc.sample(fc.array(fc.string({ unit: "grapheme-ascii", minLength: 1 }), { minLength: 1 }), 20)
    .flat();
  const { stdout } = await new Deno.Command("sh", { args: ["-c", `printf '%s\\0' ${shellCommand(words)}`] })
    .output();
  assert.deepEqual(new TextDecoder().decode(stdout).split("\0").slice(0, -1), words);
});
