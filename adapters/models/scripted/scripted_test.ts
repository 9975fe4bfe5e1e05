import assert from "node:assert/strict";
import { type Clock, fixedClock } from "../../../core/ports/clock.ts";
import { embeddingConformance } from "../../../core/ports/embedding_conformance.ts";
import { modelConformance } from "../../../core/ports/model_conformance.ts";
import { type AdapterOptions, type Model, ModelError, type ModelRequest } from "../../../core/ports/model.ts";
import type { ModelErrorKind } from "../../../core/events/models.ts";
import { scriptedAdapter } from "./adapter.ts";
import { NEVER, question } from "../testing/stub_models.ts";

function scripted(options: AdapterOptions = {}, clock: Clock = fixedClock()): Model {
  assert.deepEqual(scriptedAdapter.checkOptions!(options), []);
  const spec = { adapter: "scripted", sampling: {}, options };
  return scriptedAdapter.create(spec, { env: () => undefined, clock }) as Model;
}

/** The request for a turn, counted from 0, with a seed that differs between turns. */
function turn(index: number, changes: Partial<ModelRequest["origin"]> = {}): ModelRequest {
  const origin = { discussion: "d", turn: index, speaker: "Anna", role: "participant" as const, ...changes };
  return question(undefined, { seed: (index * 7919 + 13) % 2 ** 31, origin });
}

async function texts(model: Model, requests: readonly ModelRequest[]): Promise<string[]> {
  return await Promise.all(requests.map(async (request) => (await model.generate(request, NEVER)).text));
}

/** The result of a request: `ok`, or the kind of its failure. */
async function outcome(model: Model, request: ModelRequest): Promise<"ok" | ModelErrorKind> {
  return await model.generate(request, NEVER).then(() => "ok" as const, (error) => {
    assert.ok(error instanceof ModelError);
    return error.kind;
  });
}

const turns = (count: number) => Array.from({ length: count }, (_, index) => turn(index));

function conformanceHarness() {
  const began = Promise.withResolvers<void>();
  const stuckClock: Clock = {
    now: () => 0,
    sleep: (_ms, signal) =>
      new Promise((_, reject) => {
        signal!.addEventListener("abort", () => reject(signal!.reason));
        began.resolve();
      }),
  };
  const failing = (kind: ModelErrorKind) => scripted({ failures: [{ kind }] });
  return Promise.resolve({
    model: scripted(),
    echo: scripted(),
    stuck: scripted({ latencyMs: 1000 }, stuckClock),
    untilStuck: () => began.promise,
    failing: { "rate-limited": failing("rate-limited"), "broken-model": failing("broken-model") },
    cleanup: () => Promise.resolve(),
  });
}

const skip = [{
  reason: "a script repeats only the beginning of a comment",
  tests: ["generate() keeps every character of the request and of the reply"],
}];
for (const test of modelConformance("scriptedAdapter", conformanceHarness, { skip })) Deno.test(test);
for (const test of embeddingConformance("scriptedAdapter", conformanceHarness)) Deno.test(test);

