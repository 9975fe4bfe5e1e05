import assert from "node:assert/strict";
import { joined, named, shortened, timeText } from "./words.ts";

Deno.test("named() names at most twelve items, and counts the rest", () => {
  const letters = [..."abcdefghijklmnop"];
  assert.equal(named(["a", "b", "c"]), "a, b and c");
  assert.equal(named(letters), "a, b, c, d, e, f, g, h, i, j, k, l and 4 more");
  assert.equal(named(letters, false), "a, b, c, d, e, f, g, h, i, j, k, l and more than 4 more");
  assert.equal(named(["a", "b"], false), "a, b and more");
  assert.equal(joined(["a", "b"], "or"), "a or b");
});

Deno.test("shortened() never leaves half a character", () => {
  assert.equal(shortened("😀😀", 4), "😀😀");
  assert.equal(shortened("a😀😀", 2), "a\ufffd … [3 more characters]");
});

Deno.test("timeText() writes the time of an event to the minute", () => {
  assert.equal(timeText("2026-11-25T00:32:32.653Z"), "2026-11-25 00:32 UTC");
});
