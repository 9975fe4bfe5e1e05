import assert from "node:assert/strict";
import xterm from "npm:@xterm/headless@6.0.0";
import { LiveLines } from "./live_lines.ts";
import { memorySink } from "./text_sink.ts";

/** A terminal with `LiveLines`, and a function that returns the text on its screen. */
function terminalOf(columns: number) {
  const terminal = new xterm.Terminal({ cols: columns, rows: 10, convertEol: true, allowProposedApi: true });
  const sink = memorySink({ isTerminal: true });
  const live = new LiveLines({
    ...sink,
    columns: () => terminal.cols,
    write: (text) => terminal.write(text),
  });
  const screen = async () => {
    await new Promise<void>((resolve) => terminal.write("", resolve));
    const { active } = terminal.buffer;
    return Array.from({ length: active.length }, (_, row) => active.getLine(row)!.translateToString(true))
      .join("\n").trimEnd();
  };
  return { terminal, live, screen };
}

Deno.test("draw() replaces the lines of the last draw()", async () => {
  const { live, screen } = terminalOf(20);
  live.draw(["one", "two"]);
  assert.equal(await screen(), "one\ntwo");
  live.draw(["three"]);
  assert.equal(await screen(), "three");
  live.draw(["你好", "\x1b[33mfour\x1b[39m", "five"]);
  assert.equal(await screen(), "你好\nfour\nfive");
});

Deno.test("draw() erases all earlier lines in a terminal that became narrower", async () => {
  const { terminal, live, screen } = terminalOf(12);
  live.draw(["123456789", "1234"]);
  terminal.resize(5, 10);
  live.draw(["x"]);
  assert.equal(await screen(), "x");
});

Deno.test("print() writes a line above the drawn lines, and lets the terminal wrap it", async () => {
  const { terminal, live, screen } = terminalOf(10);
  live.draw(["bar"]);
  live.print("note");
  live.draw(["bar 2"]);
  live.print("a line that is longer");
  assert.equal(await screen(), "note\na line tha\nt is longe\nr\nbar 2");
  assert.ok(terminal.buffer.active.getLine(2)!.isWrapped);
});

Deno.test("the drawn lines stay on the screen, with the cursor below them", async () => {
  const { terminal, live, screen } = terminalOf(20);
  live.draw(["one", "two"]);
  terminal.write("$ ");
  assert.equal(await screen(), "one\ntwo\n$");
});
