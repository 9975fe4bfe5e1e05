import assert from "node:assert/strict";
import { RESPONSE_BYTES_MAX } from "./bounded_fetch.ts";
import type { StubFault } from "./testing/faults.ts";
import { failureOf, NEVER, question, stubModel } from "./testing/stub_models.ts";

Deno.test("openaiAdapter reads the reply, its end and its cost", async () => {
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
      "withheld content",
      { kind: "choice", message: message({ content: "" }), finish_reason: "content_filter" },
      "",
      "refused",
    ],
    [
      "what there is of withheld content",
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
      "thoughts besides a reply",
      { kind: "choice", message: message({ reasoning_content: "Well" }) },
      "Hm.",
      "stop",
    ],
    ["no finish reason", { kind: "choice", message: message({}), finish_reason: null }, "Hm.", "other"],
    [
      "JSON that is said to be text",
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

Deno.test("openaiAdapter says which model answered, where it is another", async () => {
  const fault: StubFault = { kind: "completion", fields: { model: "stub-model-2026-01", usage: null } };
  await using made = await stubModel({ fault: () => fault });
  const reply = await made.model.generate(question(), NEVER);
  assert.equal(reply.servedBy, "stub-model-2026-01");
  assert.equal(reply.usage, undefined);
});

const MALFORMED: readonly (readonly [name: string, fault: StubFault])[] = [
  ["half a JSON text", { kind: "body", body: '{"choices": [' }],
  ["nothing", { kind: "body", body: "" }],
  ["an HTML page", { kind: "body", body: "<html><title>Sign in</title></html>", contentType: "text/html" }],
  ["JSON that is no object", { kind: "body", body: "[1]" }],
  ["a status without a body", { kind: "answer", status: 204, body: null }],
  ["no choices", { kind: "completion", fields: { choices: [] } }],
  ["choices of the wrong shape", { kind: "completion", fields: { choices: [{ text: "old" }] } }],
  ["null instead of a text", { kind: "choice", message: message({ content: null }) }],
  ["parts instead of a text", {
    kind: "choice",
    message: message({ content: [{ type: "text", text: "Hm." }] }),
  }],
  ["a body that breaks off", { kind: "break" }],
  ["a body without an end", { kind: "flood", bytes: RESPONSE_BYTES_MAX + 1_000_000 }],
];

for (const [name, fault] of MALFORMED) {
  Deno.test(`openaiAdapter takes ${name} for a malformed reply`, async () => {
    const error = await failureOf(fault);
    assert.equal(error.kind, "malformed-reply");
    assert.match(error.message, /http:\/\/127\.0\.0\.1:\d+\/v1/);
  });
}
