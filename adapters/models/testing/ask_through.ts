/**
 * Asks each server once, and prints a finish reason or an error message for each, as JSON. It is a program of its own,
 * because `fetch` reads the proxy variables only once in a process.
 *
 *     HTTP_PROXY=… deno run --allow-net --allow-env ask_through.ts http://127.0.0.1:8000/v1 …
 */
import { fixedClock } from "../../../core/ports/clock.ts";
import { openaiAdapter } from "../openai/adapter.ts";

const results: string[] = [];
for (const baseUrl of Deno.args) results.push(await asked(baseUrl).catch(({ message }) => message));
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(results)));

async function asked(baseUrl: string): Promise<string> {
  const model = await openaiAdapter.create(
    { adapter: "openai", sampling: {}, options: { model: "stub-model", baseUrl, apiKeyEnv: "STUB_KEY" } },
    { env: (name) => Deno.env.get(name), clock: fixedClock(0) },
  );
  const origin = { discussion: "d", turn: 0, speaker: "Anna", role: "participant" } as const;
  const request = { messages: [{ role: "user", content: "Hello?" }], sampling: {}, seed: 1, origin } as const;
  try {
    return (await model.generate(request, new AbortController().signal)).finishReason;
  } finally {
    await model.close?.();
  }
}
