import assert from "node:assert/strict";
import { ExperimentError, formatProblem, parseExperiment, readDocument } from "../../core/experiment/mod.ts";
import { experimentDocument, experimentFingerprint } from "../../core/experiment/mod.ts";
import { memorySources } from "../../core/ports/mod.ts";
import { PROVIDERS } from "../models/openai/providers.ts";
import { loadExtensions } from "./load_extensions.ts";

const { known: extensions } = await loadExtensions([], ".");

function experimentOf(model: Readonly<Record<string, unknown>>) {
  const text = `
name: small
seed: 42
models:
  m: ${JSON.stringify(model)}
participants: { model: m, personas: [{ name: Anna }, { name: Ben }] }
discussion: { turns: 4 }
`;
  return parseExperiment(readDocument(text, "exp.yaml"), { sources: memorySources({}), extensions });
}

async function fingerprintOf(model: Readonly<Record<string, unknown>>): Promise<string> {
  return experimentFingerprint(experimentDocument(await experimentOf(model)));
}

async function problemsOf(model: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  const error = await experimentOf(model).then(() => assert.fail("no problem"), (error) => error);
  assert.ok(error instanceof ExperimentError, String(error));
  return error.problems.map(formatProblem);
}

for (const [provider, { options }] of Object.entries(PROVIDERS)) {
  Deno.test(`provider: ${provider} is the same experiment as its options written out`, async () => {
    const named = { provider, model: "x", temperature: 0.5 };
    const written = { adapter: "openai", ...options, model: "x", temperature: 0.5 };
    assert.equal(await fingerprintOf(named), await fingerprintOf(written));
    const setups = await Promise.all([named, written].map(async (model) => {
      const { conditions } = await experimentOf(model);
      return conditions[0]!.variants[0]!.models.m;
    }));
    assert.deepEqual(setups[0], setups[1]);
  });
}

Deno.test("a file that names a provider keeps its fingerprint when it moves to another address", async () => {
  const before = await fingerprintOf({ adapter: "openai", baseUrl: "http://localhost:8000/v1", model: "x" });
  assert.equal(await fingerprintOf({ provider: "vllm", model: "x" }), before);
  assert.equal(
    await fingerprintOf({ provider: "vllm", model: "x", baseUrl: "http://node7:9000/v1" }),
    before,
  );
  assert.notEqual(await fingerprintOf({ provider: "vllm", model: "x", sendSeed: false }), before);
});

Deno.test("parseExperiment() names the providers if the file names an unknown one", async () => {
  assert.deepEqual(await problemsOf({ provider: "olama", model: "x" }), [
    'exp.yaml:5:18: models.m.provider: there is no provider "olama": expected ollama, vllm, llama-cpp, lm-studio, ' +
    "openai, anthropic, gemini, mistral, deepseek, groq, openrouter, together or huggingface; for another server, " +
    'leave out provider and give adapter: openai with baseUrl; did you mean "ollama"?',
  ]);
});

Deno.test("parseExperiment() refuses a provider beside another adapter, and an entry without provider and adapter", async () => {
  assert.deepEqual(await problemsOf({ adapter: "scripted", provider: "ollama" }), [
    'exp.yaml:5:39: models.m.provider: the provider "ollama" needs the adapter openai, found "scripted": leave out ' +
    "one of them",
  ]);
  assert.deepEqual(await problemsOf({ model: "x" }), [
    "exp.yaml:5:3: models.m.adapter: is missing: expected the name or path of an adapter, or a provider",
  ]);
});

Deno.test("parseExperiment() refuses settings that the named provider refuses or ignores", async () => {
  assert.deepEqual(await problemsOf({ provider: "gemini", model: "x", sendSeed: true }), [
    "exp.yaml:5:50: models.m.sendSeed: Gemini refuses seeds: leave this option out",
  ]);
  assert.deepEqual(await problemsOf({ provider: "groq", model: "x", topLogprobs: 5 }), [
    "exp.yaml:5:51: models.m.topLogprobs: Groq returns no log-probabilities: leave this option out",
  ]);
  assert.deepEqual(await problemsOf({ provider: "anthropic", model: "x", temperature: 1.2 }), [
    "exp.yaml:5:56: models.m.temperature: Anthropic uses 1 for each higher temperature: set at most 1",
  ]);
});

Deno.test("parseExperiment() accepts settings that a provider supports, and any settings for a server at another address", async () => {
  const accepted = [
    { provider: "anthropic", temperature: 1 },
    { provider: "groq", topLogprobs: 0 },
    { provider: "deepseek", topLogprobs: 20, temperature: 1.5 },
    { provider: "gemini", sendSeed: false },
    { provider: "gemini", sendSeed: true, baseUrl: "http://node7:8000/v1" },
  ];
  for (const entry of accepted) await experimentOf({ ...entry, model: "x" });
});
