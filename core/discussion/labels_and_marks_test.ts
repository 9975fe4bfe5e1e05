import assert from "node:assert/strict";
import { cleanReply, READING_VERSION } from "./mod.ts";

function cleanText(text: string, speaker = "Cleo"): string {
  return cleanReply({ text, finishReason: "stop" }, { speaker, reading: READING_VERSION }).text;
}

const LABELLED = [
  "Cleo: I agree.",
  "CLEO:I agree.",
  "**Cleo:** I agree.",
  "**Cleo**: I agree.",
  "**Cleo:**\n\nI agree.",
  "***Cleo:*** I agree.",
  "*Cleo:* I agree.",
  "__Cleo__: I agree.",
  "_Cleo:_ I agree.",
  "`Cleo`: I agree.",
  "**[Cleo]:** I agree.",
  "[Cleo]: I agree.",
  "[Cleo] I agree.",
  "[Cleo]\nI agree.",
  "(Cleo): I agree.",
  "<Cleo>: I agree.",
  "<Cleo> I agree.",
  "<Cleo>I agree.</Cleo>",
  "【Cleo】I agree.",
  "### Cleo:\nI agree.",
  "## Cleo\n\nI agree.",
  "# **Cleo**\nI agree.",
  "**Cleo**\nI agree.",
  "Cleo\nI agree.",
  '"Cleo": I agree.',
  '"Cleo: I agree."',
  "“Cleo: I agree.”",
  "**Cleo: I agree.**",
  "- Cleo: I agree.",
  "- **Cleo:** I agree.",
  "* Cleo: I agree.",
  "1. Cleo: I agree.",
  "> Cleo: I agree.",
  "@Cleo: I agree.",
  "Cleo (participant): I agree.",
  "**Cleo (participant):** I agree.",
  "**Cleo** (participant): I agree.",
  "Cleo [she/her]: I agree.",
  "Cleo：I agree.",
  "Cleo : I agree.",
  "Cleo says: I agree.",
  "Cleo replied: I agree.",
  "Cleo's response: I agree.",
  "Cleo – I agree.",
  "Cleo — I agree.",
  "**Cleo** – I agree.",
  "Cleo - I agree.",
  "Cleo> I agree.",
  "Cleo:** I agree.",
  "Cleo: Cleo: I agree.",
  "**Cleo:** Cleo: I agree.",
  "Cleo「I agree.」",
  "<|im_start|>assistant\nCleo: I agree.",
];

for (const text of LABELLED) {
  Deno.test(`cleanReply() removes the speaker's own label from ${JSON.stringify(text)}`, () => {
    assert.equal(cleanText(text).replace(/["*“”]/g, ""), "I agree.");
    assert.equal(cleanText(text.replace("I agree.", "PASS")).replace(/["*“”]/g, ""), "PASS");
  });
}

const SENTENCES = [
  "Cleo is right: the bus should stay.",
  "Cleo, I agree: the bus should stay.",
  "Cleo's point: the bus should stay.",
  "Cleo and Ben: listen.",
  "Cleopatra: a film.",
  "Cleo! Listen.",
  "Cleo",
  "Cleo – as I said – is right.",
  "Cleo - Ben's sister - is right.",
  "Cleo-Marie: who is she?",
  "Cleo (who was here) agreed: the bus should stay.",
  "[Cleo](people/cleo) is my page.",
  "**Cleo** is my name here.",
  "Ben: I agree.",
  "**Ben:** I agree.",
  "I am Cleo: a rider.",
  "As Cleo: a rider.",
];

for (const text of SENTENCES) {
  Deno.test(`cleanReply() reads ${JSON.stringify(text)} as a sentence without a label`, () => {
    assert.equal(cleanText(text), text);
  });
}

const NAMES: readonly (readonly [speaker: string, text: string])[] = [
  ["C++ (fan) [1]", "**C++ (fan) [1]:** I agree."],
  ["$&.*", "$&.*: I agree."],
  ["李明", "李明：I agree."],
  ["Ольга", "**ольга:** I agree."],
  ["محمد", "محمد: I agree."],
  ["Jose\u0301", "José: I agree."],
  ["José", "Jose\u0301: I agree."],
  ["Anna Maria", "Anna  Maria: I agree."],
  ["Dr. Ö. O'Neil", "Dr. Ö. O'Neil: I agree."],
  ["🦊 fox", "🦊 fox: I agree."],
];

for (const [speaker, text] of NAMES) {
  Deno.test(`cleanReply() finds the name ${JSON.stringify(speaker)} in ${JSON.stringify(text)}`, () => {
    assert.equal(cleanText(text, speaker), "I agree.");
  });
}

Deno.test("cleanReply() does not read a longer name as a shorter one", () => {
  assert.equal(cleanText("José: no.", "Jos"), "José: no.");
  assert.equal(cleanText("Jose\u0301: no.", "Jose"), "Jose\u0301: no.");
});

const ENDED = [
  "I agree.<|im_end|>",
  "I agree. </s>",
  "I agree.<|eot_id|>",
  "I agree.<end_of_turn>\n",
  "I agree.<|endoftext|>",
  "I agree.<|end|>",
  "I agree.<|return|>",
  "I agree.[/INST]",
  "I agree.<eos>",
  "I agree.<｜end▁of▁sentence｜>",
  "I agree.[|endofturn|]",
  "I agree.<|END_OF_TURN_TOKEN|>",
  "I agree.<|im_end|><|im_end|>\n</s>",
  "I agree.<|im_end|>\n<|im_start|>user\nAnd you?",
  "I agree.<|eot_id|><|start_header_id|>user<|end_header_id|>\n\nAnd you?",
  "I agree.<end_of_turn>\n<start_of_turn>user\nAnd you?",
  "<|im_start|>assistant\nI agree.",
  "<|start_header_id|>assistant<|end_header_id|>\n\nI agree.",
  "<start_of_turn>model\nI agree.",
  "<|assistant|>\nI agree.",
  "<s>I agree.</s>",
  "[/INST] I agree.",
  "assistant\n\nI agree.",
];

for (const text of ENDED) {
  Deno.test(`cleanReply() removes marks of chat templates from ${JSON.stringify(text)}`, () => {
    const { text: said, removed } = cleanReply({ text, finishReason: "stop" }, { reading: READING_VERSION });
    assert.equal(said, "I agree.");
    assert.notDeepEqual(removed, []);
  });
}

for (
  const text of [
    "I <s>hate</s>",
    "I <s>hate</s> love it.",
    "It prints `<|im_end|>` and stops.",
    "The assistant\nis late.",
    "a <b> c",
    "5 > 3 [EOF]",
    "I <|love|> it.",
  ]
) {
  Deno.test(`cleanReply() does not change ${JSON.stringify(text)}`, () =>
    assert.equal(cleanText(text), text));
}

Deno.test("cleanReply() lists the texts that it removed", () => {
  const text = "**Cleo:** I agree.<|im_end|>\n<|im_start|>user\nAnd you?";
  assert.deepEqual(
    cleanReply({ text, finishReason: "stop" }, { speaker: "Cleo", reading: READING_VERSION }).removed,
    ["**Cleo:**", "<|im_end|>\n<|im_start|>user\nAnd you?"],
  );
});
