/// <reference lib="dom" />
/** Attacks on the viewer's server: from other programs, from pages of other sites, and from inside the page. */
import assert from "node:assert/strict";
import { withBrowser } from "../../report/testing/browser.ts";
import type { ViewerSource } from "../api.ts";
import { fixedSource } from "../testing/fixed_source.ts";
import { startViewer, type TestServer, viewerTest } from "../testing/opened_viewer.ts";
import { linkTo, serve } from "./serve.ts";

/** A source that counts the questions that reach it. */
function countedSource(): Readonly<{ source: ViewerSource; questions: () => number }> {
  let count = 0;
  const { source } = fixedSource({
    runs: () => {
      count++;
      return Promise.resolve([]);
    },
    look: () => {
      count++;
      return Promise.resolve({
        outcomes: [],
        ended: 0,
        completed: 0,
        planned: 0,
        analysis: "",
        unrecorded: null,
      });
    },
  });
  return { source, questions: () => count };
}

const ANSWER_BYTES = 4096;

/** Sends bytes as they are, and reads the beginning of the answer. */
async function sendRaw(port: number, text: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  await connection.write(new TextEncoder().encode(text));
  const answer = new Uint8Array(ANSWER_BYTES);
  return new TextDecoder().decode(answer.subarray(0, await connection.read(answer) ?? 0));
}

const raw = (line: string, headers: readonly string[], body = "") =>
  `${
    [`${line} HTTP/1.1`, ...headers, "Connection: close", `Content-Length: ${body.length}`].join("\r\n")
  }\r\n\r\n${body}`;

async function withServer(
  test: (server: TestServer, questions: () => number) => Promise<void>,
): Promise<void> {
  const { source, questions } = countedSource();
  const server = await startViewer(source);
  try {
    await test(server, questions);
  } finally {
    await server.close();
  }
}

const JSON_TYPE = "Content-Type: application/json";

Deno.test("requests with a foreign or missing Host, a foreign Origin, or no token reach no question", () =>
  withServer(async ({ port, token }, questions) => {
    const key = `Authorization: Bearer ${token}`;
    const own = `Host: 127.0.0.1:${port}`;
    const ask = (...headers: readonly string[]) => sendRaw(port, raw("POST /api/runs", headers, "{}"));
    const status = async (...headers: readonly string[]) => Number((await ask(...headers)).slice(9, 12));
    assert.equal(await status(own, key, JSON_TYPE), 200);
    assert.equal(questions(), 1);
    assert.equal(await status(`Host: attacker.example:${port}`, key, JSON_TYPE), 403);
    assert.equal(await status(own, key, JSON_TYPE, "Origin: http://attacker.example"), 403);
    assert.equal(await status(own, key, JSON_TYPE, "Origin: null"), 403);
    assert.equal(await status(own, key, JSON_TYPE, "Sec-Fetch-Site: cross-site"), 403);
    assert.equal(await status(own, JSON_TYPE), 401);
    assert.equal(await status(own, `Cookie: t=${token}`, JSON_TYPE), 401);
    assert.equal(await status(own, key, "Content-Type: text/plain"), 415);
    assert.notEqual(await status(key, JSON_TYPE), 200);
    assert.notEqual(await status(own, `Host: attacker.example:${port}`, key, JSON_TYPE), 200);
    assert.equal(questions(), 1);
  }));

Deno.test("addresses with tricks lead to no other file", () =>
  withServer(async ({ port, token }) => {
    const paths = [
      ...["/../deno.json", "/..%2fdeno.json", "/%2e%2e/deno.json", "//etc/passwd", "/app.js/../../deno.json"],
      ...[
        "/app.js%00",
        "/bundle/app.js",
        "/app.js.map",
        "/APP.JS",
        "/main.tsx",
        "/.git/config",
        "/report/../app.ts",
      ],
      ...[
        "/report/",
        "/report/%2e%2e%2fapp.ts",
        "/api/",
        "/api/constructor",
        "/api/__proto__",
        "/api/toString",
      ],
    ];
    for (const path of paths) {
      for (const method of ["GET", "POST"]) {
        const headers = [`Host: 127.0.0.1:${port}`, `Authorization: Bearer ${token}`, JSON_TYPE];
        const answer = await sendRaw(port, raw(`${method} ${path}`, headers, "{}"));
        assert.match(answer, /^HTTP\/1\.1 4\d\d /, `${method} ${path}: ${answer.slice(0, 80)}`);
        assert.doesNotMatch(answer, /root:|"tasks"|\[core\]/, path);
      }
    }
  }));

