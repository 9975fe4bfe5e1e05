import assert from "node:assert/strict";
import { join } from "node:path";
import { startOpenAiStub } from "../../adapters/models/testing/openai_stub.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { experiment, jsonLines } from "../testing/experiments.ts";
import { contentsOfRun, runProgram } from "../testing/processes.ts";

const PRICED = "{ adapter: scripted, concurrency: 1, prices: { input: 1000, output: 2000, currency: USD } }";

/** The contents of an undisturbed run of the experiment. */
async function undisturbed(text: string): Promise<Map<string, string>> {
  return await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), text);
    assert.equal((await runProgram(["run", "e.yaml", "--quiet"], { cwd })).code, 0);
    return await contentsOfRun(join(cwd, "runs/tiny"));
  });
}

Deno.test("run exits with 4 at a limit, names the limit, counts earlier starts, and can be resumed", async () => {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment(PRICED));
    const first = await runProgram(["run", "e.yaml", "--max-tokens", "300"], { cwd });
    assert.equal(first.code, 4, first.stderr);
    assert.match(first.stdout, /^Stopped at a limit after /);
    assert.match(first.stdout, /The limit on tokens, 300, is reached: \d+ used\n/);
    assert.match(first.stdout, /To resume, raise --max-tokens:\n.* run e\.yaml --max-tokens 300\n/);
    // The tokens of the first start already reach the limit, so the second start sends no request.
    const before = await contentsOfRun(join(cwd, "runs/tiny"));
    const again = await runProgram(["run", "e.yaml", "--max-tokens", "300", "--json"], { cwd });
    assert.equal(again.code, 4);
    const { cutShort } = jsonLines(again.stdout).at(-1)!;
    assert.deepEqual([cutShort.by, cutShort.limit], ["budget", "tokens"]);
    assert.deepEqual(await contentsOfRun(join(cwd, "runs/tiny")), before);
    assert.equal((await runProgram(["run", "e.yaml", "--max-tokens", "100000"], { cwd })).code, 0);
    assert.deepEqual(await contentsOfRun(join(cwd, "runs/tiny")), await undisturbed(experiment(PRICED)));
  });
});

Deno.test("run stops at --max-cost, status shows the cost so far, and plan estimates the cost", async () => {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment(PRICED));
    const plan = jsonLines((await runProgram(["plan", "e.yaml", "--json"], { cwd })).stdout)[0];
    const [{ promptTokens, replyTokens, cost }] = plan.models;
    assert.equal(cost, (promptTokens * 1000 + replyTokens * 2000) / 1e6);
    assert.deepEqual(plan.cost, { cost, currency: "USD" });
    assert.match((await runProgram(["plan", "e.yaml"], { cwd })).stdout, /\ncost to come: ≈ \d.* USD\n/);

    const { code, stdout } = await runProgram(["run", "e.yaml", "--max-cost", "0.3"], { cwd });
    assert.equal(code, 4);
    assert.match(stdout, /The limit on cost, 0\.3, is reached: 0\.\d+ spent/);
    const status = jsonLines((await runProgram(["status", "runs/tiny", "--json"], { cwd })).stdout)[0];
    const { m } = status.models;
    assert.ok(m.cost >= 0.3 && m.cost < 0.6);
    assert.ok(Math.abs(m.cost - (m.promptTokens * 1000 + m.completionTokens * 2000) / 1e6) < 1e-9);
    assert.deepEqual(status.costs, [{ cost: m.cost, currency: "USD" }]);
    assert.match((await runProgram(["status", "runs/tiny"], { cwd })).stdout, /\ncost so far +0\.\d+ USD\n/);

    // A run can be resumed with other prices.
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment(PRICED.replace("1000", "0")));
    assert.equal((await runProgram(["run", "e.yaml"], { cwd })).code, 0);
  });
});

Deno.test("run stops at --max-failures, and at --deadline", async () => {
  await inFolder(async (cwd) => {
    const failing = "{ adapter: scripted, concurrency: 1, failures: [{ kind: bad-request, turns: [2] }] }";
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment(failing));
    const failed = await runProgram(["run", "e.yaml", "--max-failures", "2"], { cwd });
    assert.equal(failed.code, 4);
    assert.match(failed.stdout, /2 failed/);
    assert.match(failed.stdout, /The limit on failures, 2, is reached/);
  });
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment("{ adapter: scripted, latencyMs: 200 }", 400));
    const { code, stdout } = await runProgram(["run", "e.yaml", "--deadline", "1s"], { cwd });
    assert.equal(code, 4);
    assert.match(stdout, /The deadline, \d{4}-.*Z, has passed/);
    assert.match(stdout, /To resume, raise --deadline:\n.* --deadline 1s\n/);
    const past = await runProgram(["run", "e.yaml", "--deadline", "2026-01-01T00:00Z"], { cwd });
    assert.equal(past.code, 4);
  });
});

