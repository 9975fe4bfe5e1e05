import assert from "node:assert/strict";
import fc from "fast-check";
import { changedLines } from "./changed_lines.ts";

function marked(before: string, after: string): string[] {
  const signs = { same: " ", removed: "-", added: "+" };
  return changedLines(before, after).map(({ change, parts }) =>
    signs[change] + parts.map(({ text, isChanged }) => isChanged ? `<${text}>` : text).join("")
  );
}

Deno.test("changedLines() marks the changed words of a line that replaces a similar line", () => {
  assert.deepEqual(
    marked("You are Anna.\nPlease keep the peace.", "You are Anna.\nPlease break the peace."),
    [
      " You are Anna.",
      "-Please <keep> the peace.",
      "+Please <break> the peace.",
    ],
  );
});

Deno.test("changedLines() marks no words in lines that have little in common", () => {
  assert.deepEqual(marked("Keep the peace.", "Say whatever comes to your mind, at length."), [
    "-Keep the peace.",
    "+Say whatever comes to your mind, at length.",
  ]);
});

Deno.test("changedLines() finds words in a script without spaces", () => {
  assert.deepEqual(marked("请保持冷静和友好", "请保持热情和友好"), [
    "-请保持<冷静>和友好",
    "+请保持<热情>和友好",
  ]);
});

Deno.test("changedLines() keeps both texts whole", () => {
  const text = fc.array(fc.stringMatching(/^[ab \t]{0,6}$/), { maxLength: 8 }).map((lines) =>
    lines.join("\n")
  );
  fc.assert(fc.property(text, text, (before, after) => {
    const lines = changedLines(before, after);
    const side = (other: string) =>
      lines.filter(({ change }) => change !== other).map(({ parts }) =>
        parts.map(({ text }) => text).join("")
      )
        .join("\n");
    assert.deepEqual([side("added"), side("removed")], [before, after]);
  }));
});
