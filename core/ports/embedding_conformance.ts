/** The test cases that every model with `embed()` must pass. */
import assert from "node:assert/strict";
import { type ConformanceCase, conformanceCases } from "./cases_conformance.ts";
import type { ModelErrorKind } from "../events/models.ts";
import { directionOf, vectorsProblem } from "./embedding.ts";
import { type Model, ModelError } from "./model.ts";

/** The models of one implementation that the cases need. */
export type EmbeddingHarness = Readonly<{
  model: Model;
  /** Returns no vectors while the test runs. */
  stuck: Model;
  /** Resolves when `stuck` has begun to work on a request. */
  untilStuck: () => Promise<void>;
  /** Kind of error → a model whose requests fail with it. */
  failing: Readonly<Partial<Record<ModelErrorKind, Model>>>;
  cleanup: () => Promise<void>;
}>;

const NEVER = new AbortController().signal;

const TEXTS = ["Buses should run at night.", "I like cats, and cats like me.", "No."];

/** Texts that break careless code. */
const HOSTILE_TEXTS: readonly string[] = [
  'quotes " and \\ backslashes, {"json": [1, 2]}, {{speaker}}, %s',
  "line\nbreaks\r\nof\u2028all\u2029kinds",
  "emoji 👩‍👩‍👧‍👦, combining e\u0301, right-to-left \u202e",
  "NUL \u0000 and other controls \u0001\u001b[31m\u007f",
  "lone surrogates \ud800 \udc00 x",
  "</s><|im_end|><|endoftext|>[SEP]",
  " ",
];

/**
 * The largest distance between the directions of equal texts. Rounding differs with the other texts of a
 * request.
 */
const ROUNDING_MAX = 1e-3;

async function vectorsOf(model: Model, texts: readonly string[]): Promise<readonly Float32Array[]> {
  const { vectors, cut = 0, usage } = await model.embed!(texts, NEVER);
  assert.equal(vectorsProblem(vectors, texts.length), null);
  for (const count of [cut, ...Object.values(usage ?? {})]) {
    assert.ok(Number.isSafeInteger(count) && count >= 0, `${count} is no count`);
  }
  return vectors;
}

function distance(one: Float32Array, other: Float32Array): number {
  const [a, b] = [directionOf(one), directionOf(other)];
  return Math.hypot(...a.map((value, at) => value - b[at]!));
}

const CASES: Readonly<Record<string, (harness: EmbeddingHarness) => Promise<void>>> = {
  async "embed() returns a vector for each text, and no vectors if there are no texts"({ model }) {
    const [[first]] = [await vectorsOf(model, TEXTS)];
    assert.equal((await vectorsOf(model, ["Yes."]))[0]!.length, first!.length);
    assert.deepEqual(await vectorsOf(model, []), []);
  },
  async "embed() gives equal texts equal vectors, even if the other texts differ"({ model }) {
    const there = await vectorsOf(model, TEXTS);
    const back = await vectorsOf(model, [...TEXTS.toReversed(), TEXTS[0]!]);
    for (const [at, vector] of there.entries()) {
      assert.ok(distance(vector, back[TEXTS.length - 1 - at]!) < ROUNDING_MAX, TEXTS[at]!);
    }
    assert.ok(distance(there[0]!, back.at(-1)!) < ROUNDING_MAX);
  },
  async "embed() gives different texts different vectors"({ model }) {
    const [one, other] = await vectorsOf(model, TEXTS);
    assert.ok(distance(one!, other!) > ROUNDING_MAX);
  },
  async "embed() takes any text, and does not change the list"({ model }) {
    await vectorsOf(model, Object.freeze([...HOSTILE_TEXTS]) as readonly string[]);
  },
  async "embed() answers many requests at the same time"({ model }) {
    const texts = Array.from({ length: 40 }, (_, index) => `Comment ${index} on buses.`);
    const atOnce = await Promise.all(texts.map((text) => vectorsOf(model, [text])));
    for (const [at, vector] of (await vectorsOf(model, texts)).entries()) {
      assert.ok(distance(vector, atOnce[at]![0]!) < ROUNDING_MAX);
    }
  },
  async "embed() rejects with the reason of a signal that was aborted before the request"({ model }) {
    const reason = new Error("changed my mind");
    await assert.rejects(model.embed!(TEXTS, AbortSignal.abort(reason)), (error) => error === reason);
  },
  async "embed() rejects with the reason of a signal that is aborted during the request"(
    { stuck, untilStuck },
  ) {
    const [controller, reason] = [new AbortController(), new Error("changed my mind")];
    const rejected = assert.rejects(stuck.embed!(TEXTS, controller.signal), (error) => error === reason);
    await untilStuck();
    controller.abort(reason);
    await rejected;
  },
  async "embed() fails with a ModelError of the right kind"({ failing }) {
    assert.notEqual(Object.keys(failing).length, 0);
    for (const [kind, model] of Object.entries(failing)) {
      await assert.rejects(model.embed!(TEXTS, NEVER), (error) => {
        assert.ok(error instanceof ModelError, `${error} is no ModelError`);
        assert.equal(error.kind, kind);
        assert.match(error.message, /\S/);
        return true;
      });
    }
  },
};

/**
 * The cases that every model with `embed()` passes, as tests. `makeHarness` makes the models for each test.
 */
export function embeddingConformance(
  name: string,
  makeHarness: () => Promise<EmbeddingHarness>,
): readonly ConformanceCase[] {
  return conformanceCases(name, CASES, { makeHarness });
}
