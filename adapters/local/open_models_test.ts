import assert from "node:assert/strict";
import type { AttemptNotice, Spent } from "../../core/engine/mod.ts";
import type { ModelAdapter, ModelReply } from "../../core/ports/mod.ts";
import { type ModelWatch, type OpenableModel, openModels } from "./open_models.ts";

const reply: ModelReply = {
  text: "x",
  finishReason: "stop",
  usage: { promptTokens: 1e6, completionTokens: 1e6 },
};
const plain: ModelAdapter = { create: () => ({ generate: () => Promise.resolve(reply) }) };
const limited: ModelAdapter = { ...plain, concurrencyOf: () => 40, timeoutMsOf: () => 3000 };

async function opened(adapter: ModelAdapter, setup: Partial<OpenableModel> = {}, watch: ModelWatch = {}) {
  const spec = { adapter: "own", sampling: {}, options: {}, ...setup };
  const models = await openModels(
    [["m", spec]],
    { adapters: new Map([["own", adapter]]), folder: "." },
    watch,
  );
  return { ...models, model: models.lookUp("m", spec) };
}

Deno.test("openModels() adapts requests in flight up to the model's own number, unless the user fixes it", async () => {
  const adaptive = await opened(limited);
  assert.equal(adaptive.concurrency, 40);
  assert.ok(adaptive.model.adaptive && adaptive.model.limiter.limit < 40);
  const named = await opened(limited, { limits: { concurrency: "adaptive" } });
  assert.ok(named.model.adaptive);
  const fixed = await opened(limited, { limits: { concurrency: 8 } });
  assert.deepEqual([fixed.concurrency, fixed.model.limiter.limit, fixed.model.adaptive], [8, 8, undefined]);
});

Deno.test("openModels() lets no model go without a time-out", async () => {
  assert.equal((await opened(plain)).model.watchdog!.msMax, 600_000);
  assert.equal((await opened(limited)).model.watchdog!.msMax, 8000);
  const limits = { concurrency: "adaptive", requestSeconds: 2.5 } as const;
  assert.equal((await opened(limited, { limits })).model.watchdog!.msMax, 2500);
});

Deno.test("openModels() limits the rate where the user says so, and pauses where its caller does", async () => {
  const none = await opened(plain);
  assert.deepEqual([none.model.rates, none.model.pauses, none.model.observe], [
    undefined,
    undefined,
    undefined,
  ]);
  const limits = { concurrency: "adaptive", tokensPerMinute: 1000 } as const;
  const pause = { failuresMax: 1, probeMs: 1, probeMsMax: 1, pauseMsMax: 1 };
  const all = await opened(plain, { limits }, { pause });
  assert.ok(all.model.rates && all.model.pauses);
});

Deno.test("openModels() tells of attempts under the model's name, and what replies cost by its prices", async () => {
  const told: string[] = [];
  const spent: [string, Spent | null][] = [];
  const watch: ModelWatch = { observe: (model) => told.push(model), paid: (...each) => spent.push(each) };
  const { model } = await opened(plain, { prices: { input: 0.5, output: 2 } }, watch);
  const request: AttemptNotice["request"] = {
    messages: [],
    sampling: {},
    seed: 1,
    origin: { discussion: "d", turn: 0, speaker: "A", role: "participant" },
  };
  model.observe!({ request, attempt: 1, durationMs: 1, reply });
  const { usage: _, ...uncounted } = reply;
  model.observe!({ request, attempt: 1, durationMs: 1, reply: uncounted });
  assert.deepEqual([told, spent], [["m", "m"], [["m", { cost: 2.5, tokens: 2e6 }], ["m", null]]]);
});
