import assert from "node:assert/strict";
import type { Message } from "../../../core/ports/model.ts";
import { withoutSystemRole } from "./model.ts";
import type { ReceivedRequest, StubFault } from "../testing/openai_stub.ts";
import { failureOf, NEVER, question, stubModel } from "../testing/stub_models.ts";

const REFUSALS: readonly (readonly [status: number, body: unknown])[] = [
  [400, {
    object: "error",
    message: "System role not supported",
    type: "BadRequestError",
    param: null,
    code: 400,
  }],
  [400, {
    error: { message: "Conversation roles must alternate user/assistant/user/assistant/...", code: 400 },
  }],
  [400, [{
    error: { code: 400, message: "Developer instruction is not enabled for models/gemma-3-27b-it" },
  }]],
  [400, {
    error: { message: "Unsupported value: 'messages[0].role' does not support 'system' with this model." },
  }],
  [400, { error: { message: "This model does not support system messages" } }],
  [422, { detail: [{ loc: ["body", "messages", 0, "role"], msg: "Input should be 'user' or 'assistant'" }] }],
  [400, { error: "Invalid role: system" }],
  [500, {
    error: {
      code: 500,
      message: "Only user and assistant roles are supported! at row 1, column 9",
      type: "server_error",
    },
  }],
  [500, { error: { code: 500, message: "Jinja Exception: System role not supported" } }],
  [200, { error: { code: 400, message: "System prompt is not supported" } }],
];

for (const [status, body] of REFUSALS) {
  Deno.test(`openaiAdapter proposes systemRole after the status ${status} with ${JSON.stringify(body)}`, async () => {
    const error = await failureOf({ kind: "answer", status, body });
    assert.deepEqual([error.kind, error.retryable], ["bad-request", false]);
    assert.match(error.message, /set the model's option systemRole to merge/);
  });
}

Deno.test("openaiAdapter does not propose systemRole after other failures", async () => {
  const others = [
    "The system is currently unavailable",
    "The system is not available",
    "Unknown field: top_k",
    "Unsupported operating system",
    "We cannot accept requests: the system is overloaded",
  ];
  for (const message of others) {
    const error = await failureOf({ kind: "answer", status: 500, body: { error: { message } } });
    assert.deepEqual([error.kind, /systemRole/.test(error.message)], ["server-error", false]);
  }
  const busy = await failureOf({ kind: "answer", status: 503, body: { error: "System role not supported" } });
  assert.equal(busy.kind, "server-error");
});

Deno.test("openaiAdapter with systemRole merge puts the system message into the first user message", async () => {
  const received: ReceivedRequest[] = [];
  const refused = "System role not supported";
  const fault = ({ body }: ReceivedRequest): StubFault | null =>
    body.messages.some(({ role }) => role === "system")
      ? { kind: "answer", status: 400, body: { object: "error", message: refused } }
      : null;
  await using made = await stubModel(
    { fault, onRequest: (request) => received.push(request) },
    { systemRole: "merge" },
  );
  assert.equal((await made.model.generate(question("Hello?"), NEVER)).finishReason, "stop");
  assert.deepEqual(received[0]!.body.messages, [{ role: "user", content: "You are Anna.\n\nHello?" }]);
});

const PROMPTS: readonly (readonly [messages: readonly Message[], merged: readonly Message[]])[] = [
  [
    [
      { role: "system", content: "S" },
      { role: "user", content: "a" },
      { role: "assistant", content: "b" },
      { role: "user", content: "c" },
      { role: "user", content: "d" },
    ],
    [
      { role: "user", content: "S\n\na" },
      { role: "assistant", content: "b" },
      { role: "user", content: "c\n\nd" },
    ],
  ],
  [
    [{ role: "system", content: "S" }, { role: "assistant", content: "b" }, { role: "user", content: "c" }],
    [{ role: "user", content: "S" }, { role: "assistant", content: "b" }, { role: "user", content: "c" }],
  ],
  [[{ role: "system", content: "" }, { role: "user", content: "a" }], [{ role: "user", content: "a" }]],
];

for (const [messages, merged] of PROMPTS) {
  Deno.test(`withoutSystemRole() merges ${messages.length} messages into ${merged.length}`, () => {
    assert.deepEqual(withoutSystemRole(messages), merged);
  });
}
