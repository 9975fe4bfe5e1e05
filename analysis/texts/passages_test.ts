import assert from "node:assert/strict";
import { Passages } from "./passages.ts";

Deno.test("Passages finds six words in a row, and ignores punctuation and letter case", () => {
  const passages = new Passages(["When I was nine, my father left us for good, and I never saw him again."]);
  assert.ok(passages.areIn("> my FATHER left us — for good\nThat must have been hard."));
  assert.ok(!passages.areIn("When I was nine, my mother left."));
});

Deno.test("Passages finds short texts only as a whole, and ignores texts of one or two words", () => {
  const passages = new Passages(["I hate buses.", "Oh yes", ""]);
  assert.ok(passages.areIn('You said "I hate buses", right?'));
  assert.ok(!passages.areIn("I hate trains. Oh yes!"));
  assert.ok(!passages.areIn(""));
});

Deno.test("Passages finds words in scripts of other languages", () => {
  assert.ok(
    new Passages(["Ich hätte gerne größere Äpfel."]).areIn("»Ich hätte gerne größere Äpfel«, sagte sie"),
  );
});

Deno.test("Passages ignores common texts, such as labels, but finds longer passages that contain them", () => {
  const labels = ["not at all toxic", "a little bit toxic, but not for all readers"];
  const passages = new Passages([
    "Not at all toxic",
    "little bit toxic but not for",
    "It is not at all toxic to me",
  ], labels);
  assert.ok(!passages.areIn('{"toxicity": "not at all toxic"}'));
  assert.ok(!passages.areIn("a little bit toxic, but not for all readers"));
  assert.ok(passages.areIn("You said it is not at all toxic to you"));
});
