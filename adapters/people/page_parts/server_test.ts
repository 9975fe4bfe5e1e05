import assert from "node:assert/strict";
import { ConnectionLost, RefusedByServer, serverAt } from "./server.ts";

/** Asks a server that always gives one answer. */
async function answered(status: number, body: string): Promise<unknown> {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response(body, { status }),
  );
  return await serverAt(`http://127.0.0.1:${server.addr.port}/api`, "token")("/news", {});
}

Deno.test("serverAt() returns the answer of the server, or throws its refusal", async () => {
  assert.deepEqual(await answered(200, '{"version":"1"}'), { version: "1" });
  await assert.rejects(
    answered(409, '{"error":"Too long","question":2}'),
    (error) =>
      error instanceof RefusedByServer && error.message === "Too long" && error.question === 2 &&
      !error.isAboutLink,
  );
});

Deno.test("serverAt() reports a lost connection if the response does not come from the server of the page", async () => {
  for (
    const [status, body] of [[200, "<h1>Log in</h1>"], [200, '{"vers'], [200, "null"], [
      404,
      "Not found",
    ]] as const
  ) {
    await assert.rejects(answered(status, body), ConnectionLost, body);
  }
});
