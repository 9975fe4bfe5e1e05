import assert from "node:assert/strict";
import { forkCommand, shellWord, turnsKept } from "./fork_command.ts";

const BRANCHING = {
  program: "deno task",
  place: "runs/first",
  of: { discussion: "none.r0001" },
  at: 5,
  settings: [{ path: "moderator", value: "gentle" }],
} as const;

Deno.test("forkCommand() writes the command with the discussion, the turn and the changed values", () => {
  assert.equal(
    forkCommand(BRANCHING),
    "deno task fork runs/first --discussion none.r0001 --at 5 --set moderator=gentle",
  );
  assert.equal(
    forkCommand({ ...BRANCHING, of: { condition: "none × long" }, settings: [] }),
    "deno task fork runs/first --condition 'none × long' --at 5",
  );
});

Deno.test("forkCommand() writes a folder whose name begins with a dash as a path", () => {
  assert.match(forkCommand({ ...BRANCHING, place: "-rf" }), /^deno task fork \.\/-rf --discussion/);
});

/** What bash makes of a word. */
async function bash(word: string): Promise<string> {
  const { stdout } = await new Deno.Command("bash", { args: ["-c", `printf %s ${word}`] }).output();
  return new TextDecoder().decode(stdout);
}

Deno.test("shellWord() gives words that a shell reads as the same text", async () => {
  const texts = [
    "plain",
    'it\'s $HOME `id` "x" \\ !',
    "a;rm -rf /",
    "two\nlines and a tab\t0",
    "\u001b[31mred\u202e\u00857",
    "quote ' and \u0007 \\ bell",
    "",
  ];
  for (const text of texts) assert.equal(await bash(shellWord(text)), text);
});

Deno.test("shellWord() leaves no hidden character that could act on the terminal when it is pasted", () => {
  // deno-lint-ignore no-control-regex -- these are the characters in question
  assert.doesNotMatch(shellWord("a\u001b]0;x\u0007\u202eb\n"), /[\u0000-\u001f\u202e]/);
});

Deno.test("turnsKept() gives the turn of the slot, and 0 before the first turn", () => {
  assert.deepEqual([null, 0, 4].map((turn) => turnsKept({ turn })), [0, 1, 5]);
});
