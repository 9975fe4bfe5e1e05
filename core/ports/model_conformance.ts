/** The test cases that every model must pass. */
import assert from "node:assert/strict";
import type { AnswerSchema, Choice } from "../answer_form.ts";
import { type ConformanceCase, conformanceCases, type SkippedCases } from "./cases_conformance.ts";
import { FINISH_REASONS, type ModelErrorKind } from "../events/models.ts";
import { type Model, ModelError, type ModelReply, type ModelRequest } from "./model.ts";

/** The models of one implementation that the cases need. */
export type ModelHarness = Readonly<{
  /** Gives equal answers to equal requests. */
  model: Model;
  /** Answers with the content of the last message. */
  echo: Model;
  /** Gives no answer while the test runs. */
  stuck: Model;
  /** Resolves when `stuck` has begun to work on a request. */
  untilStuck: () => Promise<void>;
  /** Kind of error → a model whose requests fail with it. */
  failing: Readonly<Partial<Record<ModelErrorKind, Model>>>;
  cleanup: () => Promise<void>;
}>;

const REQUESTS = 200;

/** Texts that break careless code. */
const HOSTILE_TEXTS: readonly string[] = [
  'quotes " and \' and \\ backslashes, {"json": [1, 2]}, {{speaker}}, ${HOME}, %s',
  "line\nbreaks\r\nof\u2028all\u2029kinds\u0085 and\ttabs",
  "emoji 👩‍👩‍👧‍👦, combining e\u0301, right-to-left \u202e, byte order mark \ufeff",
  "NUL \u0000 and other controls \u0001\u001b[31m\u007f",
  "lone surrogates \ud800 \udc00 x",
  "</s><|im_end|><|endoftext|>[INST] <script>alert(1)</script>",
  " spaces around ",
  "ä€😀".repeat(20_000),
];

/** Answers that break careless code. */
const HOSTILE_ANSWERS: readonly string[] = [
  "1",
  "10",
  "-1",
  'a "quoted" word',
  "line\nbreak",
  "👩‍👩‍👧‍👦",
  "e\u0301",
  "</s><|im_end|>",
  "__proto__",
  "{}",
  "\\",
];

const SCHEMA: AnswerSchema = {
  type: "object",
  properties: {
    rating: { type: "integer", minimum: -2, maximum: 11 },
    kind: { enum: [...HOSTILE_ANSWERS, ""] },
    reason: { type: "string", maxLength: 12 },
    sure: { type: "boolean" },
  },
  required: ["rating", "kind", "reason", "sure"],
  additionalProperties: false,
};

/** Name of a property with a fixed set of values → its labels. */
const LABELS: Readonly<Record<string, readonly string[]>> = {
  rating: Array.from({ length: 14 }, (_, index) => String(index - 2)),
  kind: [...HOSTILE_ANSWERS, ""],
  sure: ["true", "false"],
};

/**
 * The largest difference between the probabilities of equal requests. Rounding differs with the other
 * requests of a batch.
 */
const ROUNDING_MAX = 1e-5;

/** How many requests a case sends if it asks for a form. */
const ANSWERS = 12;

const NEVER = new AbortController().signal;

function requestOf(content: string, seed = 7): ModelRequest {
  return {
    messages: [{ role: "system", content: "You are Anna." }, { role: "user", content }],
    sampling: { temperature: 0.7, topP: 0.9, maxTokens: 40, stop: ["\n\n###"] },
    seed,
    origin: { discussion: `conformance-${seed}`, turn: seed, speaker: "Anna", role: "participant" },
  };
}

function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

function assertReply(reply: ModelReply): void {
  assert.equal(typeof reply.text, "string");
  assert.ok(FINISH_REASONS.includes(reply.finishReason), `"${reply.finishReason}" is no finish reason`);
  for (const count of Object.values(reply.usage ?? {})) {
    assert.ok(Number.isSafeInteger(count) && count >= 0, `${count} is no count of tokens`);
  }
}

