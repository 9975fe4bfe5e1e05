/** Connections: requests to this machine use no proxy, errors name the proxy, and requests have a time limit. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { startOpenAiStub, type StubFault } from "../testing/openai_stub.ts";
import { errorOf, failureOf, NEVER, question, STUB_KEY, stubModel } from "../testing/stub_models.ts";
import { RESPONSE_BYTES_MAX } from "./connection.ts";

const ASK = fileURLToPath(new URL("../testing/ask_through.ts", import.meta.url));
const VARIABLES = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/** A server or proxy that records the beginning of each request, and closes the connection without an answer. */
function listen() {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const received: string[] = [];
  const done = (async () => {
    for await (const connection of listener) {
      const bytes = new Uint8Array(4096);
      const count = await connection.read(bytes).catch(() => null);
      received.push(new TextDecoder().decode(bytes.subarray(0, count ?? 0)));
      connection.close();
    }
  })();
  const close = async () => {
    listener.close();
    await done;
  };
  return { port: listener.addr.port, received, [Symbol.asyncDispose]: close };
}

/**
 * Asks each server once, in a process with these variables and permissions. Returns a finish reason or an error for
 * each.
 */
async function ask(
  urls: readonly string[],
  env: Readonly<Record<string, string>>,
  permissions = ["--allow-net", "--allow-env", "--allow-read", "--allow-sys=hostname"],
): Promise<string[]> {
  const clear = Object.fromEntries([...VARIABLES, "NO_PROXY", "no_proxy"].map((name) => [name, ""]));
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", ...permissions, ASK, ...urls],
    env: { ...clear, ...env, STUB_KEY, DENO_NO_UPDATE_CHECK: "1" },
  }).output();
  const text = new TextDecoder().decode(stdout);
  assert.ok(text.startsWith("["), new TextDecoder().decode(stderr));
  return JSON.parse(text);
}

Deno.test("openaiAdapter never uses a proxy for a server on this machine", async () => {
  await using proxy = listen();
  await using stub = startOpenAiStub();
  const { port } = new URL(stub.baseUrl);
  const hosts = [
    "127.0.0.1",
    "localhost",
    "LOCALHOST",
    "127.1",
    "2130706433",
  ];
  if (Deno.build.os === "linux") hosts.push("127.0.0.2", "0.0.0.0", "[::ffff:127.0.0.1]");
  // The stub listens at 127.0.0.1. On Linux, 0.0.0.0 and ::ffff:127.0.0.1 reach it, too.
  const expected = hosts.map((host) => host === "127.0.0.2" ? "refused" : "stop");
  const names = Object.fromEntries(VARIABLES.map((name) => [name, `http://127.0.0.1:${proxy.port}`]));
  const results = await ask(hosts.map((host) => `http://${host}:${port}/v1`), {
    ...names,
    NO_PROXY: "example.org",
  });
  assert.deepEqual(results.map((result) => /connection refused/.test(result) ? "refused" : result), expected);
  // Some systems do not know these names. Then the adapter sends no request.
  const unusual = ["model.localhost", "localhost."].map((host) => `http://${host}:${port}/v1`);
  for (const result of await ask(unusual, names)) assert.match(result, /^stop$|: its name is unknown/);
  assert.deepEqual(proxy.received, []);
});

Deno.test("openaiAdapter uses no proxy for a server on this machine with TLS or at an IPv6 address", async () => {
  await using proxy = listen();
  await using server = listen();
  const names = Object.fromEntries(VARIABLES.map((name) => [name, `http://127.0.0.1:${proxy.port}`]));
  const urls = [
    `https://127.0.0.1:${server.port}/v1`,
    `https://localhost:${server.port}/v1`,
    `http://[::1]:${server.port}/v1`,
  ];
  const results = await ask(urls, names);
  for (const result of results) assert.match(result, /^Cannot reach the model server at http\S+: /);
  // A TLS client begins with a record of type 22.
  assert.deepEqual(server.received.slice(0, 2).map((text) => text.charCodeAt(0)), [22, 22]);
  assert.deepEqual(proxy.received, []);
});

Deno.test("openaiAdapter names the proxy, without its user and password, if a connection through it fails", async () => {
  await using proxy = listen();
  const address = `127.0.0.1:${proxy.port}`;
  const [http, https] = await ask(["http://example.invalid/v1", "https://example.invalid/v1"], {
    HTTP_PROXY: `http://user:hidden@${address}`,
    https_proxy: address,
  });
  const start = "Cannot reach the model server at";
  const closed = "it closed the connection without an answer";
  assert.equal(
    http,
    `${start} http://example.invalid/v1 through the proxy http://${address} of HTTP_PROXY: ${closed}`,
  );
  assert.equal(
    https,
    `${start} https://example.invalid/v1 through the proxy http://${address} of https_proxy: the proxy did not let the ` +
      "connection through",
  );
  assert.equal(proxy.received.length, 2);
});

