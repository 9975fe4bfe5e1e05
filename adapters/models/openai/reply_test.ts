import assert from "node:assert/strict";
import { RESPONSE_BYTES_MAX } from "./connection.ts";
import type { StubFault } from "../testing/openai_stub.ts";
import { failureOf, NEVER, question, stubModel } from "../testing/stub_models.ts";

Deno.test("openaiAdapter reads the text, the finish reason and the token counts of a reply", async () => {
  await using made = await stubModel();
  const whole = await made.model.generate(question(), NEVER);
  assert.equal(whole.finishReason, "stop");
  assert.match(whole.text, /^\w+( \w+)+$/);
  // "You are Anna." and "Should buses run at night?": three and five words.
  assert.equal(whole.usage?.promptTokens, 8);
  assert.equal(whole.servedBy, undefined);
  const cut = await made.model.generate(question(undefined, { sampling: { maxTokens: 3 } }), NEVER);
  assert.equal(cut.finishReason, "length");
  assert.deepEqual(cut.usage, { promptTokens: 8, completionTokens: 3 });
});

const message = (changes: Record<string, unknown>) => ({ role: "assistant", content: "Hm.", ...changes });

const ODD_REPLIES:
  readonly (readonly [name: string, fault: StubFault, text: string, finishReason: string])[] = [
    ["an empty text", { kind: "choice", message: message({ content: "" }) }, "", "stop"],
    [
      "withheld content without a text",
      { kind: "choice", message: message({ content: "" }), finish_reason: "content_filter" },
      "",
      "refused",
    ],
    [
      "the text of withheld content",
      { kind: "choice", message: message({}), finish_reason: "content_filter" },
      "Hm.",
      "refused",
    ],
    [
      "a refusal",
      { kind: "choice", message: message({ content: null, refusal: "I can't" }) },
      "I can't",
      "refused",
    ],
    [
      "a tool call",
      {
        kind: "choice",
        message: message({ content: null, tool_calls: [{}] }),
        finish_reason: "tool_calls",
      },
      "",
      "other",
    ],
    [
      "thoughts without a reply",
      {
        kind: "choice",
        message: message({ content: null, reasoning_content: "Well" }),
        finish_reason: "length",
      },
      "",
      "length",
    ],
    [
      "thoughts beside a reply",
      { kind: "choice", message: message({ reasoning_content: "Well" }) },
      "Hm.",
      "stop",
    ],
    ["no finish reason", { kind: "choice", message: message({}), finish_reason: null }, "Hm.", "other"],
    [
      "JSON with the content type text/plain",
      {
        kind: "body",
        contentType: "text/plain",
        body: '{"choices":[{"message":{"content":"Hm."},"finish_reason":"stop"}]}',
      },
      "Hm.",
      "stop",
    ],
  ];

for (const [name, fault, text, finishReason] of ODD_REPLIES) {
  Deno.test(`openaiAdapter reads ${name}`, async () => {
    await using made = await stubModel({ fault: () => fault });
    const reply = await made.model.generate(question(), NEVER);
    assert.deepEqual([reply.text, reply.finishReason], [text, finishReason]);
  });
}

Deno.test("openaiAdapter reports the model that answered if it is not the requested one", async () => {
  const fault: StubFault = { kind: "completion", fields: { model: "stub-model-2026-01", usage: null } };
  await using made = await stubModel({ fault: () => fault });
  const reply = await made.model.generate(question(), NEVER);
  assert.equal(reply.servedBy, "stub-model-2026-01");
  assert.equal(reply.usage, undefined);
});

const MALFORMED: readonly (readonly [name: string, fault: StubFault])[] = [
  ["half a JSON text", { kind: "body", body: '{"choices": [' }],
  ["an empty body", { kind: "body", body: "" }],
  ["an HTML page", { kind: "body", body: "<html><title>Sign in</title></html>", contentType: "text/html" }],
  ["JSON that is not an object", { kind: "body", body: "[1]" }],
  ["a status without a body", { kind: "answer", status: 204, body: null }],
  ["no choices", { kind: "completion", fields: { choices: [] } }],
  ["choices of the wrong shape", { kind: "completion", fields: { choices: [{ text: "old" }] } }],
  ["null instead of a text", { kind: "choice", message: message({ content: null }) }],
  ["parts that hold no text", {
    kind: "choice",
    message: message({ content: [{ type: "image_url", image_url: { url: "data:" } }] }),
  }],
  ["a body that breaks off", { kind: "break" }],
  ["a body that is too large", { kind: "flood", bytes: RESPONSE_BYTES_MAX + 1_000_000 }],
];

for (const [name, fault] of MALFORMED) {
  Deno.test(`openaiAdapter reports ${name} as a malformed reply`, async () => {
    const error = await failureOf(fault);
    assert.equal(error.kind, "malformed-reply");
    assert.match(error.message, /http:\/\/127\.0\.0\.1:\d+\/v1/);
  });
}

const text = (words: string) => ({ type: "text", text: words });

