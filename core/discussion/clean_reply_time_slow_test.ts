import assert from "node:assert/strict";
import { cleanReply, READING_VERSION } from "./mod.ts";

/** A megabyte of one of these pieces takes hours if the time is quadratic. */
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

function lengthRead(text: string): number {
  return cleanReply({ text, finishReason: "stop" }, { speaker: "Cleo", reading: READING_VERSION }).text
    .length;
}

for (const piece of HOSTILE) {
  Deno.test(`cleanReply() quickly reads a megabyte of ${JSON.stringify(piece)}`, () => {
    const text = piece.repeat(Math.ceil(1_000_000 / piece.length));
    assert.ok(lengthRead(text) <= text.length);
    assert.ok(lengthRead(`I agree. ${text} I agree.`) <= text.length + 20);
  });
}
