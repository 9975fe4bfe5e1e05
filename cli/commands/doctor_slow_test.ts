import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { errorBody, startOpenAiStub, type StubOptions } from "../../adapters/models/testing/openai_stub.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { ADAPTER, annotatedExperiment, experiment } from "../testing/experiments.ts";
import { runHere, runProgram, runUnprivileged } from "../testing/processes.ts";

const TINY_FORUM = fileURLToPath(new URL("../../fixtures/models/tiny-forum", import.meta.url));

/** A result in the JSON output. */
type Result = Readonly<{ check: string; level: string; found: string; change?: string }>;

type Output = Readonly<{
  machine: readonly Result[];
  models: readonly Readonly<{
    names: readonly string[];
    requests: number;
    cost: number | null;
    isAsked: boolean;
    results: readonly Result[];
  }>[];
}>;

const checksOf = (results: readonly Result[]) => results.map(({ check }) => check);
const levelOf = (results: readonly Result[], check: string) =>
  results.find((result) => result.check === check)?.level;

const KEY = "sk-secret-0123456789";

async function withServer<T>(
  options: StubOptions,
  use: (modelAt: string, folder: string) => Promise<T>,
): Promise<T> {
  await using stub = startOpenAiStub(options);
  const model = `{ adapter: openai, model: stub-model, baseUrl: "${stub.baseUrl}", apiKeyEnv: SERVER_KEY, ` +
    "maxTokens: 50, prices: { input: 1, output: 2, currency: EUR } }";
  return await inFolder((folder) => use(model, folder));
}

Deno.test("doctor without an experiment checks the machine and leaves no file behind", () =>
  inFolder(async (folder) => {
    const { code, stdout } = await runHere("doctor", "--dir", folder, "--json");
    const { machine, models } = JSON.parse(stdout) as Output;
    assert.equal(code, 0, stdout);
    assert.deepEqual(models, []);
    const checks = ["version", "packages", "access", "disk", "locks", "space", "memory", "programs"];
    assert.deepEqual(checksOf(machine), checks);
    assert.match(machine[0]!.found, new RegExp(`Deno ${Deno.version.deno}`));
    assert.match(machine[1]!.found, /openai \d+\.\d+\.\d+/);
    assert.equal(levelOf(machine, "locks"), "ok");
    assert.deepEqual([...Deno.readDirSync(folder)], []);
  }));

Deno.test("doctor refuses a folder that does not exist, and finds one that it cannot write to", () =>
  inFolder(async (folder) => {
    const missing = await runHere("doctor", "--dir", join(folder, "missing"));
    assert.equal(missing.code, 2);
    assert.match(missing.stderr + missing.stdout, /there is no such folder/);
    const file = join(folder, "a file");
    await Deno.writeTextFile(file, "");
    assert.match((await runHere("doctor", "--dir", file)).stderr, /it is not a folder/);
    await Deno.chmod(folder, 0o555);
    const locked = await runUnprivileged(["doctor", "--dir", folder, "--json"]);
    assert.equal(locked.code, 1, locked.stderr);
    const { machine } = JSON.parse(locked.stdout) as Output;
    assert.equal(levelOf(machine, "disk"), "problem");
    await Deno.chmod(folder, 0o755);
  }));

Deno.test("doctor says that a log is not an experiment file", () =>
  inFolder(async (folder) => {
    const log = join(folder, "d0.jsonl");
    await Deno.writeTextFile(log, '{"seq":0}\n{"seq":1}\n');
    const { code, stderr } = await runHere("doctor", log, "--dir", folder, "--yes");
    assert.equal(code, 2);
    assert.match(stderr, /it is a log\. Name the experiment file, or the folder of the run/);
  }));

Deno.test("doctor shows the requests and their cost, and sends none without --yes or a terminal to ask on", async () => {
  let requests = 0;
  await withServer({ onRequest: () => requests++ }, async (model, folder) => {
    const file = join(folder, "e.yaml");
    await Deno.writeTextFile(file, experiment(model));
    const { code, stdout, stderr } = await runProgram(["doctor", file, "--dir", folder]);
    assert.equal(code, 2);
    assert.match(stdout, /5 short requests: at most about \d+ tokens in prompts and 250 in replies; .* EUR/);
    assert.match(stderr, /Give --yes/);
    assert.equal(requests, 0);
  });
});

