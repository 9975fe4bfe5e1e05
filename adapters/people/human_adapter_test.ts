import assert from "node:assert/strict";
import { ModelError } from "../../core/ports/mod.ts";
import { humanAdapter } from "./human_adapter.ts";

Deno.test("humanAdapter refuses settings that make no sense for a person, each with a reason", () => {
  const entry = { adapter: "human", temperature: 0.8, maxTokens: 100, limits: {}, timeLimitSeconds: 60 };
  const problems = humanAdapter.checkEntry!(entry);
  assert.deepEqual(problems.map(({ path }) => path[0]), ["temperature", "maxTokens", "limits"]);
  assert.equal(problems[0]!.message, "a human model cannot have temperature: a person is not sampled");
  assert.deepEqual(humanAdapter.checkOptions!({ timeLimitSeconds: 60 }), []);
  assert.equal(humanAdapter.checkOptions!({ timeLimitSeconds: 1 }).length, 1);
});

Deno.test("humanAdapter passes its time limit on, and cannot be created where no page is served", async () => {
  const spec = { adapter: "human", sampling: {}, options: { timeLimitSeconds: 60 } };
  const context = { env: () => undefined, clock: { now: () => 0, sleep: () => Promise.resolve() } };
  assert.throws(() => humanAdapter.create(spec, context), ModelError);
  const asked: unknown[] = [];
  const model = await humanAdapter.create(spec, {
    ...context,
    askPerson(_, terms) {
      asked.push(terms);
      return Promise.resolve({ text: "Hi", finishReason: "sent" });
    },
  });
  const request = {
    messages: [],
    sampling: {},
    seed: 1,
    origin: { discussion: "d", turn: 0, speaker: "Ann", role: "participant" },
  } as const;
  assert.deepEqual(await model.generate(request, new AbortController().signal), {
    text: "Hi",
    finishReason: "sent",
  });
  assert.deepEqual(asked, [{ timeLimitMs: 60_000 }]);
});
