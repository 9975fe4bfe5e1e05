import assert from "node:assert/strict";
import fc from "fast-check";
import { FINISH_REASONS } from "../events/mod.ts";
import { type CleanReply, cleanReply, READING_VERSION } from "./mod.ts";

function clean(text: string): CleanReply {
  return cleanReply({ text, finishReason: "stop" }, { speaker: "Cleo", reading: READING_VERSION });
}

/** The random replies consist of these pieces. */
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

/** Whether all characters of one text occur in another text, in the same order. */
function standsIn(part: string, whole: string): boolean {
  let at = 0;
  for (const unit of part) {
    at = whole.indexOf(unit, at);
    if (at === -1) return false;
    at += unit.length;
  }
  return true;
}

Deno.test("cleanReply() accepts any reply, and adds no characters", () => {
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

Deno.test("cleanReply() does not change its own result", () => {
  // The replies consist of whole blocks. In other replies, a mark inside a sentence can come to the beginning
  // of a line when the text before it is removed. A second reading would then remove this mark, too.
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

Deno.test("cleanReply() removes thoughts with any content", () => {
  const content = fc.string().filter((text) => !/[<>[\]◁▷&]/.test(text));
  fc.assert(
    fc.property(content, (thought) => {
      const { text, thoughts } = clean(`<think>${thought}</think>\nI agree.`);
      assert.equal(text, "I agree.");
      assert.equal(thoughts ?? "", thought.trim());
    }),
  );
});