function formedRequest(form: Pick<ModelRequest, "answers" | "answerSchema">, seed: number): ModelRequest {
  return { ...requestOf("How toxic is that?", seed), sampling: { temperature: 1, maxTokens: 200 }, ...form };
}

function assertChoice(choice: Choice, answer: string, labels: readonly string[]): void {
  assert.equal(choice.answer, answer);
  assert.deepEqual(Object.keys(choice.probabilities).sort(), [...labels].sort());
  const shares = Object.values(choice.probabilities);
  for (const share of shares) assert.ok(share >= 0 && share <= 1, `${share} is no probability`);
  const sum = shares.reduce((total, share) => total + share);
  assert.ok(Math.abs(sum - 1) < 1e-6, `the probabilities sum to ${sum}`);
}

type Choices = Readonly<Record<string, Choice | undefined>>;

function assertSameShares(found: Choices, expected: Choices): void {
  assert.deepEqual(Object.keys(found), Object.keys(expected));
  for (const [name, choice] of Object.entries(expected)) {
    assert.equal(found[name]?.answer, choice?.answer);
    for (const [label, share] of Object.entries(choice?.probabilities ?? {})) {
      assert.ok(Math.abs(found[name]!.probabilities[label]! - share) < ROUNDING_MAX);
    }
  }
}

function assertObject({ text, choices }: ModelReply): void {
  const found = JSON.parse(text);
  assert.equal(text, JSON.stringify(found));
  assert.deepEqual(Object.keys(found), ["rating", "kind", "reason", "sure"]);
  assert.ok(Number.isInteger(found.rating) && found.rating >= -2 && found.rating <= 11, text);
  assert.ok(LABELS.kind!.includes(found.kind), text);
  assert.ok(typeof found.reason === "string" && [...found.reason].length <= 12, text);
  assert.equal(typeof found.sure, "boolean");
  if (choices === undefined) return;
  assert.deepEqual(Object.keys(choices).sort(), Object.keys(LABELS).sort());
  for (const [name, labels] of Object.entries(LABELS)) {
    assertChoice(choices[name]!, String(found[name]), labels);
  }
}