Deno.test("a body that is too large is refused, however it is sent", () =>
  withServer(async ({ port, token }, questions) => {
    const headers = [`Host: 127.0.0.1:${port}`, `Authorization: Bearer ${token}`, JSON_TYPE];
    const body = JSON.stringify({ run: "a".repeat(100_000) });
    assert.match(await sendRaw(port, raw("POST /api/look", headers, body)), /^HTTP\/1\.1 413 /);
    const lines = ["POST /api/look HTTP/1.1", ...headers, "Connection: close", "Transfer-Encoding: chunked"];
    const chunked = `${lines.join("\r\n")}\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    assert.match(await sendRaw(port, chunked), /^HTTP\/1\.1 413 /);
    assert.equal(questions(), 0);
  }));

withBrowser("a page of another site reads nothing from the server, and starts nothing", async (browser) => {
  await withServer(async ({ port, token }, questions) => {
    const attacker = serve({ fetch: () => new Response("<!doctype html><p>Hello", { headers: HTML }) }, 0);
    try {
      const page = await browser.newPage();
      await page.goto(`http://localhost:${attacker.port}/`);
      const results = await page.evaluate(async ([target, key]) => {
        const attempt = async (init: RequestInit) => {
          try {
            const answer = await fetch(`${target}/api/look`, {
              method: "POST",
              body: '{"run":"r"}',
              ...init,
            });
            return answer.type === "opaque" ? "opaque" : await answer.text();
          } catch {
            return "refused";
          }
        };
        const script = (path: string) =>
          new Promise<string>((resolve) => {
            const element = document.createElement("script");
            element.src = `${target}${path}`;
            element.onload = () => resolve("loaded");
            element.onerror = () => resolve("refused");
            document.head.append(element);
          });
        return {
          withToken: await attempt({
            headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
          }),
          asText: await attempt({ mode: "no-cors", headers: { "Content-Type": "text/plain" } }),
          script: await script("/app.js"),
        };
      }, [`http://127.0.0.1:${port}`, token]);
      assert.deepEqual(results, { withToken: "refused", asText: "refused", script: "refused" });
      assert.equal(questions(), 0);
      await page.setContent(`<iframe src="http://127.0.0.1:${port}/"></iframe>`);
      const frame = page.frames()[1]!;
      await frame.waitForLoadState().catch(() => {});
      assert.equal(await frame.locator("#app").count().catch(() => 0), 0);
    } finally {
      await attacker.close();
    }
  });
});

const HTML = { "Content-Type": "text/html" };

withBrowser("a foreign name with the address of this machine opens no page", async (browser) => {
  await withServer(async ({ port, token }, questions) => {
    const page = await browser.newPage();
    const answer = await page.goto(linkTo(port, token).replace("127.0.0.1", "attacker.example"));
    assert.equal(answer!.status(), 403);
    assert.equal(await page.locator("#app").count(), 0);
    assert.equal(questions(), 0);
  });
}, ["--host-resolver-rules=MAP attacker.example 127.0.0.1"]);

viewerTest("nothing in the page can run other scripts, or send data to another place", async (open) => {
  const { page, server } = await open(fixedSource().source);
  let received = 0;
  const elsewhere = serve({
    fetch: () => {
      received++;
      return new Response("x");
    },
  }, 0);
  const outcome = await page.evaluate(async (target) => {
    const violated: string[] = [];
    addEventListener("securitypolicyviolation", (event) => violated.push(event.effectiveDirective));
    const attempt = (act: () => unknown) => {
      try {
        act();
        return "done";
      } catch (error) {
        return (error as Error).name;
      }
    };
    const fails = await fetch(target).then(() => "sent", () => "refused");
    const image = new Image();
    image.src = `${target}x.png`;
    const frame = document.createElement("iframe");
    frame.src = target;
    document.body.append(frame);
    const html = attempt(() => document.body.insertAdjacentHTML("beforeend", "<img src=x onerror=alert(1)>"));
    const style = document.createElement("p");
    style.setAttribute("style", "color: red");
    await new Promise((resolve) => setTimeout(resolve, 100));
    return { fails, html, violated: [...new Set(violated)].sort(), style: style.style.color };
  }, `http://localhost:${elsewhere.port}/`);
  await elsewhere.close();
  assert.equal(received, 0);
  assert.deepEqual([outcome.fails, outcome.html, outcome.style], [
    "refused",
    "TypeError",
    "",
  ]);
  for (
    const directive of ["connect-src", "frame-src", "img-src", "require-trusted-types-for", "style-src-attr"]
  ) {
    assert.ok(outcome.violated.includes(directive), `${directive}: ${outcome.violated}`);
  }
  assert.equal(await page.evaluate(() => location.hash.includes("t=")), false);
  assert.ok(
    (await page.evaluate(() => Object.values(localStorage))).some((value) => value.includes(server.token)),
  );
});
