import assert from "node:assert/strict";
import { loadExperiment } from "../../adapters/local/mod.ts";
import {
  errorBody,
  type ReceivedRequest,
  startOpenAiStub,
  type StubFault,
  type StubOptions,
} from "../../adapters/models/testing/openai_stub.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { checkService } from "./check_service.ts";
import type { CheckResult } from "./result.ts";
import { type Service, servicesOf } from "./services.ts";

const SCALE = "{ type: nominal, labels: [yes, no], question: Is the last comment friendly? }";

/** One model that speaks and annotates. */
function experimentAt(baseUrl: string, options: string): string {
  return `name: checked
seed: 7
models: { m: { adapter: openai, model: stub-model, baseUrl: "${baseUrl}", temperature: 0.8, ${options} } }
participants: { model: m, personas: [{ name: Anna }, { name: Ben }] }
discussion: { turns: 2 }
annotation: { annotators: { model: m }, scales: { friendly: ${SCALE} } }
`;
}

type Checked = Readonly<{ service: Service; results: readonly CheckResult[] }>;

async function checkAt(baseUrl: string, options = "maxTokens: 60", timeoutMs = 10_000): Promise<Checked> {
  return await inFolder(async (folder) => {
    const file = `${folder}/experiment.yaml`;
    await Deno.writeTextFile(file, experimentAt(baseUrl, options));
    const loaded = await loadExperiment(file);
    const [service, ...others] = servicesOf(loaded);
    assert.deepEqual(others, []);
    return { service: service!, results: await checkService(service!, { ...loaded, timeoutMs }) };
  });
}

async function check(server: StubOptions, options?: string, timeoutMs?: number): Promise<Checked> {
  await using stub = startOpenAiStub(server);
  return await checkAt(stub.baseUrl, options, timeoutMs);
}

/** The level of a check, and what to change. */
function verdict({ results }: Checked, check: string): readonly [level: string, change: string] {
  const found = results.filter((result) => result.check === check);
  assert.equal(found.length, 1, `${check}: ${JSON.stringify(results)}`);
  return [found[0]!.level, found[0]!.change ?? ""];
}

const asksForForm = ({ body }: ReceivedRequest) => body.messages.at(-1)!.content.includes("Answer only");

const saying = (content: string): StubFault => ({ kind: "choice", message: { role: "assistant", content } });

/** A good model: it follows the system message, and its replies depend on the seed. */
function good(request: ReceivedRequest): StubFault | null {
  return asksForForm(request) ? null : saying(`Pelican ${request.body.seed} walks.`);
}

const FORM = "maxTokens: 60, structuredOutput: response_format";

Deno.test("checkService() asks a good model five questions, and finds nothing to change", async () => {
  let requests = 0;
  const server = { fault: good, onRequest: () => requests++, listed: { max_model_len: 4096 } };
  const { results, service } = await check(server, FORM);
  assert.deepEqual([requests, service.questions.length], [5, 5]);
  assert.deepEqual(results.filter(({ level }) => level !== "ok").map(({ check, found }) => [check, found]), [
    ["log-probs", "annotations get no probabilities of answers, since topLogprobs is not set"],
  ]);
  assert.match(results.find(({ check }) => check === "context")!.found, /^4,096 tokens/);
});

Deno.test("checkService() sends the file's sampling, but no reply is longer than 300 tokens", async () => {
  const bodies: ReceivedRequest["body"][] = [];
  const server = { fault: good, onRequest: ({ body }: ReceivedRequest) => bodies.push(body) };
  const { service } = await check(server, "topP: 0.9, prices: { input: 1, output: 2 }");
  assert.ok(
    bodies.every(({ max_tokens, temperature, top_p }) =>
      max_tokens === 300 && temperature === 0.8 && top_p === 0.9
    ),
  );
  const [first, repeated, other] = bodies;
  assert.deepEqual(first, repeated);
  assert.notEqual(first!.seed, other!.seed);
  // Five replies of at most 300 tokens at 2 per million tokens, and the prompts at 1 per million.
  assert.equal(service.cost, (5 * 300 * 2 + service.tokens.promptTokens) / 1e6);
});

Deno.test("checkService() finds a server that does not honour the seed", async () => {
  const fault = (request: ReceivedRequest, index: number) =>
    asksForForm(request) ? null : saying(`Pelican ${index}.`);
  const [level, change] = verdict(await check({ fault }, FORM), "seed");
  assert.equal(level, "warning");
  assert.match(change, /sendSeed: false/);
});

Deno.test("checkService() finds a server whose replies do not depend on the seed", async () => {
  const fault = (request: ReceivedRequest) => asksForForm(request) ? null : saying("Pelican.");
  const [level, change] = verdict(await check({ fault }, FORM), "seed");
  assert.equal(level, "warning");
  assert.match(change, /temperature above 0/);
});

Deno.test("checkService() sends no seed and asks only three questions if the file has sendSeed: false", async () => {
  const checked = await check({ fault: good }, `${FORM}, sendSeed: false`);
  assert.equal(checked.service.questions.length, 3);
  assert.equal(verdict(checked, "seed")[0], "note");
});

