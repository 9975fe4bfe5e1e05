import assert from "node:assert/strict";
import { RESPONSE_BYTES_MAX } from "./bounded_fetch.ts";
import type { StubFault } from "./testing/faults.ts";
import { errorOf, failureOf, NEVER, question, stubModel } from "./testing/stub_models.ts";

Deno.test("openaiAdapter never follows a redirect", async () => {
  let elsewhere = 0;
  await using other = await stubModel({ onRequest: () => elsewhere++ });
  const location = `${other.stub.baseUrl}/chat/completions`;
  const error = await failureOf({ kind: "answer", status: 307, headers: { location } });
  assert.equal(error.kind, "broken-model");
  assert.match(error.message, /redirects elsewhere \(307\); set baseUrl/);
  assert.equal(elsewhere, 0);
});

for (const fault of [{ kind: "silence" }, { kind: "trickle", pieces: 100, waitMs: 50 }] as const) {
  Deno.test(`openaiAdapter gives up on a server of ${fault.kind}`, async () => {
    const error = await failureOf(fault, { timeoutSeconds: 0.2 });
    assert.equal(error.kind, "time-out");
    assert.match(error.message, /did not answer within 0\.2 s/);
  });
}

Deno.test("openaiAdapter gives up on an error whose body does not end", async () => {
  const fault: StubFault = { kind: "trickle", pieces: 100, waitMs: 50, status: 500 };
  assert.equal((await failureOf(fault, { timeoutSeconds: 0.2 })).kind, "time-out");
});

Deno.test("openaiAdapter waits for a slow body within its time", async () => {
  await using made = await stubModel({ fault: () => ({ kind: "trickle", pieces: 10, waitMs: 2 }) });
  assert.equal((await made.model.generate(question(), NEVER)).finishReason, "stop");
});

Deno.test("openaiAdapter says that nothing listens", async () => {
  const made = await stubModel();
  await made.stub.close();
  const error = await errorOf(made);
  assert.equal(error.kind, "unreachable");
  assert.equal(
    error.message,
    `Cannot reach the model server at ${made.stub.baseUrl}: connection refused; is it running?`,
  );
});

Deno.test("openaiAdapter says that a host is unknown", async () => {
  await using made = await stubModel({}, { baseUrl: "http://no-such-host.invalid/v1" });
  const error = await errorOf(made);
  assert.equal(error.kind, "unreachable");
  assert.match(error.message, /^Cannot reach the model server at http:\/\/no-such-host\.invalid\/v1: /);
});

Deno.test("openaiAdapter says that a request could not leave this process", async () => {
  // Port 9 is among those that the Fetch standard blocks.
  await using made = await stubModel({}, { baseUrl: "http://127.0.0.1:9/v1" });
  const error = await errorOf(made);
  assert.equal(error.kind, "broken-model");
  assert.match(error.message, /^Cannot ask the model server at http:\/\/127\.0\.0\.1:9\/v1: .*port 9/);
});

Deno.test("openaiAdapter says that the server hung up", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const hangUp = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(16));
      connection.close();
    }
  })();
  await using made = await stubModel({}, { baseUrl: `http://127.0.0.1:${listener.addr.port}/v1/` });
  const error = await errorOf(made);
  assert.equal(error.kind, "unreachable");
  assert.match(error.message, /: it closed the connection without an answer$/);
  listener.close();
  await hangUp;
});

Deno.test("openaiAdapter reads no compressed body beyond its limit", async () => {
  const packed = new Blob([new Uint8Array(RESPONSE_BYTES_MAX + 1_000_000)]).stream()
    .pipeThrough(new CompressionStream("gzip"));
  const bytes = await new Response(packed).bytes();
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () =>
      new Response(bytes, {
        headers: { "content-type": "application/json", "content-encoding": "gzip" },
      }),
  );
  await using made = await stubModel({}, { baseUrl: `http://127.0.0.1:${server.addr.port}/v1` });
  assert.match((await errorOf(made)).message, /sent a reply of more than \d+ bytes/);
});
