import assert from "node:assert/strict";
import fc from "fast-check";
import { FINISH_REASONS } from "../events/mod.ts";
import { type CleanReply, cleanReply, READING_VERSION } from "./mod.ts";

function clean(text: string): CleanReply {
  return cleanReply({ text, finishReason: "stop" }, { speaker: "Cleo", reading: READING_VERSION });
}

/** What replies are made of, marks and their beginnings among it. */
const PIECES = [
  "<think>",
  "</think>",
  "< / thinking >",
  "[THINK]",
  "[/THINK]",
  "◁think▷",
  "◁/think▷",
  "<|channel|>",
  "<|message|>",
  "<|end|>",
  "<|start|>",
  "<|channel>thought",
  "<channel|>",
  "analysis",
  "assistantfinal",
  "<|im_end|>",
  "<s>",
  "</s>",
  "<answer>",
  "</answer>",
  "`",
  "```",
  "\n",
  " ",
  "Cleo:",
  "**Cleo:**",
  "[Cleo]",
  "<Cleo>",
  "I agree.",
  "PASS",
  "<",
  "|",
  "…",
  "\u0000",
  "\ud800",
];
const replies = fc.array(fc.oneof(fc.constantFrom(...PIECES), fc.string({ maxLength: 4 })), { maxLength: 30 })
  .map((pieces) => pieces.join(""));

/** Whether the characters of one text stand in another, in their order. */
function standsIn(part: string, whole: string): boolean {
  let at = 0;
  for (const unit of part) {
    at = whole.indexOf(unit, at);
    if (at === -1) return false;
    at += unit.length;
  }
  return true;
}

Deno.test("cleanReply() takes any reply, and says nothing that does not stand in it", () => {
  fc.assert(
    fc.property(replies, fc.constantFrom(...FINISH_REASONS), (text, finishReason) => {
      const { text: said, removed } = cleanReply({ text, finishReason }, {
        speaker: "Cleo",
        reading: READING_VERSION,
      });
      assert.ok(standsIn(said, text));
      assert.equal(said, said.trim());
      for (const part of removed) assert.ok(standsIn(part, text));
    }),
    { numRuns: 2000 },
  );
});

Deno.test("cleanReply() leaves what it has read as it is", () => {
  // Marks that are left within a sentence can come to stand elsewhere; sentences and whole blocks cannot.
  const blocks = fc.array(
    fc.constantFrom("<think>a\nb</think>\n", "I agree.\n", "Cleo: ", "Well, no.\n", "`code` ", "<|im_end|>"),
    { maxLength: 8 },
  ).map((parts) => parts.join(""));
  fc.assert(
    fc.property(blocks, (text) => {
      const { text: said } = clean(text);
      assert.deepEqual(clean(said), { text: said, thoughts: null, removed: [], isCut: false });
    }),
    { numRuns: 1000 },
  );
});

Deno.test("cleanReply() takes thoughts of any content out", () => {
  const content = fc.string().filter((text) => !/[<>[\]◁▷&]/.test(text));
  fc.assert(
    fc.property(content, (thought) => {
      const { text, thoughts } = clean(`<think>${thought}</think>\nI agree.`);
      assert.equal(text, "I agree.");
      assert.equal(thoughts ?? "", thought.trim());
    }),
  );
});

/** Replies of a megabyte that cost a careless reader hours. */
const HOSTILE = [
  "<think>",
  "</think>",
  "a</think>",
  "a <think>a</think> a ",
  "x <think>",
  "Cleo: <think>a</think>",
  "Cleo: ",
  "**",
  "`",
  "a`` ",
  "```\n",
  "<s>",
  "</s>",
  "<|im_end|>",
  "<|im_end|> a ",
  "<|channel|>",
  "<|channel|>analysis<|message|>a",
  "<|think|>",
  '<details type="reasoning"',
  "<",
  "&lt;",
  "< ",
  "[",
  "◁ ",
  "analysisA",
  "assistantfinal",
  "<answer>",
  "Here is my thought process: ",
  " ",
  "\n",
  "!",
];

for (const piece of HOSTILE) {
  Deno.test(`cleanReply() reads a megabyte of ${JSON.stringify(piece)}`, () => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
    assert.ok(clean(text).text.length <= text.length);
    assert.ok(clean(`I agree. ${text} I agree.`).text.length <= text.length + 20);
  });
}
