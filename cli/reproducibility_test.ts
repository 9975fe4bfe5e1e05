/** The first promise, on real processes: the same file and seed give the same logs, however the run went. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../adapters/testing/in_folder.ts";
import { openDraw } from "../core/random/mod.ts";
import { contentsOfRun, ended, runProgram, startProgram } from "./testing/processes.ts";

const REPLICATIONS = 6;
const CONDITIONS = 2;

function experiment(model: string): string {
  return `
name: reproducible
seed: 2026
models:
  talker: ${model}
participants:
  model: talker
  personas: [{ name: Ada }, { name: Ben }, { name: Cleo }, { name: Dan }, { name: Eve }]
  count: 4
  roles: [{ name: sceptic, probability: 0.5, instructions: Doubt everything. }]
openings: [Should trams be free?, [Parks need lights., Parks need darkness.]]
discussion:
  turns: 12
  turnTaking: { strategy: respond, probability: 0.4 }
moderators:
  host: { model: talker, instructions: Keep the peace., schedule: { every: 3 } }
design:
  factors: { moderator: [none, host] }
  replications: ${REPLICATIONS}
`;
}

const SCRIPTED = "{ adapter: scripted, latencyMs: [1, 12], silence: 0.1 }";

async function withExperiment(
  text: string,
  test: (folder: string, file: string) => Promise<void>,
): Promise<void> {
  await inFolder(async (folder) => {
    const file = join(folder, "experiment.yaml");
    await Deno.writeTextFile(file, text);
    await test(folder, file);
  });
}

async function runOnce(file: string, out: string, ...args: string[]): Promise<Map<string, string>> {
  const { code, stderr } = await runProgram(["run", file, "--out", out, ...args]);
  assert.equal(code, 0, stderr);
  return await contentsOfRun(out);
}

/** Starts the same command again and again, each time killed a little later; the number of kills that hit a running process. */
async function runWithKills(file: string, out: string): Promise<number> {
  const draw = openDraw("kills", out.length);
  let kills = 0;
  for (let round = 0; round < KILLS_MAX; round++) {
    const child = startProgram(["run", file, "--out", out]);
    const timer = setTimeout(() => child.kill("SIGKILL"), 120 + draw.below(200));
    const { code, signal, stderr } = await ended(child);
    clearTimeout(timer);
    if (signal === null) {
      assert.equal(code, 0, stderr);
      return kills;
    }
    kills++;
  }
  const { code, stderr } = await runProgram(["run", file, "--out", out]);
  assert.equal(code, 0, stderr);
  return kills;
}

const KILLS_MAX = 12;

Deno.test("run gives the same type and data at any concurrency", async () => {
  await withExperiment(experiment(SCRIPTED), async (folder, file) => {
    const alone = await runOnce(file, join(folder, "alone"), "--concurrency", "1");
    const together = await runOnce(file, join(folder, "together"), "--concurrency", "12");
    assert.equal(alone.size, REPLICATIONS * CONDITIONS);
    assert.deepEqual(together, alone);
  });
});

Deno.test("run gives the same type and data after any number of SIGKILLs", async () => {
  await withExperiment(experiment(SCRIPTED.replace("[1, 12]", "[10, 60]")), async (folder, file) => {
    const undisturbed = await runOnce(file, join(folder, "undisturbed"));
    const kills = await runWithKills(file, join(folder, "killed"));
    assert.ok(kills >= 2, `only ${kills} kills hit the run: it is too short for this test`);
    assert.deepEqual(await contentsOfRun(join(folder, "killed")), undisturbed);
    const verified = await runProgram(["replay", join(folder, "killed"), "--verify"]);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
  });
});

Deno.test("run gives the same type and data through a real server, after SIGKILLs", async () => {
  const stub = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-net",
      new URL("../adapters/models/testing/openai_stub_main.ts", import.meta.url).href,
    ]
      .concat(["--latency-ms", "25"]),
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  try {
    const baseUrl = await firstLine(stub.stdout);
    const model =
      `{ adapter: openai, baseUrl: "${baseUrl}", model: stub-model, temperature: 0.7, maxTokens: 60 }`;
    await withExperiment(experiment(model), async (folder, file) => {
      const undisturbed = await runOnce(file, join(folder, "undisturbed"));
      const kills = await runWithKills(file, join(folder, "killed"));
      assert.ok(kills >= 1, "no kill hit the run: it is too short for this test");
      assert.deepEqual(await contentsOfRun(join(folder, "killed")), undisturbed);
    });
  } finally {
    stub.kill("SIGKILL");
    await stub.status;
  }
});

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream()).values({ preventCancel: true })) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  return text.split("\n", 1)[0]!;
}
