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

Deno.test("openModels() adapts concurrency up to the adapter's limit, unless the user sets a fixed number", async () => {
  const adaptive = await opened(limited);
  assert.equal(adaptive.concurrency, 40);
  assert.ok(adaptive.model.adaptive && adaptive.model.limiter.limit < 40);
  const named = await opened(limited, { limits: { concurrency: "adaptive" } });
  assert.ok(named.model.adaptive);
  const fixed = await opened(limited, { limits: { concurrency: 8 } });
  assert.deepEqual([fixed.concurrency, fixed.model.limiter.limit, fixed.model.adaptive], [8, 8, undefined]);
});

Deno.test("openModels() gives every model a time-out", async () => {
  assert.equal((await opened(plain)).model.watchdog!.msMax, 600_000);
  assert.equal((await opened(limited)).model.watchdog!.msMax, 8000);
  const limits = { concurrency: "adaptive", requestSeconds: 2.5 } as const;
  assert.equal((await opened(limited, { limits })).model.watchdog!.msMax, 2500);
});

Deno.test("openModels() limits rates if the setup says so, and pauses models if its caller gives a policy", async () => {
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

Deno.test("openModels() reports attempts and costs of replies under the model's name", async () => {
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

/** An adapter with models that reply with their address. `made` lists the addresses. */
function counting() {
  const made: string[] = [];
  const adapter: ModelAdapter = {
    create({ options }) {
      made.push(String(options.baseUrl));
      return { generate: () => Promise.resolve({ ...reply, text: String(options.baseUrl) }) };
    },
  };
  return { made, makers: { adapters: new Map([["own", adapter]]), folder: "." } };
}

const REQUEST = {
  messages: [],
  sampling: {},
  seed: 1,
  origin: { discussion: "d", turn: 0, speaker: "A", role: "participant" },
} as const;
const SPEC = { adapter: "own", sampling: {}, options: { model: "default" } };
const NEVER = new AbortController().signal;

Deno.test("openModels() keeps two models apart that differ only in their address, even if they share one spec object", async () => {
  const { made, makers } = counting();
  const first = { ...SPEC, service: { baseUrl: "a" } };
  const second = { ...SPEC, service: { baseUrl: "b" } };
  const { lookUp } = await openModels([["first", first], ["second", second]], makers);
  assert.equal((await lookUp("first", SPEC).model.generate(REQUEST, NEVER)).text, "a");
  assert.equal((await lookUp("second", SPEC).model.generate(REQUEST, NEVER)).text, "b");
  assert.deepEqual(made, ["a", "b"]);
  assert.throws(() => lookUp("third", SPEC), {
    name: "TypeError",
    message:
      'Cannot use the model "third": "first" and "second" differ only in how they are reached; use one of their names',
  });
});

Deno.test("openModels() refuses one name for models at two addresses", async () => {
  const { makers } = counting();
  const setups = ["a", "b"].map((baseUrl) => ["m", { ...SPEC, service: { baseUrl } }] as const);
  await assert.rejects(openModels(setups, makers), {
    name: "TypeError",
    message: /two setups reach it in different ways/,
  });
});

Deno.test("openModels() shares connections and queues of equal entries, and computes costs with each entry's own prices", async () => {
  const { made, makers } = counting();
  const spent: [string, number][] = [];
  const service = { baseUrl: "a" };
  const { lookUp } = await openModels(
    [
      ["cheap", { ...SPEC, service, prices: { input: 1, output: 1 } }],
      ["dear", { ...SPEC, service, prices: { input: 5, output: 5 } }],
      ["slow", { ...SPEC, service, limits: { concurrency: 1 } }],
    ],
    makers,
    { paid: (model, paid) => spent.push([model, paid!.cost]) },
  );
  const [cheap, dear, slow] = ["cheap", "dear", "slow"].map((name) => lookUp(name, { ...SPEC }));
  assert.deepEqual(made, ["a"]);
  assert.equal(cheap!.limiter, dear!.limiter);
  assert.notEqual(slow!.limiter, cheap!.limiter);
  assert.equal(slow!.limiter.limit, 1);
  for (const model of [dear!, cheap!]) model.observe!({ request: REQUEST, attempt: 1, durationMs: 1, reply });
  assert.deepEqual(spent, [["dear", 10], ["cheap", 2]]);
});

Deno.test("openModels() finds a model by its spec alone, if only one model matches", async () => {
  const { makers } = counting();
  const { lookUp } = await openModels([["m", { ...SPEC, service: { baseUrl: "a" } }]], makers);
  assert.equal((await lookUp("other", SPEC).model.generate(REQUEST, NEVER)).text, "a");
  assert.throws(() => lookUp("other", { ...SPEC, options: {} }), { message: /it was not created/ });
});
