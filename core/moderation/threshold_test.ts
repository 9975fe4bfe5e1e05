import assert from "node:assert/strict";
import type { RuleOptions } from "../events/mod.ts";
import { moderationView } from "../testing/mod.ts";
import { SIGNALS, threshold } from "./threshold.ts";

Deno.test("threshold asks when the signal is above its limit, not when the signal equals it", () => {
  const due = (text: string) => threshold.isDue(moderationView([text]), { signal: "exclamations", above: 2 });
  assert.deepEqual([due("Hm!"), due("Hm!!"), due("Hm!!!")], [false, false, true]);
});

Deno.test("threshold with a limit of 0 asks after one listed word", () => {
  const options = { signal: "words", words: ["fool"], above: 0 };
  assert.equal(threshold.isDue(moderationView(["You fool."]), options), true);
  assert.equal(threshold.isDue(moderationView(["Fools rush in."]), options), false);
});

Deno.test("threshold does not ask after a silent turn, even if the comment before it is above the limit", () => {
  const view = moderationView(["FOOL!!!"], { silent: true });
  assert.equal(threshold.isDue(view, { signal: "exclamations", above: 0 }), false);
});

Deno.test("threshold accepts only a known signal, a number, and single words to count", () => {
  const fits = (options: object) =>
    threshold.options!.safeParse(options).success && threshold.check!(options as RuleOptions).length === 0;
  assert.equal(fits({ signal: "length", above: 30 }), true);
  assert.equal(fits({ signal: "words", above: 0, words: ["fool"] }), true);
  assert.equal(fits({ signal: "lenght", above: 30 }), false);
  assert.equal(fits({}), false);
  for (const words of [undefined, [], "fool", [1], ["shut up"], [""], ["!"]]) {
    assert.equal(fits({ signal: "words", above: 0, ...(words === undefined ? {} : { words }) }), false);
  }
});

/** The value of a signal after comments with these texts. */
function signal(name: string, texts: readonly string[], words: readonly string[] = []): number {
  return SIGNALS[name]!.measure(moderationView(texts), { words });
}

Deno.test("every signal of an empty discussion, an empty comment or bare punctuation is 0", () => {
  for (const name of Object.keys(SIGNALS)) {
    for (const texts of [[], [""], ["…?"], ["Hello there.", "…?"]]) {
      assert.equal(signal(name, texts), 0, name);
    }
  }
});

Deno.test("length counts the last comment's words", () => {
  assert.equal(signal("length", ["I don't know."]), 3);
  assert.equal(signal("length", ["a long one before", "A well-known fact, no. 3"]), 5);
  assert.equal(signal("length", ["«Да», он сказал"]), 3);
  assert.equal(signal("length", ["हिन्दी में लिखो"]), 3);
  assert.equal(signal("length", ["le café noir".normalize("NFD")]), 3);
  assert.equal(signal("length", ["今天很好，谢谢"]), 2);
});

Deno.test("capitals is the share of cased letters that are capitals", () => {
  assert.equal(signal("capitals", ["HEY you"]), 0.5);
  assert.equal(signal("capitals", ["STOP 123!"]), 1);
  assert.equal(signal("capitals", ["ÄÖß"]), 2 / 3);
  assert.equal(signal("capitals", ["Нет"]), 1 / 3);
  assert.equal(signal("capitals", ["你好 123"]), 0);
});

Deno.test("exclamations counts exclamation marks, wide ones included", () => {
  assert.equal(signal("exclamations", ["No! Yes!! 好！"]), 4);
  assert.equal(signal("exclamations", ["Before!!!", "now."]), 0);
});

Deno.test("words counts the listed words in the last comment: whole words, in upper or lower case", () => {
  const listed = ["Idiot", "fool", "café"];
  assert.equal(signal("words", ["You idiot, you IDIOT, you foolish fool!"], listed), 3);
  assert.equal(signal("words", ["idiot", "no"], listed), 0);
  assert.equal(signal("words", ["CAFÉ".normalize("NFD")], listed), 1);
});

Deno.test("repetition is the share of words that also occur in the comment before", () => {
  assert.equal(signal("repetition", ["a b c", "A b d d"]), 0.5);
  assert.equal(signal("repetition", ["a b", "x", "a b"]), 0);
  assert.equal(signal("repetition", ["Same words!", "same words"]), 1);
  assert.equal(signal("repetition", ["only one"]), 0);
});
