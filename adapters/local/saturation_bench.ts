/**
 * Compares the engine with bare requests to the same server: a stub with 200 ms latency, in a process of its own,
 * with 256 requests in flight. The engine writes every reply durably.
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runExperiment } from "./run_experiment.ts";

const IN_FLIGHT = 256;
const TURNS_EACH = 20;
const REQUESTS = IN_FLIGHT * TURNS_EACH;

const server = new Deno.Command(Deno.execPath(), {
  args: [
    "run",
    "--allow-net",
    fileURLToPath(new URL("../models/testing/openai_stub.ts", import.meta.url)),
    "200",
  ],
  stdout: "piped",
  stderr: "null",
}).spawn();
addEventListener("unload", () => server.kill("SIGKILL"));
const { value } = await server.stdout.getReader().read();
const baseUrl = new TextDecoder().decode(value).trim();

const folder = await Deno.makeTempDir();
const experiment = join(folder, "saturation.yaml");
await Deno.writeTextFile(
  experiment,
  `
name: saturation
seed: 1
models: { m: { adapter: openai, baseUrl: "${baseUrl}", model: stub-model, limits: { concurrency: ${IN_FLIGHT} }, maxTokens: 60 } }
participants: { model: m, personas: [{ name: Ada }, { name: Ben }, { name: Cleo }] }
openings: [Should buses run at night?]
discussion: { turns: ${TURNS_EACH} }
design: { replications: ${IN_FLIGHT} }
`,
);

async function askBare(): Promise<void> {
  const messages = [{ role: "system", content: "You are Ada." }, {
    role: "user",
    content: "It is your turn.",
  }];
  const body = JSON.stringify({ model: "stub-model", messages, seed: 1, max_tokens: 60 });
  for (let turn = 0; turn < TURNS_EACH; turn++) {
    const response = await fetch(`${baseUrl}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    await response.json();
  }
}

let runs = 0;
const group = `${REQUESTS} requests, ${IN_FLIGHT} in flight, 200 ms each`;

Deno.bench("bare requests", { group, baseline: true, n: 3, warmup: 1 }, async () => {
  await Promise.all(Array.from({ length: IN_FLIGHT }, askBare));
});

Deno.bench("discussions, durably", { group, n: 3, warmup: 1 }, async () => {
  const { ended } = await runExperiment(experiment, { out: join(folder, `run${runs++}`) });
  if (ended !== IN_FLIGHT) throw new Error(`Cannot measure: ${ended} of ${IN_FLIGHT} discussions ended`);
});
