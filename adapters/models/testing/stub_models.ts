/** Models that talk to the stub server, for tests. */
import { fixedClock } from "../../../core/ports/clock.ts";
import assert from "node:assert/strict";
import { type AdapterOptions, type Model, ModelError, type ModelRequest } from "../../../core/ports/model.ts";
import { openaiAdapter } from "../openai/adapter.ts";
import { type OpenAiStub, startOpenAiStub, type StubFault, type StubOptions } from "./openai_stub.ts";

export type StubModel = Readonly<{ model: Model; stub: OpenAiStub }> & AsyncDisposable;

/** The time of the tests' clock: Sunday, 2026-03-01, 12:00 UTC. */
export const NOW_MS: number = Date.UTC(2026, 2, 1, 12);

export async function stubModel(
  server: StubOptions = {},
  options: AdapterOptions = {},
  env: Readonly<Record<string, string>> = {},
): Promise<StubModel> {
  const stub = startOpenAiStub(server);
  const model = await openaiAdapter.create(
    { adapter: "openai", sampling: {}, options: { model: "stub-model", baseUrl: stub.baseUrl, ...options } },
    { env: (name) => env[name], clock: fixedClock(NOW_MS) },
  );
  const dispose = async () => {
    await model.close?.();
    await stub.close();
  };
  return { model, stub, [Symbol.asyncDispose]: dispose };
}

export function question(
  content = "Should buses run at night?",
  changes: Partial<ModelRequest> = {},
): ModelRequest {
  return {
    messages: [{ role: "system", content: "You are Anna." }, { role: "user", content }],
    sampling: {},
    seed: 11,
    origin: { discussion: "d", turn: 0, speaker: "Anna", role: "participant" },
    ...changes,
  };
}

export const NEVER: AbortSignal = new AbortController().signal;

/** A key that no message may contain. */
export const STUB_KEY = "sk-secret-0123456789";

export async function failureOf(
  fault: StubFault,
  options: AdapterOptions = {},
): Promise<ModelError> {
  await using made = await stubModel({ fault: () => fault }, { apiKeyEnv: "STUB_KEY", ...options }, {
    STUB_KEY: STUB_KEY,
  });
  return await errorOf(made);
}

export async function errorOf({ model }: StubModel): Promise<ModelError> {
  const error = await model.generate(question(), NEVER).then(
    (reply) => assert.fail(`answered: ${JSON.stringify(reply)}`),
    (error) => error,
  );
  assert.ok(error instanceof ModelError, String(error));
  return error;
}
