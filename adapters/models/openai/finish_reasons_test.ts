/**
 * Finish reasons: two in one reply, and the reasons of failures and of replies without a text. Also limits that servers
 * report in unusual words.
 */
import assert from "node:assert/strict";
import type { StubFault } from "../testing/openai_stub.ts";
import { failureOf, NEVER, question, stubModel } from "../testing/stub_models.ts";

const choice = (content: string | null, ends: Readonly<Record<string, unknown>>): StubFault => ({
  kind: "completion",
  fields: { choices: [{ index: 0, message: { role: "assistant", content }, ...ends }] },
});

Deno.test("openaiAdapter reads a cut, a refusal or a failure from native_finish_reason if finish_reason is stop", async () => {
  for (
    const [native_finish_reason, expected] of [
      ["MAX_TOKENS", "length"],
      ["SAFETY", "refused"],
      ["STOP", "stop"],
      ["tool_calls", "stop"],
      ["future_reason", "stop"],
    ] as const
  ) {
    const fault = choice("The night bu", { finish_reason: "stop", native_finish_reason });
    await using made = await stubModel({ fault: () => fault });
    const { finishReason } = await made.model.generate(question(), NEVER);
    assert.equal(finishReason, expected, native_finish_reason);
  }
  const error = await failureOf(
    choice("The night bu", { finish_reason: "stop", native_finish_reason: "error" }),
  );
  assert.deepEqual([error.kind, error.retryable], ["server-error", true]);
  assert.match(error.message, /failed while it wrote the reply: native_finish_reason is "error"$/);
});

Deno.test("openaiAdapter reports a malformed reply or tool call as a server error", async () => {
  for (const finish_reason of ["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "malformed_response"]) {
    const error = await failureOf(choice("", { finish_reason }));
    assert.deepEqual([error.kind, error.retryable], ["server-error", true]);
  }
});

Deno.test("openaiAdapter refuses a reply without a text only if its finish reason is unknown", async () => {
  for (const content of ["", null]) {
    const error = await failureOf(choice(content, { finish_reason: "future_reason" }));
    assert.deepEqual([error.kind, error.retryable], ["malformed-reply", true]);
    assert.match(error.message, /holds no text, and finish_reason is "future_reason"/);
    const native = await failureOf(choice(content, { native_finish_reason: "future_reason" }));
    assert.match(native.message, /holds no text, and native_finish_reason is "future_reason"/);
  }
  for (const ends of [{ finish_reason: "tool_calls" }, { finish_reason: null }, { finish_reason: "stop" }]) {
    await using made = await stubModel({ fault: () => choice("", ends) });
    assert.equal((await made.model.generate(question(), NEVER)).text, "");
  }
});

Deno.test("openaiAdapter recognises a rate limit by its name, and used-up credits by the message", async () => {
  for (const code of ["Throttling.RateQuota", "Throttling.AllocationQuota", "Throttling.BurstRate"]) {
    const body = JSON.stringify({ code, message: "Requests rate limit exceeded", request_id: "r" });
    assert.equal((await failureOf({ kind: "body", body })).kind, "rate-limited", code);
  }
  const message = "You have exceeded your monthly included credits for Inference Providers.";
  const error = await failureOf({ kind: "answer", status: 403, body: { error: message } });
  assert.deepEqual([error.kind, error.retryable], ["unauthorised", false]);
  assert.match(error.message, /quota or credit is used up/);
});
