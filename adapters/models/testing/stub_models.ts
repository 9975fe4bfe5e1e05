/** Models that talk to the stub server, for tests. */
import { fixedClock } from "../../../core/ports/clock.ts";
import assert from "node:assert/strict";
import { type AdapterOptions, type Model, ModelError, type ModelRequest } from "../../../core/ports/model.ts";
import { openaiAdapter } from "../openai/adapter.ts";
import {
  type OpenAiStub,
  type ReceivedRequest,
  startOpenAiStub,
  type StubFault,
  type StubOptions,
} from "./openai_stub.ts";

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

/** The models that conformance cases need, with these options. `answering` makes further ones. */
export async function stubHarness(options: AdapterOptions = {}) {
  const began = Promise.withResolvers<void>();
  const models: StubModel[] = [];
  const answering = async (fault: (request: ReceivedRequest) => StubFault | null) => {
    const made = await stubModel({ fault }, options);
    models.push(made);
    return made.model;
  };
  const status = (status: number, headers = {}) => answering(() => ({ kind: "answer", status, headers }));
  return {
    answering,
    model: await answering(() => null),
    stuck: await answering(() => {
      began.resolve();
      return { kind: "silence" };
    }),
    untilStuck: () => began.promise,
    failing: {
      "unauthorised": await status(401),
      "unknown-model": await status(404),
      "bad-request": await status(400),
      "rate-limited": await status(429),
      "server-error": await status(500),
      "time-out": await status(408),
      "malformed-reply": await answering(() => ({ kind: "body", body: "{" })),
      "broken-model": await status(307, { location: "/" }),
    },
    cleanup: async () => {
      for (const { stub } of models) await stub.close();
    },
  };
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
