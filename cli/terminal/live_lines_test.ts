import assert from "node:assert/strict";
import { LiveLines } from "./live_lines.ts";
import { memorySink } from "./text_sink.ts";

Deno.test("draw() takes the place of what was drawn before", () => {
  const sink = memorySink({ isTerminal: true });
  const live = new LiveLines(sink);
  live.draw(["one", "two"]);
  assert.equal(sink.text, "one\ntwo\n");
  live.draw(["three"]);
  // CUU 2, carriage return, ED 0: up two rows, to their beginning, clear to the end of the screen.
  assert.equal(sink.text, "one\ntwo\n\x1b[2A\r\x1b[Jthree\n");
});

Deno.test("draw() reckons with rows that a narrower terminal has broken", () => {
  let columns = 10;
  const sink = { ...memorySink({ isTerminal: true }), columns: () => columns };
  const live = new LiveLines(sink);
  live.draw(["123456789", "1234"]);
  columns = 4;
  live.draw(["x"]);
  // Nine columns take three rows of four, four columns take one.
  assert.ok(sink.text.endsWith("\x1b[4A\r\x1b[Jx\n"));
});

Deno.test("print() leaves text above the lines", () => {
  const sink = memorySink({ isTerminal: true });
  const live = new LiveLines(sink);
  live.draw(["bar"]);
  live.print("note\n");
  assert.equal(sink.text, "bar\n\x1b[1A\r\x1b[Jnote\nbar\n");
});