Deno.test("run reports once that a model is down, exits with 3 after --max-pause, and can be resumed", async () => {
  const stub = startOpenAiStub();
  const text = experiment(`{ adapter: openai, model: stub-model, baseUrl: "${stub.baseUrl}" }`);
  const expected = await undisturbed(text);
  const { port } = new URL(stub.baseUrl);
  await stub.close();
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), text);
    for (const style of [[], ["--quiet"], ["--json"]]) {
      const { code, stdout, stderr } = await runProgram(["run", "e.yaml", "--max-pause", "1s", ...style], {
        cwd,
      });
      assert.equal(code, 3, stderr);
      const said = style[0] === "--json"
        ? jsonLines(stdout).filter(({ type }) => type === "paused").map(({ model, reason }) =>
          `${model}: ${reason}`
        )
        : stderr.split("\n").filter((line) => line.startsWith("paused"));
      assert.equal(said.length, 1);
      assert.match(
        said[0]!,
        /\bm\b.*: Cannot reach the model server at .*: connection refused; is it running\?$/,
      );
    }
    const log = jsonLines(await Deno.readTextFile(join(cwd, "runs/tiny/log.jsonl")));
    const { discussion, turn, model, attempt, durationMs, kind } = log.find(({ message }) =>
      message === "attempt failed"
    )!;
    assert.match(discussion, /^base\.r000/);
    assert.deepEqual({ turn, model, attempt, kind }, {
      turn: 0,
      model: "m",
      attempt: 1,
      kind: "unreachable",
    });
    assert.equal(typeof durationMs, "number");
    assert.equal(log.filter(({ message }) => message === "model paused").length, 3);
    await using _again = startOpenAiStub({ port: Number(port) });
    assert.equal((await runProgram(["run", "e.yaml"], { cwd })).code, 0);
    assert.deepEqual(await contentsOfRun(join(cwd, "runs/tiny")), expected);
  });
});

Deno.test("annotate has the same limits, and counts the cost of the discussions", async () => {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment(PRICED));
    await Deno.writeTextFile(
      join(cwd, "a.yaml"),
      `models: { judge: { adapter: scripted, concurrency: 1, replies: ["3"], prices: { input: 1000, output: 2000, currency: USD } } }
annotators: [{ model: judge }]
scales: { civility: { type: ordinal, min: 1, max: 5, question: How civil is it? } }
`,
    );
    assert.equal((await runProgram(["run", "e.yaml"], { cwd })).code, 0);
    const { costs } = jsonLines((await runProgram(["status", "runs/tiny", "--json"], { cwd })).stdout)[0];
    const annotate = ["annotate", "runs/tiny", "--with", "a.yaml", "--max-cost"];
    const none = await runProgram([...annotate, String(costs[0].cost)], { cwd });
    assert.equal(none.code, 4, none.stderr);
    assert.match(none.stdout, /annotations +0\n/);
    assert.match(none.stdout, /To resume, raise --max-cost:\n/);
    const some = await runProgram([...annotate, String(costs[0].cost + 0.2)], { cwd });
    assert.equal(some.code, 4, some.stderr);
    assert.match(some.stdout, /annotations +[1-9]/);
    assert.equal((await runProgram([...annotate, "1000", "--log-level", "debug"], { cwd })).code, 0);
    const log = jsonLines(await Deno.readTextFile(join(cwd, "runs/tiny/log.jsonl")));
    const answered = log.find(({ message, annotator }) => message === "answered" && annotator === "judge")!;
    assert.equal(typeof answered.comment, "number");
  });
});

Deno.test("run refuses invalid limits", async () => {
  await inFolder(async (cwd) => {
    await Deno.writeTextFile(join(cwd, "e.yaml"), experiment("{ adapter: scripted }"));
    const wrong: readonly (readonly [args: readonly string[], said: RegExp])[] = [
      [["--max-cost", "3"], /no model has prices/],
      [["--max-tokens", "0"], /max-tokens/],
      [["--deadline", "soon"], /Expected a time such as 2026-03-01T18:00Z, or a duration/],
      [["--deadline", "2026-13-01T00:00Z"], /Expected a time/],
      [["--max-pause", "forever"], /Expected a duration such as 4h/],
      [["--log-level", "loud"], /log-level/],
    ];
    for (const [args, said] of wrong) {
      const { code, stderr } = await runProgram(["run", "e.yaml", ...args], { cwd });
      assert.equal(code, 2, args.join(" "));
      assert.match(stderr, said);
    }
  });
});
