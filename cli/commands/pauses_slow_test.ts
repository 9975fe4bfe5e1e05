import assert from "node:assert/strict";
import { join } from "node:path";
import { startOpenAiStub, type StubOptions } from "../../adapters/models/testing/openai_stub.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { jsonLines } from "../testing/experiments.ts";
import { runProgram } from "../testing/processes.ts";

/** An experiment with discussions of each model. The stub serves all models. */
function experimentOf(baseUrl: string, models: readonly string[], replications: number): string {
  const entries = models.map((model) =>
    `  ${model}: { adapter: openai, baseUrl: "${baseUrl}", model: ${model} }`
  );
  return `name: several
seed: 1
models:
${entries.join("\n")}
participants: { model: ${models[0]}, personas: [{ name: Anna }, { name: Bob }] }
discussion: { turns: 4 }
design: { factors: { participants.model: [${models.join(", ")}] }, replications: ${replications} }
`;
}

async function withStub(
  options: StubOptions & Readonly<{ models: readonly string[]; replications: number }>,
  act: (cwd: string) => Promise<void>,
): Promise<void> {
  const { models, replications } = options;
  await using stub = startOpenAiStub(options);
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), experimentOf(stub.baseUrl, models, replications));
    await act(cwd);
  });
}

for (const status of [400, 401, 403, 404, 422]) {
  Deno.test(`run completes one model's discussions when all requests to another model are answered with ${status}`, async () => {
    let refused = 0;
    const fault: StubOptions["fault"] = ({ body }) => {
      if (body.model === "good") return null;
      refused++;
      return { kind: "answer", status, body: { error: { message: "no such thing", type: "invalid" } } };
    };
    await withStub({ models: ["good", "bad"], replications: 30, latencyMs: 20, fault }, async (cwd) => {
      const args = ["run", "e.yaml", "--concurrency", "4"];
      const { code, stdout, stderr } = await runProgram([...args, "--json"], { cwd });
      assert.equal(code, 3, stderr);
      const { discussions, stopped, cutShort } = jsonLines(stdout).at(-1)!;
      assert.deepEqual([discussions.ended, discussions.setAside + discussions.left, cutShort], [
        30,
        30,
        null,
      ]);
      assert.deepEqual(stopped.map(({ left }: { left: number }) => left), [discussions.left]);
      assert.match(stopped[0].message, /bad/);
      assert.ok(refused < 30);
      const again = await runProgram(args, { cwd });
      assert.equal(again.code, 3);
      assert.match(again.stdout, /^Ended, some discussions not run, after /);
      assert.match(again.stdout, /30 of 60 ended/);
      assert.match(again.stdout, /Stopped, while the rest continued:\n {2}\d+ discussions not run: /);
    });
  });
}

Deno.test("run pauses until the server accepts requests again, and run and status report the pause", async () => {
  let [sent, refused, isReady] = [0, 0, false];
  let folder = "";
  // deno-lint-ignore no-explicit-any -- an object of many shapes
  let status: Promise<any> | null = null;
  let refusingSinceMs = 0;
  const statusNow = async () =>
    jsonLines((await runProgram(["status", "runs/several", "--json"], { cwd: folder })).stdout)[0];
  const statusOnceItPauses = async () => {
    for (;;) {
      const shown = await statusNow();
      if (shown.paused.length > 0) return shown;
    }
  };
  const fault: StubOptions["fault"] = () => {
    if (++sent < 3 || isReady) return null;
    refused++;
    if (status === null) {
      refusingSinceMs = performance.now();
      status = statusOnceItPauses().finally(() => isReady = true);
    }
    const body = { error: { message: "Rate limit reached" } };
    return { kind: "answer", status: 429, headers: { "Retry-After": "2" }, body };
  };
  await withStub({ models: ["m", "n"], replications: 3, fault }, async (cwd) => {
    folder = cwd;
    const { code, stdout, stderr } = await runProgram(["run", "e.yaml", "--json"], { cwd });
    assert.equal(code, 0, stderr);
    const lines = jsonLines(stdout);
    const paused = lines.filter(({ type }) => type === "paused");
    assert.ok(paused.length > 0);
    for (const { cause, reason, untilMs } of paused) {
      assert.equal(cause, "rate-limited");
      assert.match(reason, /takes no more requests for now|Rate limit reached/);
      assert.ok(untilMs > 1_700_000_000_000);
    }
    assert.ok(lines.some((line) => line.type === "progress" && line.paused?.length > 0));
    // The server refuses each of six discussions at most once, and then one probe of each model every two seconds.
    const refusedMax = 6 + 2 * (1 + (performance.now() - refusingSinceMs) / 2000);
    assert.ok(refused <= refusedMax, String(refused));
    const during = await status!;
    assert.match(during.paused[0].until, /^\d{4}-\d\d-\d\dT.*Z$/);
    assert.deepEqual((await statusNow()).paused, []);
  });
});

Deno.test("run exits with 3 if a server asks for a wait above --max-pause, and says until when", async () => {
  let sent = 0;
  const fault: StubOptions["fault"] = () =>
    ++sent < 3 ? null : {
      kind: "answer",
      status: 429,
      headers: { "Retry-After": "86400" },
      body: { error: { message: "Rate limit reached" } },
    };
  await withStub({ models: ["m"], replications: 20, fault }, async (cwd) => {
    const { code, stdout, stderr } = await runProgram(["run", "e.yaml", "--max-pause", "2h"], { cwd });
    assert.equal(code, 3, stderr);
    assert.match(
      stdout,
      /The server of the model "m" asks to wait 24 h, until \d{4}-.*Z; a pause may take 2 h/,
    );
    assert.match(stdout, /20 not run/);
    assert.ok(!/failed/.test(stdout));
    assert.ok(sent <= 22, String(sent));
  });
});