Deno.test("openaiAdapter names no proxy if NO_PROXY lists the server", async () => {
  await using proxy = listen();
  const results = await ask(["http://example.invalid/v1", "http://255.255.255.255:8000/v1"], {
    ALL_PROXY: `http://127.0.0.1:${proxy.port}`,
    NO_PROXY: "localhost, .invalid, 255.255.255.0/24",
  });
  for (const result of results) assert.doesNotMatch(result, /proxy/);
  assert.deepEqual(proxy.received, []);
});

Deno.test("openaiAdapter reports that the proxy asks for a user name and a password", async () => {
  await using proxy = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    () => new Response("<html>Who are you?</html>", { status: 407 }),
  );
  const [result] = await ask(["http://example.invalid/v1"], {
    HTTP_PROXY: `http://127.0.0.1:${proxy.addr.port}`,
  });
  assert.match(
    result!,
    /\(through the proxy http:\/\/127\.0\.0\.1:\d+ of HTTP_PROXY\) cannot be reached \(407\): the proxy asks for a user name/,
  );
});

Deno.test("openaiAdapter sends only the path, not the whole URL, to a server on this machine", async () => {
  await using proxy = listen();
  await using server = listen();
  const baseUrl = `http://127.0.0.1:${server.port}/v1`;
  await ask([baseUrl], { HTTP_PROXY: `http://127.0.0.1:${proxy.port}` });
  await ask([baseUrl], {});
  for (const text of server.received) assert.match(text, /^POST \/v1\/chat\/completions HTTP\/1\.1\r\n/);
  assert.deepEqual([server.received.length, proxy.received.length], [2, 0]);
});

Deno.test("openaiAdapter refuses a server on this machine, but no other server, if it cannot turn the proxy off", async () => {
  await using proxy = listen();
  await using stub = startOpenAiStub();
  const names = Object.fromEntries(VARIABLES.map((name) => [name, `http://127.0.0.1:${proxy.port}`]));
  const few = ["--allow-net", "--allow-env=STUB_KEY", "--allow-read"];
  const [own, other] = await ask([stub.baseUrl, "http://example.invalid/v1"], names, few);
  assert.match(
    own!,
    /^Cannot ask the model server at http:\S+: it is on this machine, .* \(--allow-env=NO_PROXY\)/,
  );
  assert.match(other!, /^Cannot reach the model server at http:\/\/example\.invalid\/v1: /);
  assert.equal(proxy.received.length, 1);
  assert.deepEqual(await ask([stub.baseUrl], names, ["--allow-net", "--allow-env=STUB_KEY,NO_PROXY"]), [
    "stop",
  ]);
  assert.equal(proxy.received.length, 1);
});

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
  Deno.test(`openaiAdapter fails at its time limit (the server's fault: ${fault.kind})`, async () => {
    const error = await failureOf(fault, { timeoutSeconds: 0.2 });
    assert.equal(error.kind, "time-out");
    assert.match(error.message, /did not answer within 0\.2 s/);
  });
}

Deno.test("openaiAdapter fails at its time limit if an error's body takes longer", async () => {
  const fault: StubFault = { kind: "trickle", pieces: 100, waitMs: 50, status: 500 };
  assert.equal((await failureOf(fault, { timeoutSeconds: 0.2 })).kind, "time-out");
});

Deno.test("openaiAdapter waits for a slow body within its time limit", async () => {
  await using made = await stubModel({ fault: () => ({ kind: "trickle", pieces: 10, waitMs: 2 }) });
  assert.equal((await made.model.generate(question(), NEVER)).finishReason, "stop");
});

Deno.test("openaiAdapter reports a refused connection", async () => {
  const made = await stubModel();
  await made.stub.close();
  const error = await errorOf(made);
  assert.equal(error.kind, "unreachable");
  assert.equal(
    error.message,
    `Cannot reach the model server at ${made.stub.baseUrl}: connection refused; is it running?`,
  );
});

Deno.test("openaiAdapter reports an unknown host", async () => {
  await using made = await stubModel({}, { baseUrl: "http://no-such-host.invalid/v1" });
  const error = await errorOf(made);
  assert.equal(error.kind, "unreachable");
  assert.match(error.message, /^Cannot reach the model server at http:\/\/no-such-host\.invalid\/v1: /);
});

Deno.test("openaiAdapter reports a request that Deno refuses to send", async () => {
  // The Fetch standard blocks port 9.
  await using made = await stubModel({}, { baseUrl: "http://127.0.0.1:9/v1" });
  const error = await errorOf(made);
  assert.equal(error.kind, "broken-model");
  assert.match(error.message, /^Cannot ask the model server at http:\/\/127\.0\.0\.1:9\/v1: .*port 9/);
});

Deno.test("openaiAdapter reports a server that closes the connection", async () => {
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

Deno.test("openaiAdapter refuses a compressed body that is larger than the limit", async () => {
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