Deno.test("checkService() finds a server that refuses the system role, and asks no further question", async () => {
  let requests = 0;
  const fault = (): StubFault => {
    requests++;
    return { kind: "answer", status: 400, body: errorBody("System role not supported", "BadRequest", null) };
  };
  const checked = await check({ fault });
  assert.equal(requests, 1);
  assert.deepEqual(verdict(checked, "answers"), ["problem", "set systemRole: merge, and check again"]);
});

Deno.test("checkService() finds a model that ignores the system message", async () => {
  const [level, change] = verdict(await check({}), "system role");
  assert.equal(level, "warning");
  assert.match(change, /systemRole: merge/);
});

Deno.test("checkService() finds a server that refuses log-probabilities", async () => {
  const fault = (request: ReceivedRequest): StubFault | null =>
    request.body.logprobs === true
      ? { kind: "answer", status: 400, body: errorBody("logprobs is not supported", "invalid_request", null) }
      : good(request);
  const checked = await check({ fault }, `${FORM}, topLogprobs: 20`);
  const [level, change] = verdict(checked, "answer list");
  assert.equal(level, "problem");
  assert.match(change, /leave topLogprobs out/);
  assert.equal(verdict(checked, "JSON answers")[0], "ok");
});

Deno.test("checkService() reports whether a server gives the probabilities of answers or leaves them out", async () => {
  const likely = [{ token: "yes", logprob: -0.1 }, { token: "no", logprob: -2.4 }];
  const logprobs = { content: [{ ...likely[0], top_logprobs: likely }] };
  const fault = (request: ReceivedRequest): StubFault | null =>
    request.body.logprobs === true
      ? { kind: "choice", message: { role: "assistant", content: "yes" }, logprobs }
      : good(request);
  const options = "maxTokens: 60, structuredOutput: structured_outputs, topLogprobs: 20";
  assert.equal(verdict(await check({ fault }, options), "log-probs")[0], "ok");
  assert.equal(verdict(await check({ fault: good }, options), "log-probs")[0], "warning");
  const other = (request: ReceivedRequest) => asksForForm(request) ? saying("Perhaps.") : good(request);
  assert.equal(verdict(await check({ fault: other }, options), "log-probs")[0], "note");
});

Deno.test("checkService() finds a server that ignores the form of answers", async () => {
  const fault = (request: ReceivedRequest) => asksForForm(request) ? saying("Perhaps.") : good(request);
  const checked = await check({ fault }, FORM);
  for (const name of ["answer list", "JSON answers"]) {
    assert.match(verdict(checked, name)[1], /structuredOutput to another value/);
  }
});

Deno.test("checkService() finds thoughts in replies", async () => {
  const fault = (request: ReceivedRequest) =>
    asksForForm(request) ? null : saying(`<think>A walk?</think>Pelican ${request.body.seed}.`);
  const checked = await check({ fault }, FORM);
  assert.equal(verdict(checked, "thoughts")[0], "note");
  assert.equal(verdict(checked, "system role")[0], "ok");
  assert.equal(verdict(await check({ fault }, `${FORM}, thoughts: keep`), "thoughts")[0], "warning");
});

Deno.test("checkService() finds replies that maxTokens cuts, and replies that end within thoughts", async () => {
  const cut = (content: string) => (request: ReceivedRequest): StubFault | null =>
    asksForForm(request)
      ? null
      : { kind: "choice", message: { role: "assistant", content }, finish_reason: "length" };
  const [level, change] = verdict(await check({ fault: cut("Pelican walks through") }, FORM), "length");
  assert.equal(level, "warning");
  assert.match(change, /raise maxTokens/);
  const thinking = await check({ fault: cut("<think>First, the town") }, FORM);
  assert.equal(verdict(thinking, "length")[0], "problem");
  assert.equal(verdict(await check({ fault: cut("Pelican") }, "topP: 1"), "length")[0], "note");
});

Deno.test("checkService() finds replies that are empty or withheld, and draws no further conclusion from them", async () => {
  const empty = await check({ fault: () => saying("") });
  const withheld = await check({
    fault: () => ({
      kind: "choice",
      message: { role: "assistant", content: "" },
      finish_reason: "content_filter",
    }),
  });
  for (const { results } of [empty, withheld]) {
    assert.deepEqual(results.map(({ check, level }) => [check, level]), [["answers", "problem"]]);
  }
  assert.match(withheld.results[0]!.found, /withheld/);
});

Deno.test("checkService() explains a message without text, a redirect, and a port that fetch() blocks", async () => {
  const none = { kind: "choice", message: { role: "assistant", content: null } } as const;
  assert.match(verdict(await check({ fault: () => none }), "answers")[1], /chat template/);
  const moved = { kind: "answer", status: 302, body: "" } as const;
  assert.match(verdict(await check({ fault: () => moved }), "answers")[1], /set baseUrl/);
  // The Fetch standard blocks port 6000.
  assert.match(verdict(await checkAt("http://localhost:6000"), "answers")[1], /another port/);
});