Deno.test("scriptedAdapter replies with at least twenty different sentences by default", async () => {
  const said = await texts(scripted(), turns(400));
  assert.ok(new Set(said).size >= 20);
  for (const text of said) assert.match(text, /^[A-Z'"][^{}]*[.?!]$/);
});

Deno.test("scriptedAdapter picks a line by the request's seed alone", async () => {
  const options = { replies: ["a", "b", "c"] };
  const inOrder = await texts(scripted(options), turns(30));
  assert.deepEqual(await texts(scripted(options), turns(30).reverse()), inOrder.toReversed());
  assert.deepEqual([...new Set(inOrder)].sort(), ["a", "b", "c"]);
});

Deno.test("scriptedAdapter with the order cycle repeats its lines in order", async () => {
  const model = scripted({ replies: ["a", "b", "c"], order: "cycle" });
  assert.deepEqual(await texts(model, turns(5)), ["a", "b", "c", "a", "b"]);
});

Deno.test("scriptedAdapter answers for a moderator from moderatorReplies, or from replies if there are none", async () => {
  const asked = [turn(0), turn(0, { role: "moderator" })];
  assert.deepEqual(await texts(scripted({ replies: ["p"], moderatorReplies: ["m"] }), asked), ["p", "m"]);
  assert.deepEqual(await texts(scripted({ replies: ["p"] }), asked), ["p", "p"]);
});

Deno.test("scriptedAdapter answers for an annotator from annotatorReplies, or in the requested form if there are none", async () => {
  const asked = turns(60).map(({ origin, ...rest }) => ({
    ...rest,
    origin: { ...origin, role: "annotator" as const },
    answers: ["low", "high", ""],
  }));
  assert.deepEqual([...new Set(await texts(scripted({ replies: ["p"], silence: 1 }), asked))].sort(), [
    "",
    "high",
    "low",
  ]);
  assert.deepEqual(await texts(scripted({ annotatorReplies: ["no idea"] }), asked.slice(0, 2)), [
    "no idea",
    "no idea",
  ]);
  const { choice } = await scripted().generate(asked[0]!, NEVER);
  assert.deepEqual(choice!.probabilities, { low: 1 / 3, high: 1 / 3, "": 1 / 3 });
  const plain = turn(0, { role: "annotator" });
  assert.deepEqual(await texts(scripted({ replies: ["p"], annotatorReplies: ["a"] }), [plain]), ["a"]);
  assert.deepEqual(await texts(scripted({ replies: ["p"] }), [plain]), ["p"]);
});

Deno.test("scriptedAdapter returns an object of the schema, with the beginning of a line as its string", async () => {
  const properties = {
    reason: { type: "string", maxLength: 9 },
    score: { type: "integer", minimum: -1, maximum: 1 },
  } as const;
  const answerSchema = {
    type: "object",
    properties,
    required: ["score", "reason"],
    additionalProperties: false,
  } as const;
  const asked = turns(60).map((request) => ({ ...request, answerSchema }));
  const found = (await texts(scripted({ replies: ["Buses run at night."] }), asked)).map((text) =>
    JSON.parse(text)
  );
  assert.deepEqual(new Set(found.map(({ reason }) => reason)), new Set(["Buses run"]));
  assert.deepEqual([...new Set(found.map(({ score }) => score))].sort((a, b) => a - b), [-1, 0, 1]);
});

Deno.test("scriptedAdapter refuses an unknown role", async () => {
  const request = turn(0, { role: "critic" as "annotator" });
  await assert.rejects(scripted().generate(request, NEVER), {
    name: "ModelError",
    message: 'Cannot play a script for the role "critic": it is unknown',
  });
});

Deno.test("scriptedAdapter replaces the placeholders of a line", async () => {
  const model = scripted({ replies: ["{{turn}} {{ speaker }} to {{author}}: {{last}}, {{author}}?"] });
  const content =
    "The last comments of the discussion:\n\nBob: Buses.\n\nCem Öz: Why at night?\n\nIt is your turn, Anna.";
  const { origin } = turn(4);
  assert.equal(
    (await model.generate(question(content, { origin }), NEVER)).text,
    "5 Anna to Cem Öz: Why at night?, Cem Öz?",
  );
  assert.equal(
    (await model.generate(question("Nobody has spoken yet.", { origin }), NEVER)).text,
    "5 Anna to everyone: this, everyone?",
  );
});

Deno.test("scriptedAdapter counts words as tokens", async () => {
  // "You are Anna.", and "Should buses run at night?"
  const reply = await scripted({ replies: ["One  two\nthree"] }).generate(question(), NEVER);
  assert.deepEqual(reply, {
    text: "One  two\nthree",
    finishReason: "stop",
    usage: { promptTokens: 8, completionTokens: 3 },
  });
});

Deno.test("scriptedAdapter is silent with the probability of the option silence", async () => {
  assert.deepEqual(new Set(await texts(scripted({ silence: 1 }), turns(20))), new Set([""]));
  const said = await texts(scripted({ silence: 0.25 }), turns(2000));
  // The tolerance is four standard deviations of a binomial share.
  const share = said.filter((text) => text === "").length / 2000;
  assert.ok(Math.abs(share - 0.25) < 4 * Math.sqrt(0.25 * 0.75 / 2000), `${share}`);
});

Deno.test("scriptedAdapter cuts replies, thoughts included, with the probability of the option cut", async () => {
  const thinking = scripted({ replies: ["<think>Hm.</think>Yes."], cut: 1 });
  const reply = await thinking.generate(turn(0), NEVER);
  assert.deepEqual([reply.text, reply.finishReason], ["<think>Hm.<", "length"]);
  const emoji = await scripted({ replies: ["😀😀😀😀"], cut: 1 }).generate(turn(0), NEVER);
  assert.equal(emoji.text, "😀😀");
  const ends = await Promise.all(
    turns(200).map((request) => scripted({ cut: 0.5 }).generate(request, NEVER)),
  );
  const share = ends.filter(({ finishReason }) => finishReason === "length").length / 200;
  assert.ok(Math.abs(share - 0.5) < 4 * Math.sqrt(0.25 / 200), `${share}`);
});

Deno.test("scriptedAdapter waits for latencyMs, equally long for equal requests", async () => {
  const waits: number[] = [];
  const clock: Clock = { now: () => 0, sleep: (ms) => Promise.resolve(void waits.push(ms)) };
  await texts(scripted({ latencyMs: 200 }, clock), turns(3));
  assert.deepEqual(waits.splice(0), [200, 200, 200]);
  await texts(scripted({ latencyMs: [100, 300] }, clock), [...turns(50), ...turns(50)]);
  assert.deepEqual(waits.slice(50), waits.slice(0, 50));
  assert.ok(Math.min(...waits) >= 100 && Math.max(...waits) <= 300 && new Set(waits).size === 50);
});

Deno.test("scriptedAdapter fails at random, and lets a retry succeed", async () => {
  const options = { failures: [{ kind: "rate-limited", probability: 0.5 }] };
  const run = async () => {
    const model = scripted(options);
    const all: string[][] = [];
    for (const request of turns(200)) {
      const attempts: string[] = [];
      while (attempts.at(-1) !== "ok") attempts.push(await outcome(model, request));
      all.push(attempts);
    }
    return all;
  };
  const all = await run();
  assert.deepEqual(await run(), all);
  const first = all.filter(([attempt]) => attempt === "rate-limited").length;
  assert.ok(Math.abs(first - 100) < 4 * Math.sqrt(200 * 0.25), `${first} of 200 failed at first`);
  // The chance that none of about 100 retries fails again is below 2^-60.
  assert.ok(all.some((attempts) => attempts.length > 2));
});

Deno.test("scriptedAdapter fails in the listed turns at every attempt", async () => {
  const model = scripted({
    failures: [{ kind: "server-error", turns: [3] }, { kind: "time-out", turns: [3, 5] }],
  });
  const all: string[] = [];
  for (const request of [...turns(6), turn(2), turn(2)]) all.push(await outcome(model, request));
  assert.deepEqual(all, ["ok", "ok", "server-error", "ok", "time-out", "ok", "server-error", "server-error"]);
});

const WRONG_OPTIONS: readonly (readonly [options: AdapterOptions, problem: string, suggestion?: string])[] = [
  [{ replis: ["a"] }, "replis: unknown key: expected replies, moderatorReplies, ", "replies"],
  [{ replies: [] }, "replies: expected at least one text, found an empty list"],
  [
    { replies: ["Hi {{speeker}}"] },
    "replies.0: expected a text whose placeholders are {{speaker}}, {{turn}}, ",
  ],
  [{ replies: "Hi" }, 'replies: expected a list of texts, found the text "Hi"'],
  [{ order: "random" }, 'order: expected seed or cycle, found the text "random"'],
  [{ silence: 2 }, "silence: expected a probability from 0 to 1, found 2"],
  [{ latencyMs: [300, 100] }, "latencyMs: expected a number of milliseconds from 0 to"],
  [{ latencyMs: -1 }, "latencyMs: expected a number of milliseconds from 0 to"],
  [{ latencyMs: [1, 2, 3] }, "latencyMs: expected a number of milliseconds from 0 to"],
  [{ failures: [{ kind: "boom" }] }, "failures.0.kind: expected unauthorised, unknown-model, "],
  [{ failures: [{ kind: "time-out", turns: [0] }] }, "failures.0.turns.0: expected "],
  [{ failures: [{ kind: "time-out", trns: [1] }] }, "failures.0.trns: unknown key: expected "],
];

for (const [options, problem, suggestion] of WRONG_OPTIONS) {
  Deno.test(`scriptedAdapter.checkOptions() finds ${problem}`, () => {
    const problems = scriptedAdapter.checkOptions!(options);
    assert.deepEqual(
      problems.map(({ path, message }) => `${path.join(".")}: ${message}`.slice(0, problem.length)),
      [
        problem,
      ],
    );
    assert.equal(problems[0]!.suggestion, suggestion);
  });
}
