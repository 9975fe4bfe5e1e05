import assert from "node:assert/strict";
import { type CleanReply, cleanReply, READING_VERSION } from "./mod.ts";

function clean(text: string, finishReason: "stop" | "length" = "stop"): CleanReply {
  return cleanReply({ text, finishReason }, { speaker: "Cleo", reading: READING_VERSION });
}

function partsOf(text: string): readonly [text: string, thoughts: string | null] {
  const { text: said, thoughts } = clean(text);
  return [said, thoughts];
}

/** Replies of model families, each with its comment and its thoughts. */
const FAMILIES: readonly (readonly [reply: string, said: string, thoughts: string | null])[] = [
  ["<think>\nI am Cleo.\n</think>\n\nI agree.", "I agree.", "I am Cleo."],
  ["<think>\n\n</think>\n\nI agree.", "I agree.", null],
  ["<think/>\nI agree.", "I agree.", null],
  ["<THINK>Hm.</THINK>I agree.", "I agree.", "Hm."],
  ["< think >Hm.</ think >I agree.", "I agree.", "Hm."],
  ["&lt;think&gt;Hm.&lt;/think&gt;I agree.", "I agree.", "Hm."],
  ["<thinking>Hm.</thinking>\nI agree.", "I agree.", "Hm."],
  ["<thought>Hm.</thought>I agree.", "I agree.", "Hm."],
  ["<thought_process>Hm.</thought_process>I agree.", "I agree.", "Hm."],
  ["<reasoning>\nHm.\n</reasoning>\nI agree.", "I agree.", "Hm."],
  ["<scratchpad>Hm.</scratchpad>I agree.", "I agree.", "Hm."],
  ["<seed:think>Hm.</seed:think>I agree.", "I agree.", "Hm."],
  ["<longcat_think>Hm.</longcat_think>I agree.", "I agree.", "Hm."],
  ["<thinking_process>Hm.</thinking_process>I agree.", "I agree.", "Hm."],
  ["<cot>Hm.</cot>I agree.", "I agree.", "Hm."],
  ["<antThinking>Hm.</antThinking>I agree.", "I agree.", "Hm."],
  ["<think>Hm.</think>\n<answer>\nI agree.\n</answer>", "I agree.", "Hm."],
  ["<think>Hm.</think><response>I agree.</response>", "I agree.", "Hm."],
  [
    "<thinking>a<reflection>b</reflection>c</thinking>\n<output>I agree.</output>",
    "I agree.",
    "a<reflection>b</reflection>c",
  ],
  ["[THINK]Hm.[/THINK]I agree.", "I agree.", "Hm."],
  ["◁think▷Hm.◁/think▷I agree.", "I agree.", "Hm."],
  [
    "<|begin_of_thought|>\nHm.\n<|end_of_thought|>\n\n<|begin_of_solution|>\nI agree.\n<|end_of_solution|>",
    "I agree.",
    "Hm.",
  ],
  ["<|START_THINKING|>Hm.<|END_THINKING|><|START_RESPONSE|>I agree.<|END_RESPONSE|>", "I agree.", "Hm."],
  ["<|inner_prefix|>Hm.<|inner_suffix|>I agree.<|assistant_end|>", "I agree.", "Hm."],
  ["<|think|>Hm.<|end|><|begin|>assistant<|content|>I agree.<|end|>", "I agree.", "Hm."],
  ["<|channel>thought\nHm.\n<channel|>I agree.<turn|>", "I agree.", "Hm."],
  ["<ctrl94>thought\nHm.<ctrl95>I agree.", "I agree.", "Hm."],
  ["<unused94>thought\nHm.<unused95>I agree.", "I agree.", "Hm."],
  [
    "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>I agree.<|return|>",
    "I agree.",
    "Hm.",
  ],
  [
    "<|start|>assistant<|channel|>analysis<|message|>Hm.<|end|>" +
    "<|start|>assistant<|channel|>commentary<|message|>Oh.<|end|>" +
    "<|start|>assistant<|channel|>final <|constrain|>JSON<|message|>I agree.",
    "I agree.",
    "Hm.\n\nOh.",
  ],
  ["Hm.<|end|><|start|>assistant<|channel|>final<|message|>I agree.", "I agree.", "Hm."],
  ["<|channel|>final<|message|>I agree.<|return|>", "I agree.", null],
  ["analysisWe need one comment.assistantfinalI agree.", "I agree.", "We need one comment."],
  ["Here is my thought process: Hm.\n\nHere is my response: I agree.", "I agree.", "Hm."],
  [
    "Here are my reasoning steps:\nHm.\n[BEGIN FINAL RESPONSE]\nI agree.\n[END FINAL RESPONSE]",
    "I agree.",
    "Here are my reasoning steps:\nHm.",
  ],
  ['<details type="reasoning" done="true" duration="3">\n> Hm.\n</details>\nI agree.', "I agree.", "> Hm."],
];

for (const [reply, said, thoughts] of FAMILIES) {
  Deno.test(`cleanReply() separates thoughts from text in ${JSON.stringify(reply)}`, () => {
    assert.deepEqual(partsOf(reply), [said, thoughts]);
  });
}

