/**
 * The cost of a request on our side: the official client with this adapter, with `fetch` alone as the baseline. The stub
 * server is a process of its own, and answers at once.
 */
import { fixedClock } from "../../../core/ports/clock.ts";
import type { ModelRequest } from "../../../core/ports/model.ts";
import { openaiAdapter } from "./adapter.ts";

const REQUESTS = 512;
const IN_FLIGHT = 64;

const main = new URL("../testing/openai_stub.ts", import.meta.url).href;
const server = new Deno.Command(Deno.execPath(), { args: ["run", "--allow-net", main], stdout: "piped" })
  .spawn();
globalThis.addEventListener("unload", () => server.kill());
const { value } = await server.stdout.getReader().read();
const baseUrl = new TextDecoder().decode(value).trim();
const model = await openaiAdapter.create(
  { adapter: "openai", sampling: {}, options: { model: "stub-model", baseUrl } },
  { env: () => undefined, clock: fixedClock() },
);

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

async function askAll(ask: (seed: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: IN_FLIGHT }, async () => {
    while (next < REQUESTS) await ask(next++);
  }));
}

async function fetchAlone(seed: number): Promise<unknown> {
  const response = await fetch(`${baseUrl}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "stub-model", messages, temperature: 0.8, max_tokens: 200, seed }),
  });
  return await response.json();
}

// `Deno.bench` waits only for functions that are declared `async`.
Deno.bench(`${REQUESTS} requests, fetch alone`, { baseline: true }, async () => await askAll(fetchAlone));
Deno.bench(`${REQUESTS} requests, adapter`, async () => {
  await askAll((seed) => model.generate({ messages, sampling, seed, origin }, signal));
});
