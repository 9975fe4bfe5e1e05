/**
 * The cost of a request on our side: the official client with this adapter, with `fetch` alone as the baseline. One stub
 * server answers at once. The other takes 200 ms, so that 256 requests in flight give at most 1,280 a second.
 */
import { fixedClock } from "../../../core/ports/clock.ts";
import type { Model, ModelRequest } from "../../../core/ports/model.ts";
import { openaiAdapter } from "./adapter.ts";

async function startServer(latencyMs: number): Promise<string> {
  const main = new URL("../testing/openai_stub.ts", import.meta.url).href;
  const args = ["run", "--allow-net", main, String(latencyMs)];
  const server = new Deno.Command(Deno.execPath(), { args, stdout: "piped" }).spawn();
  globalThis.addEventListener("unload", () => server.kill());
  const { value } = await server.stdout.getReader().read();
  return new TextDecoder().decode(value).trim();
}

async function modelAt(baseUrl: string): Promise<Model> {
  return await openaiAdapter.create(
    { adapter: "openai", sampling: {}, options: { model: "stub-model", baseUrl } },
    { env: () => undefined, clock: fixedClock() },
  );
}

const messages: ModelRequest["messages"] = [
  {
    role: "system",
    content: "You are taking part in an online discussion. You are Anna. About you: …\n".repeat(8),
  },
  {
    role: "user",
    content: "Bob: I think that buses should run at night, because people work late.\n\n".repeat(5),
  },
];
const sampling = { temperature: 0.8, maxTokens: 200 };
const origin = { discussion: "bench", turn: 0, speaker: "Anna", role: "participant" } as const;
const signal = new AbortController().signal;

async function askAll(
  requests: number,
  inFlight: number,
  ask: (seed: number) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: inFlight }, async () => {
    while (next < requests) await ask(next++);
  }));
}

async function fetchAlone(baseUrl: string, seed: number): Promise<unknown> {
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "stub-model", messages, temperature: 0.8, max_tokens: 200, seed }),
  });
  return await response.json();
}

// `Deno.bench` waits only for functions that are declared `async`.
const instant = await startServer(0);
const instantModel = await modelAt(instant);
Deno.bench("512 requests, at once, fetch alone", { group: "at once", baseline: true }, async () => {
  await askAll(512, 64, (seed) => fetchAlone(instant, seed));
});
Deno.bench("512 requests, at once, adapter", { group: "at once" }, async () => {
  await askAll(512, 64, (seed) => instantModel.generate({ messages, sampling, seed, origin }, signal));
});

const slow = await startServer(200);
const slowModel = await modelAt(slow);
const few = { group: "200 ms", n: 3, warmup: 1 };
Deno.bench(
  "5120 requests, 200 ms, 256 in flight, fetch alone (4 s at best)",
  { ...few, baseline: true },
  async () => {
    await askAll(5120, 256, (seed) => fetchAlone(slow, seed));
  },
);
Deno.bench("5120 requests, 200 ms, 256 in flight, adapter (4 s at best)", few, async () => {
  await askAll(5120, 256, (seed) => slowModel.generate({ messages, sampling, seed, origin }, signal));
});
