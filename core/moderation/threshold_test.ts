import assert from "node:assert/strict";
import { moderationView } from "../testing/mod.ts";
import { threshold } from "./mod.ts";

Deno.test("threshold asks when the signal is above its bound, not when it is at it", () => {
  const due = (text: string) => threshold.isDue(moderationView([text]), { signal: "exclamations", above: 2 });
  assert.deepEqual([due("Hm!"), due("Hm!!"), due("Hm!!!")], [false, false, true]);
});

Deno.test("threshold asks on listed words from the first one on at a bound of 0", () => {
  const options = { signal: "words", words: ["fool"], above: 0 };
  assert.equal(threshold.isDue(moderationView(["You fool."]), options), true);
  assert.equal(threshold.isDue(moderationView(["Fools rush in."]), options), false);
});

Deno.test("threshold does not ask after a silent turn, whatever was said before", () => {
  const view = moderationView(["FOOL!!!"], { silent: true });
  assert.equal(threshold.isDue(view, { signal: "exclamations", above: 0 }), false);
});

Deno.test("threshold checks its signal, its bound and its words", () => {
  const names = "length, capitals, exclamations, words, repetition";
  assert.deepEqual(threshold.check!({ signal: "length", above: 30 }), []);
  assert.deepEqual(threshold.check!({ signal: "words", above: 0, words: ["fool"] }), []);
  assert.deepEqual(threshold.check!({ signal: "lenght", above: 30 }), [
    `signal must be one of ${names}; found "lenght"`,
  ]);
  assert.deepEqual(threshold.check!({}), [
    `signal must be one of ${names}; found ""`,
    "above must be a number: the bound of the signal",
  ]);
  for (const words of [undefined, [], "fool", [1], ["shut up"], [""], ["!"]]) {
    const options = { signal: "words", above: 0, ...(words === undefined ? {} : { words }) };
    assert.deepEqual(threshold.check!(options), [
      "words must be a list of the words to count, each a single word",
    ]);
  }
});