/** Messages of different servers, with their text and their thoughts. */
const MESSAGES:
  readonly (readonly [name: string, message: Record<string, unknown>, text: string, reasoning?: string])[] = [
    [
      "a part",
      { content: [text("I agree: the night bus should stay.")] },
      "I agree: the night bus should stay.",
    ],
    ["several parts", { content: [text("I "), text("agree.")] }, "I agree."],
    ["a part of the newer interface", { content: [{ type: "output_text", text: "Hm." }] }, "Hm."],
    ["texts in a list", { content: ["I ", "agree."] }, "I agree."],
    ["one part without a list", { content: text("Hm.") }, "Hm."],
    ["a text with a value", { content: [{ type: "text", text: { value: "Hm.", annotations: [] } }] }, "Hm."],
    [
      "Mistral's parts",
      { content: [{ type: "thinking", thinking: [text("Well"), text("?")] }, text("Hm.")] },
      "Hm.",
      "Well\n\n?",
    ],
    [
      "Anthropic's parts",
      {
        content: [
          { type: "thinking", thinking: "Well", signature: "x" },
          { type: "redacted_thinking", data: "x" },
          text("Hm."),
        ],
      },
      "Hm.",
      "Well",
    ],
    [
      "a part that reasons",
      { content: [{ type: "reasoning", summary: [{ type: "summary_text", text: "Well" }] }, text("Hm.")] },
      "Hm.",
      "Well",
    ],
    ["Gemini's parts", { content: [{ text: "Well", thought: true }, { text: "Hm." }] }, "Hm.", "Well"],
    ["only thoughts in parts", { content: [{ type: "thinking", thinking: "Well" }] }, "", "Well"],
    ["reasoning_content", { content: "Hm.", reasoning_content: "Well" }, "Hm.", "Well"],
    ["reasoning_content and no content", { content: null, reasoning_content: "Well" }, "", "Well"],
    ["reasoning", { content: "Hm.", reasoning: "Well" }, "Hm.", "Well"],
    ["thinking", { content: "Hm.", thinking: "Well" }, "Hm.", "Well"],
    [
      "reasoning_details",
      {
        content: "Hm.",
        reasoning_details: [{ type: "reasoning.text", text: "Well" }, {
          type: "reasoning.encrypted",
          data: "x",
        }],
      },
      "Hm.",
      "Well",
    ],
    [
      "thinking_blocks",
      { content: "Hm.", thinking_blocks: [{ type: "thinking", thinking: "Well" }] },
      "Hm.",
      "Well",
    ],
    [
      "thoughts that several fields repeat",
      { content: "Hm.", reasoning: "Well", reasoning_content: "Well", reasoning_details: [{ text: "Well" }] },
      "Hm.",
      "Well",
    ],
    ["empty thoughts", { content: "Hm.", reasoning_content: "", reasoning: null }, "Hm."],
  ];

for (const [name, changes, said, reasoning] of MESSAGES) {
  Deno.test(`openaiAdapter reads the text and the thoughts of a message with ${name}`, async () => {
    await using made = await stubModel({ fault: () => ({ kind: "choice", message: message(changes) }) });
    const reply = await made.model.generate(question(), NEVER);
    assert.deepEqual([reply.text, reply.reasoning, reply.finishReason], [said, reasoning, "stop"]);
  });
}

for (
  const [name, changes, said] of [
    ["a refusal beside a text", { content: "Hm.", refusal: "I can't." }, "Hm."],
    ["a part that refuses", { content: [{ type: "refusal", refusal: "I can't." }] }, "I can't."],
  ] as const
) {
  Deno.test(`openaiAdapter reads ${name}`, async () => {
    await using made = await stubModel({ fault: () => ({ kind: "choice", message: message(changes) }) });
    const reply = await made.model.generate(question(), NEVER);
    assert.deepEqual([reply.text, reply.finishReason], [said, "refused"]);
  });
}

const ENDS: Readonly<Record<string, readonly unknown[]>> = {
  stop: [
    "stop",
    "STOP",
    "eos",
    "eos_token",
    "end_turn",
    "stop_sequence",
    "COMPLETE",
    "eosFound",
    "FINISH_REASON_STOP",
  ],
  length: [
    "length",
    "max_tokens",
    "MAX_TOKENS",
    "FinishReason.MAX_TOKENS",
    "model_length",
    "max_output_tokens",
    "model_context_window_exceeded",
    "maxPredictedTokensReached",
    "ERROR_LIMIT",
    { type: "length", length: 60 },
  ],
  refused: [
    "content_filter",
    "content_filter: PROHIBITED_CONTENT",
    "SAFETY",
    "RECITATION",
    "refusal",
    "BLOCKLIST",
    "PROHIBITED_CONTENT",
    "sensitive",
    "guardrail_intervened",
    "ERROR_TOXIC",
  ],
};

for (const [finishReason, words] of Object.entries(ENDS)) {
  for (const word of words) {
    Deno.test(`openaiAdapter reads the finish reason ${JSON.stringify(word)} as ${finishReason}`, async () => {
      await using made = await stubModel({ fault: () => ({ kind: "choice", finish_reason: word }) });
      const reply = await made.model.generate(question(), NEVER);
      assert.deepEqual([reply.finishReason, reply.finishReasonGiven], [finishReason, undefined]);
    });
  }
}

Deno.test("openaiAdapter keeps a finish reason that it does not know", async () => {
  for (
    const [word, given] of [["future_reason", "future_reason"], ["tool_calls", "tool_calls"], [null, "none"]]
  ) {
    await using made = await stubModel({ fault: () => ({ kind: "choice", finish_reason: word }) });
    const reply = await made.model.generate(question(), NEVER);
    assert.deepEqual([reply.finishReason, reply.finishReasonGiven], ["other", given]);
  }
});

for (
  const word of [
    "error",
    "abort",
    "aborted",
    "insufficient_system_resource",
    "cancelled",
    "network_error",
    "userStopped",
    "ERROR",
    { type: "abort", message: "Aborted" },
  ]
) {
  Deno.test(`openaiAdapter reports the finish reason ${JSON.stringify(word)} as a failure of the server, with or without a text`, async () => {
    for (const content of ["The night bu", "", null]) {
      const fault: StubFault = { kind: "choice", message: message({ content }), finish_reason: word };
      const error = await failureOf(fault);
      assert.deepEqual([error.kind, error.retryable], ["server-error", true]);
      assert.match(error.message, /finish_reason/);
    }
  });
}
