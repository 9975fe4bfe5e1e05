import assert from "node:assert/strict";
import { ClaimLost, ModelError, StoreError } from "../../core/ports/mod.ts";
import { reportError } from "./report_error.ts";
import { memorySink } from "../terminal/text_sink.ts";
import { UsageError } from "./program.ts";

function reported(error: unknown): { exitCode: number; text: string } {
  const sink = memorySink();
  return { exitCode: reportError(error, sink), text: sink.text };
}

Deno.test("reportError() shows the messages of errors for users, without a stack trace", () => {
  assert.deepEqual(reported(new UsageError("no")), { exitCode: 2, text: "error no\n" });
  assert.deepEqual(reported(new StoreError("disk full")), { exitCode: 3, text: "error disk full\n" });
  assert.deepEqual(reported(new ModelError("unauthorised", "key")), { exitCode: 3, text: "error key\n" });
});

Deno.test("reportError() does not report the loss of a claim as a bug, even if closing then fails too", () => {
  const lost = new SuppressedError(new ClaimLost("no place"), new ClaimLost("taken"));
  assert.deepEqual(reported(lost), { exitCode: 3, text: "error taken\n" });
});

Deno.test("reportError() reports any other error as a bug, and says how to see the stack trace", () => {
  for (const error of [new TypeError("x is undefined"), "thrown text"]) {
    const { exitCode, text } = reported(error);
    assert.equal(exitCode, 3);
    assert.match(text, /This is a bug/);
    assert.match(text, /SYNDISCO_DEBUG=1/);
    assert.doesNotMatch(text, /\n +at /);
  }
});

Deno.test("reportError() escapes control characters in a server's message", () => {
  assert.equal(reported(new StoreError("\x1b[31mred")).text, "error \\u{1b}[31mred\n");
});
