/** The checks of requests, with requests as browsers and other programs send them. */
import assert from "node:assert/strict";
import { guardedApp, holdersByToken, newToken, PAGE_POLICY } from "./access.ts";

const TOKEN = newToken();
const SEAT = newToken();

const app = guardedApp({
  holderOf: holdersByToken([[TOKEN, "researcher"], [SEAT, "seat 1"]] as const),
  bodyBytesMax: 100,
});
app.get("/", (context) => context.text("the page"));
app.get("/api/me", (context) => context.json(context.get("holder")));
app.post("/api/echo", async (context) => context.json(await context.req.json()));

type Given = Readonly<{ path?: string; method?: string; body?: BodyInit; headers?: Record<string, string> }>;

/** Headers of a good request. An empty text removes one. */
function ask({ path = "/api/me", headers = {}, ...rest }: Given): Promise<Response> {
  const all = Object.entries({ Host: "127.0.0.1:8000", Authorization: `Bearer ${TOKEN}`, ...headers });
  return Promise.resolve(
    app.request(path, { ...rest, headers: Object.fromEntries(all.filter(([, value]) => value !== "")) }),
  );
}

async function statuses(given: readonly Given[]): Promise<readonly number[]> {
  return await Promise.all(given.map(async (one) => (await ask(one)).status));
}

Deno.test("each token leads to its own holder", async () => {
  assert.equal(await (await ask({})).json(), "researcher");
  assert.equal(await (await ask({ headers: { Authorization: `Bearer ${SEAT}` } })).json(), "seat 1");
});

Deno.test("a missing or wrong token is refused, and the page itself needs none", async () => {
  const wrong = [
    "",
    "Bearer",
    "Bearer ",
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(1)}`,
    `Basic ${TOKEN}`,
    TOKEN,
  ];
  const given = wrong.map((Authorization) => ({ headers: { Authorization } }));
  assert.deepEqual(await statuses(given), wrong.map(() => 401));
  assert.deepEqual(await statuses([{ path: `/api/me?t=${TOKEN}`, headers: { Authorization: "" } }]), [401]);
  assert.deepEqual(await statuses([{ path: "/", headers: { Authorization: "" } }]), [200]);
});

Deno.test("a Host can be a name of this machine with any port, and other names are refused on every route", async () => {
  const right = ["127.0.0.1", "127.0.0.1:1", "localhost:65535", "LOCALHOST:80", "[::1]:8000"];
  assert.deepEqual(await statuses(right.map((Host) => ({ headers: { Host } }))), right.map(() => 200));
  const wrong = [
    ...[
      "",
      "attacker.example",
      "attacker.example:8000",
      "127.0.0.1.attacker.example",
      "localhost.attacker.example",
    ],
    ...["127.0.0.1@attacker.example", "0.0.0.0:8000", "127.0.0.2", "[::]:8000", "127.1", "2130706433", "::1"],
  ];
  for (const path of ["/", "/api/me", "/nowhere"]) {
    assert.deepEqual(
      await statuses(wrong.map((Host) => ({ path, headers: { Host } }))),
      wrong.map(() => 403),
    );
  }
});

Deno.test("an Origin must name the server's own page", async () => {
  const headers = (Origin: string, Host = "localhost:8000") => ({ headers: { Origin, Host } });
  assert.deepEqual(await statuses([headers("http://localhost:8000"), headers("http://LocalHost:8000")]), [
    200,
    200,
  ]);
  const wrong = [
    ...[
      "null",
      "http://localhost:8001",
      "http://127.0.0.1:8000",
      "https://localhost:8000",
      "http://localhost",
    ],
    ...["http://attacker.example", "http://localhost:8000.attacker.example", "http://localhost:8000/"],
  ];
  assert.deepEqual(await statuses(wrong.map((Origin) => headers(Origin))), wrong.map(() => 403));
});

Deno.test("data go only to the server's own page, or to a program that is no browser", async () => {
  const site = (value: string, path?: string) => ({
    ...(path && { path }),
    headers: { "Sec-Fetch-Site": value },
  });
  assert.deepEqual(await statuses([site("same-origin"), site("")]), [200, 200]);
  assert.deepEqual(await statuses(["cross-site", "same-site", "none"].map((one) => site(one))), [
    403,
    403,
    403,
  ]);
  assert.deepEqual(await statuses([site("none", "/"), site("cross-site", "/")]), [200, 200]);
});

Deno.test("a body must be JSON and small, whether its length is known or not", async () => {
  const post = (body: BodyInit, type = "application/json") => ({
    ...{ path: "/api/echo", method: "POST", body },
    headers: { "Content-Type": type },
  });
  const long = JSON.stringify("a".repeat(200));
  const stream = () => new Blob([long]).stream();
  assert.deepEqual(await (await ask(post(`{"a":1}`, "application/json; charset=utf-8"))).json(), { a: 1 });
  const types = [
    "",
    "text/plain",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "application/jsonp",
  ];
  assert.deepEqual(await statuses(types.map((type) => post(`{"a":1}`, type))), types.map(() => 415));
  assert.deepEqual(await statuses([post(long), post(stream())]), [413, 413]);
});

Deno.test("other methods are refused, and no answer allows other sites to read it", async () => {
  const methods = ["PUT", "DELETE", "PATCH"];
  assert.deepEqual(await statuses(methods.map((method) => ({ method }))), methods.map(() => 405));
  const asked = await ask({
    method: "OPTIONS",
    headers: { Origin: "http://attacker.example", "Access-Control-Request-Method": "POST" },
  });
  assert.equal(asked.status, 403);
  for (const answer of [asked, await ask({})]) {
    assert.deepEqual([...answer.headers.keys()].filter((name) => name.startsWith("access-control-")), []);
  }
});

Deno.test("every answer has the headers that protect its content from other sites, even a refusal", async () => {
  const answers = [
    await ask({}),
    await ask({ path: "/nowhere" }),
    await ask({ headers: { Host: "attacker.example" } }),
  ];
  for (const { headers } of answers) {
    assert.equal(headers.get("Content-Security-Policy"), PAGE_POLICY);
    assert.equal(headers.get("X-Content-Type-Options"), "nosniff");
    assert.equal(headers.get("Referrer-Policy"), "no-referrer");
    assert.equal(headers.get("Cache-Control"), "no-store");
  }
});
