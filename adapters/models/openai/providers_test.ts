import assert from "node:assert/strict";
import type { AdapterOptions } from "../../../core/ports/model.ts";
import { BUILT_IN_PROVIDERS } from "../mod.ts";
import type { ReceivedRequest } from "../testing/openai_stub.ts";
import { NEVER, NOW_MS, question, stubModel } from "../testing/stub_models.ts";
import { openaiAdapter } from "./adapter.ts";
import { openaiSchema } from "./options.ts";
import { optionsOfProvider } from "./provider_options.ts";
import { PROVIDERS } from "./providers.ts";
import { readCompletion } from "./reply.ts";
import { isWaitHeader, statedWaitMs } from "./waits.ts";

const providers = Object.entries(PROVIDERS);

Deno.test("PROVIDERS holds the providers that the documentation names", async () => {
  assert.deepEqual([...BUILT_IN_PROVIDERS.keys()], Object.keys(PROVIDERS));
  const recipes = await Deno.readTextFile(
    new URL("../../../docs/how_to/model_servers.md", import.meta.url),
  );
  const named = [...recipes.matchAll(/^ +provider: (\S+)/gm)].map(([, name]) => name);
  assert.deepEqual([...new Set(named)].sort(), Object.keys(PROVIDERS).sort());
});

for (const [name, { options, thoughts, waitHeaders, sources }] of providers) {
  Deno.test(`the adapter openai accepts the options of the provider ${name}, and keeps the spelling of the address`, () => {
    const written = { model: "m", ...options };
    assert.deepEqual(openaiAdapter.checkOptions!(written), []);
    assert.equal(openaiSchema.parse(written).baseUrl, options.baseUrl);
    assert.ok(sources.length > 0);
  });

  Deno.test(`openaiAdapter reads thoughts and waits where the provider ${name} sends them`, () => {
    for (const field of thoughts) {
      const words = field === "reasoning_details" ? [{ type: "reasoning.text", text: "Hm." }] : "Hm.";
      const message = { role: "assistant", content: "Yes.", [field]: words };
      const reply = readCompletion({ choices: [{ message, finish_reason: "stop" }] }, {
        model: "m",
        baseUrl: options.baseUrl,
      });
      assert.deepEqual([reply.text, reply.reasoning], ["Yes.", "Hm."]);
    }
    for (const header of waitHeaders) {
      assert.ok(isWaitHeader(header));
      const headers = new Headers({ [header]: "7" });
      assert.equal(statedWaitMs({ headers, members: [], words: "" }, NOW_MS, true), 7000);
    }
  });
}

async function sentBy(provider: string, given: AdapterOptions = {}): Promise<ReceivedRequest> {
  const received: ReceivedRequest[] = [];
  const { baseUrl: _, apiKeyEnv: __, ...options } = optionsOfProvider(PROVIDERS[provider]!, given);
  await using made = await stubModel({ onRequest: (request) => received.push(request) }, {
    ...options,
    ...given,
  });
  await made.model.generate(question("Hello?", { sampling: { maxTokens: 9 } }), NEVER);
  return received[0]!;
}

Deno.test("openaiAdapter names the seed and the token limit as the provider does", async () => {
  const sent = async (provider: string, given?: AdapterOptions) => {
    const { body } = await sentBy(provider, given);
    const names = ["seed", "random_seed", "max_tokens", "max_completion_tokens"];
    return names.filter((name) => Object.hasOwn(body, name)).join(" ");
  };
  assert.equal(await sent("vllm"), "seed max_tokens");
  assert.equal(await sent("openai"), "seed max_completion_tokens");
  assert.equal(await sent("mistral"), "random_seed max_tokens");
  assert.equal(await sent("gemini"), "max_tokens");
  assert.equal(
    await sent("gemini", { sendSeed: true, maxTokensField: "max_completion_tokens" }),
    "seed max_completion_tokens",
  );
});

Deno.test("optionsOfProvider() leaves out the key's variable at another address, so that no key goes astray", () => {
  const { openai } = PROVIDERS;
  const own = { baseUrl: "https://api.openai.com/v1/" };
  assert.equal(optionsOfProvider(openai!, own).apiKeyEnv, "OPENAI_API_KEY");
  assert.deepEqual(optionsOfProvider(openai!, { baseUrl: "http://node7:8000/v1" }), {
    maxTokensField: "max_completion_tokens",
  });
  assert.deepEqual(optionsOfProvider(openai!, { apiKeyEnv: "MY_KEY" }), {
    baseUrl: "https://api.openai.com/v1",
    maxTokensField: "max_completion_tokens",
  });
});