Deno.test("checkService() does not count thoughts as an answer", async () => {
  const message = { role: "assistant", content: "", reasoning_content: "First, the town." };
  const ended = await check({ fault: () => ({ kind: "choice", message }) });
  const open = await check({ fault: () => saying("<think>First, the town") });
  for (const { results: [only, ...others] } of [ended, open]) {
    assert.deepEqual([only!.level, only!.found, others], ["problem", "the reply has only thoughts", []]);
  }
  const fault = (): StubFault => ({ kind: "choice", message, finish_reason: "length" });
  const cut = await check({ fault });
  const levels = ["answers", "length", "answer list"].map((name) => verdict(cut, name)[0]);
  assert.deepEqual(levels, ["note", "problem", "warning"]);
  assert.match(verdict(cut, "answer list")[1], /raise maxTokens/);
  assert.equal(verdict(await check({ fault }, "topP: 1"), "length")[0], "warning");
});

Deno.test("checkService() finds a context that is too short for the prompts and replies", async () => {
  const server = { fault: good, listed: { max_model_len: 64 } };
  const [level, change] = verdict(await check(server, FORM), "context");
  assert.equal(level, "problem");
  assert.match(change, /discussion\.history or maxTokens/);
});

Deno.test("checkService() finds an unknown model, a missing key, and a server that cannot be reached", async () => {
  assert.match(verdict(await check({ models: ["other"] }), "answers")[1], /a name that the server knows/);
  const locked = await check({ apiKey: "secret" });
  assert.equal(verdict(locked, "answers")[0], "problem");
  assert.match(locked.results[0]!.found, /refuses access \(401\)/);
  const unset = await check({ apiKey: "secret" }, "apiKeyEnv: NO_SUCH_KEY_IS_SET");
  assert.match(unset.results[0]!.found, /NO_SUCH_KEY_IS_SET is not set/);
  const { baseUrl, close } = startOpenAiStub();
  await close();
  assert.match(verdict(await checkAt(baseUrl), "answers")[1], /start the server, or correct baseUrl/);
});

Deno.test("checkService() does not wait longer than its time-out for a server that hangs", async () => {
  const [level, change] = verdict(await check({ fault: () => ({ kind: "silence" }) }, FORM, 300), "answers");
  assert.equal(level, "problem");
  assert.match(change, /--timeout/);
});

Deno.test("checkService() does not wait for an adapter of the user's own that ignores the end of its time", async () => {
  const own = { create: () => ({ generate: () => new Promise<never>(() => {}) }) };
  const loaded = await inFolder(async (folder) => {
    const file = `${folder}/experiment.yaml`;
    await Deno.writeTextFile(file, experimentAt("http://localhost:1/v1", "").replace("openai", "own"));
    return await loadExperiment(file, { adapters: { own } });
  });
  const [service] = servicesOf(loaded);
  const [result] = await checkService(service!, { ...loaded, timeoutMs: 20 });
  assert.deepEqual([result!.level, result!.found], ["problem", "no answer within 0.0 s"]);
});

Deno.test("checkService() takes a wrong form more seriously if the experiment asks for it, and a cut if the model speaks", async () => {
  const fault = (request: ReceivedRequest): StubFault => ({
    kind: "choice",
    message: { role: "assistant", content: "Perhaps, but" },
    finish_reason: asksForForm(request) ? "stop" : "length",
  });
  const separate = await check({ fault }, FORM);
  assert.deepEqual(["answer list", "JSON answers"].map((name) => verdict(separate, name)[0]), [
    "warning",
    "note",
  ]);
  await using stub = startOpenAiStub({ fault });
  const annotating = await inFolder(async (folder) => {
    const file = `${folder}/experiment.yaml`;
    const text = experimentAt(stub.baseUrl, "maxTokens: 5")
      .replace("models: {", "models: { talker: { adapter: scripted },")
      .replace("{ model: m, personas", "{ model: talker, personas")
      .replace("annotation: {", "annotation: { requests: together,");
    await Deno.writeTextFile(file, text);
    const loaded = await loadExperiment(file);
    const service = servicesOf(loaded).find(({ names }) => names.includes("m"))!;
    return { service, results: await checkService(service, { ...loaded, timeoutMs: 10_000 }) };
  });
  assert.deepEqual(["answer list", "JSON answers", "length"].map((name) => verdict(annotating, name)[0]), [
    "note",
    "warning",
    "note",
  ]);
});

Deno.test("checkService() says which field a server refuses", async () => {
  const refusing = (message: string) =>
    check({ fault: () => ({ kind: "answer", status: 400, body: errorBody(message, "invalid", null) }) });
  const unsupported = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.";
  assert.match(verdict(await refusing(unsupported), "answers")[1], /maxTokensField/);
  assert.match(
    verdict(await refusing("seed: extra inputs are not permitted"), "answers")[1],
    /sendSeed: false/,
  );
});