Deno.test("cleanReply() reads the text before a lone closing mark as a thought that the template opened", () => {
  assert.deepEqual(partsOf("Hm, the bus.\n</think>\n\nI agree."), ["I agree.", "Hm, the bus."]);
  assert.deepEqual(partsOf("I should pass </think> PASS"), ["PASS", "I should pass"]);
  assert.deepEqual(partsOf("Use `code` here</think>I agree."), ["I agree.", "Use `code` here"]);
  assert.deepEqual(partsOf("我想同意</think>我同意"), ["我同意", "我想同意"]);
  assert.deepEqual(partsOf("Hm.[/THINK]I agree."), ["I agree.", "Hm."]);
  assert.deepEqual(partsOf("Hm.◁/think▷I agree."), ["I agree.", "Hm."]);
  assert.deepEqual(partsOf("a<think>b</think>c\n</think>I agree."), ["I agree.", "a<think>b</think>c"]);
  assert.deepEqual(partsOf("a.\n<think>b</think>c\n</think>I agree."), ["I agree.", "a.\n\nb\n\nc"]);
});

Deno.test("cleanReply() reads everything after an unclosed mark as thought", () => {
  for (const reason of ["stop", "length"] as const) {
    const { text, thoughts, isCut } = clean("<think>\nHm, the", reason);
    assert.deepEqual([text, thoughts, isCut], ["", "Hm, the", true]);
  }
  assert.deepEqual(partsOf("I agree.\n<think>\nHm"), ["I agree.", "Hm"]);
  for (
    const reply of [
      "[THINK]Hm",
      "◁think▷Hm",
      "<|START_THINKING|>Hm",
      "<|channel|>analysis<|message|>Hm",
      "<|channel>thought\nHm",
    ]
  ) {
    const { text, thoughts, isCut } = clean(reply);
    assert.deepEqual([text, thoughts, isCut], ["", "Hm", true], reply);
  }
  assert.deepEqual(partsOf("analysisWe need"), ["", "We need"]);
  assert.equal(clean("Here is my thought process: Hm", "length").text, "");
});

Deno.test("cleanReply() removes several thoughts, and thoughts with mixed-up marks", () => {
  assert.deepEqual(partsOf("<think>a</think>\nI agree.\n<think>b</think>\nReally."), [
    "I agree.\nReally.",
    "a\n\nb",
  ]);
  assert.deepEqual(partsOf("<think>a</thinking>I agree."), ["I agree.", "a"]);
  assert.deepEqual(partsOf("<think>a</think>b</think>I agree."), ["I agree.", "a\n\nb"]);
  assert.deepEqual(partsOf("<think><think>a</think></think>I agree."), ["I agree.", "<think>a"]);
  assert.deepEqual(partsOf("<think>a</think>I agree.\n</think>"), ["I agree.", "a"]);
  assert.deepEqual(partsOf("Sure! <think>a</think> I agree."), ["Sure! I agree.", "a"]);
  assert.deepEqual(partsOf("Well <think>\na\n</think>\nI agree."), ["Well\nI agree.", "a"]);
  assert.deepEqual(partsOf("Cleo: <think>a</think> **Cleo:** I agree."), ["I agree.", "a"]);
  assert.deepEqual(partsOf("<think>a `b</think>\nI `agree`."), ["I `agree`.", "a `b"]);
});

const COMMENTS = [
  "<thinking about it> I agree.",
  "I <think> so.",
  "I <think> so, and you <think> so.",
  "What is <think>?",
  "I <think>so</think> too.",
  "The tags <think> and </think> mark its output.",
  "It prints `<think>…</think>` before it answers.",
  "`<think>` opens it.",
  "```\n<think>\nHm.\n</think>\n```\nThat is its output.",
  "</thinker> is no tag.",
  "[think] before you post.",
  "I saw </think> in the log once.",
  "Use <b>bold</b> and </details> here.",
  "Analysis of the bus: it is late.",
  "Here is my thought process: the bus is late, so I walk.",
  "Let me think: no.",
  "<3 this bus",
  "a < think > b? No, a > b.",
];

for (const text of COMMENTS) {
  Deno.test(`cleanReply() does not change ${JSON.stringify(text)}`, () => {
    assert.deepEqual(clean(text), { text, thoughts: null, removed: [], isCut: false });
  });
}

Deno.test("cleanReply() keeps the thoughts that a server sent beside the text, and puts them first", () => {
  const reply = { text: "<think>b</think>I agree.", reasoning: " a\n", finishReason: "stop" } as const;
  const { text, thoughts } = cleanReply(reply, { reading: READING_VERSION });
  assert.deepEqual([text, thoughts], ["I agree.", "a\n\nb"]);
});

Deno.test("cleanReply() with `keep` leaves thoughts and marks in the text", () => {
  const text = "<think>Hm.</think>\nI agree.<|im_end|>";
  const options = { speaker: "Cleo", thoughts: "keep", reading: READING_VERSION } as const;
  assert.deepEqual(cleanReply({ text: `Cleo: ${text}`, finishReason: "stop" }, options), {
    text,
    thoughts: null,
    removed: ["Cleo:"],
    isCut: false,
  });
});