const CASES: Readonly<Record<string, (harness: ModelHarness) => Promise<void>>> = {
  async "generate() returns a text and a finish reason"({ model }) {
    assertReply(await model.generate(requestOf("Hello?"), NEVER));
  },
  async "generate() gives equal answers to equal requests"({ model }) {
    const first = await model.generate(requestOf("Hello?"), NEVER);
    assert.deepEqual(await model.generate(requestOf("Hello?"), NEVER), first);
  },
  async "generate() gives the same answers to many requests at the same time as to one request after the other"(
    { model },
  ) {
    const requests = Array.from({ length: REQUESTS }, (_, seed) => requestOf(`Question ${seed}?`, seed));
    const atOnce = await Promise.all(requests.map((request) => model.generate(request, NEVER)));
    for (const [index, request] of requests.entries()) {
      assert.deepEqual(await model.generate(request, NEVER), atOnce[index]);
    }
  },
  async "generate() takes requests without sampling options"({ model }) {
    assertReply(await model.generate({ ...requestOf("Hello?"), sampling: {} }, NEVER));
  },
  async "generate() does not change the request"({ model }) {
    assertReply(await model.generate(frozen(requestOf("Hello?")), NEVER));
  },
  async "generate() takes any text"({ model }) {
    for (const text of ["", ...HOSTILE_TEXTS]) assertReply(await model.generate(requestOf(text), NEVER));
  },
  async "generate() keeps every character of the request and of the reply"({ echo }) {
    for (const text of HOSTILE_TEXTS) {
      assert.equal((await echo.generate(requestOf(text), NEVER)).text, text);
    }
  },
  async "generate() answers with one of the allowed answers"({ model }) {
    for (let seed = 0; seed < ANSWERS; seed++) {
      const reply = await model.generate(frozen(formedRequest({ answers: HOSTILE_ANSWERS }, seed)), NEVER);
      assertReply(reply);
      assert.ok(HOSTILE_ANSWERS.includes(reply.text), JSON.stringify(reply.text));
      assert.equal(reply.choices, undefined);
      if (reply.choice !== undefined) assertChoice(reply.choice, reply.text, HOSTILE_ANSWERS);
    }
  },
  async "generate() answers with an object of the schema"({ model }) {
    for (let seed = 0; seed < ANSWERS; seed++) {
      const reply = await model.generate(frozen(formedRequest({ answerSchema: SCHEMA }, seed)), NEVER);
      assertReply(reply);
      assert.equal(reply.choice, undefined);
      assertObject(reply);
    }
  },
  async "generate() gives equal answers to equal requests with a form"({ model }) {
    for (const form of [{ answers: HOSTILE_ANSWERS }, { answerSchema: SCHEMA }]) {
      const { choice, choices, ...first } = await model.generate(formedRequest(form, 3), NEVER);
      const { choice: again, choices: others, ...second } = await model.generate(
        formedRequest(form, 3),
        NEVER,
      );
      assert.deepEqual(second, first);
      assertSameShares({ ...others, choice: again }, { ...choices, choice });
    }
  },
  async "generate() refuses a form that no reply can have"({ model }) {
    for (const form of [{ answers: [] }, { answers: ["a"], answerSchema: SCHEMA }]) {
      await assert.rejects(model.generate(formedRequest(form, 3), NEVER), (error) => {
        assert.ok(error instanceof ModelError, `${error} is no ModelError`);
        assert.equal(error.kind, "bad-request");
        return true;
      });
    }
  },
  async "generate() rejects with the reason of a signal that was aborted before the request"({ model }) {
    const reason = new Error("changed my mind");
    await assert.rejects(model.generate(requestOf("Hello?"), AbortSignal.abort(reason)), (e) => e === reason);
  },
  async "generate() rejects with the reason of a signal that is aborted during the request"(
    { stuck, untilStuck },
  ) {
    const [controller, reason] = [new AbortController(), new Error("changed my mind")];
    const reply = stuck.generate(requestOf("Hello?"), controller.signal);
    const rejected = assert.rejects(reply, (error) => error === reason);
    await untilStuck();
    controller.abort(reason);
    await rejected;
  },
  async "generate() answers other requests after one was aborted"({ model, stuck, untilStuck }) {
    const controller = new AbortController();
    const rejected = assert.rejects(stuck.generate(requestOf("One?", 1), controller.signal));
    await untilStuck();
    const other = model.generate(requestOf("Two?", 2), NEVER);
    controller.abort(new Error("changed my mind"));
    await rejected;
    assertReply(await other);
    assertReply(await model.generate(requestOf("Three?", 3), NEVER));
  },
  async "generate() fails with a ModelError of the right kind"({ failing }) {
    assert.notEqual(Object.keys(failing).length, 0);
    for (const [kind, model] of Object.entries(failing)) {
      await assert.rejects(model.generate(requestOf("Hello?"), NEVER), (error) => {
        assert.ok(error instanceof ModelError, `${error} is no ModelError`);
        assert.equal(error.kind, kind);
        assert.match(error.message, /\S/);
        assert.doesNotMatch(error.message, /\n\s+at /);
        return true;
      });
    }
  },
  async "close() succeeds after requests"({ model }) {
    await model.generate(requestOf("Hello?"), NEVER);
    await model.close?.();
  },
};

/** The cases that every model passes, as tests. `makeHarness` makes the models for each test. */
export function modelConformance(
  name: string,
  makeHarness: () => Promise<ModelHarness>,
  options: { skip?: readonly SkippedCases[] } = {},
): readonly ConformanceCase[] {
  return conformanceCases(name, CASES, { makeHarness, ...options });
}