Deno.test("doctor never shows a key, even if the server repeats it in errors and replies", async () => {
  const servers: StubOptions[] = [
    { apiKey: KEY, fault: () => ({ kind: "completion", fields: { model: `model of ${KEY}` } }) },
    {
      apiKey: KEY,
      fault: () => ({ kind: "answer", status: 400, body: errorBody(`Bad key ${KEY}`, "invalid", null) }),
    },
    { apiKey: "another key" },
  ];
  for (const [index, server] of servers.entries()) {
    await withServer(server, async (model, folder) => {
      const file = join(folder, "e.yaml");
      await Deno.writeTextFile(file, experiment(model));
      for (const form of [[], ["--json"]]) {
        const env = { SERVER_KEY: KEY };
        const args = ["doctor", file, "--dir", folder, "--yes", ...form];
        const { code, stdout, stderr } = await runProgram(args, { env });
        assert.equal(code, index === 0 ? 0 : 1, stdout + stderr);
        assert.ok(!(stdout + stderr).includes(KEY.slice(0, 8)), stdout + stderr);
      }
    });
  }
});

Deno.test("doctor asks each distinct service once, the annotators' service included", async () => {
  let requests = 0;
  await withServer({ onRequest: () => requests++ }, async (model, folder) => {
    const file = join(folder, "e.yaml");
    const shared = model.replace("apiKeyEnv: SERVER_KEY, ", "");
    await Deno.writeTextFile(file, annotatedExperiment(shared.replace("50", "40"), shared));
    const { code, stdout } = await runHere("doctor", file, "--dir", folder, "--yes", "--json");
    assert.equal(code, 0, stdout);
    const { models } = JSON.parse(stdout) as Output;
    assert.deepEqual(models.map(({ names, isAsked }) => [names, isAsked]), [[["m", "judge"], true]]);
    assert.equal(requests, 5);
    assert.equal(models[0]!.requests, 5);
  });
});

Deno.test("doctor checks a local model: its context, seed, answers, probabilities and speed", () =>
  inFolder(async (folder) => {
    const file = join(folder, "e.yaml");
    const model = `{ adapter: transformers, model: ${
      JSON.stringify(TINY_FORUM)
    }, temperature: 0.8, maxTokens: 60 }`;
    await Deno.writeTextFile(file, experiment(model));
    const { code, stdout, stderr } = await runProgram(["doctor", file, "--dir", folder, "--yes", "--json"]);
    assert.equal(code, 0, stdout + stderr);
    const [{ results }] = (JSON.parse(stdout) as Output).models as [Output["models"][0]];
    for (const check of ["answers", "context", "seed", "answer list", "log-probs", "JSON answers", "speed"]) {
      assert.equal(levelOf(results, check), "ok", `${check}: ${stdout}`);
    }
    // config.json of the model has this length.
    assert.match(results.find(({ check }) => check === "context")!.found, /^1,024 tokens/);
  }));

Deno.test("doctor does not run code that came with a run, unless the user trusts it", () =>
  inFolder(async (folder) => {
    const run = join(folder, "run");
    await Deno.writeTextFile(join(folder, "adapter.ts"), ADAPTER);
    await Deno.writeTextFile(join(folder, "e.yaml"), experiment("{ adapter: ./adapter.ts }"));
    assert.equal((await runProgram(["run", join(folder, "e.yaml"), "--out", run, "--quiet"])).code, 0);
    const env = { XDG_CONFIG_HOME: join(folder, "config of another user") };
    const args = ["doctor", run, "--dir", folder, "--yes", "--json"];
    const answersOf = async (...more: string[]) => {
      const { stdout, stderr } = await runProgram([...args, ...more], { env });
      assert.notEqual(stdout, "", stderr);
      const [{ results }] = (JSON.parse(stdout) as Output).models as [Output["models"][0]];
      return results.find(({ check }) => check === "answers")!;
    };
    const { level, found } = await answersOf();
    assert.equal(level, "warning");
    assert.match(found, /not asked: its adapter "\.\/adapter\.ts" was not loaded/);
    assert.equal((await answersOf("--trust")).level, "ok");
  }));
