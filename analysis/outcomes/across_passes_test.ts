/**
 * The expected alpha comes from the Python package krippendorff 0.9.0. Shares and differences were counted by
 * hand.
 */
import assert from "node:assert/strict";
import type { Scale } from "../../core/annotation/scales/mod.ts";
import { agreementOn, type AnnotatedScale, pairAgreements } from "./agreement.ts";
import { acrossPasses } from "./across_passes.ts";

const TOXICITY: Scale = { name: "toxicity", type: "ordinal", min: 1, max: 3, question: "How toxic?" };

const MODELS: AnnotatedScale = {
  pass: "models",
  scale: TOXICITY,
  annotators: ["Rita", "Sam"],
  asked: [7, 7],
  discussions: [0, 0, 0, 0, 1, 1, 1],
  positions: [0, 1, 2, 3, 0, 1, 2],
  ratings: [[1, 1], [null, null], [3, null], [2, 3], [1, 2], [3, 3], [2, 2]],
};

/** Annotations by people: fewer comments, in a different order, and on a scale whose question and labels differ. */
const PEOPLE: AnnotatedScale = {
  pass: "people",
  scale: { ...TOXICITY, question: "How toxic is it?", labels: { 1: "mild" } },
  annotators: ["Ann", "Rita"],
  asked: [5, 5],
  discussions: [1, 1, 0, 0, 0],
  positions: [0, 2, 0, 1, 3],
  ratings: [[1, null], [2, 1], [1, 2], [2, 2], [3, 3]],
};

Deno.test("acrossPasses() joins the annotators of two passes comment by comment, so that alpha counts all of them", () => {
  const [shared, ...others] = acrossPasses([MODELS, PEOPLE]);
  assert.deepEqual(others, []);
  assert.deepEqual(shared!.annotators, ["models/Rita", "models/Sam", "people/Ann", "people/Rita"]);
  assert.deepEqual(shared!.ratings, [
    [1, 1, 1, 2],
    [null, null, 2, 2],
    [3, null, null, null],
    [2, 3, 3, 3],
    [1, 2, 1, null],
    [3, 3, null, null],
    [2, 2, 2, 1],
  ]);
  const { alpha } = agreementOn(shared!, { seed: "42", level: 0.95 });
  assert.ok(typeof alpha === "number" && Math.abs(alpha - 0.6417792733582207) < 1e-12, `${alpha}`);
  const pair = pairAgreements(shared!).find(({ one, other }) =>
    one === "models/Sam" && other === "people/Ann"
  )!;
  assert.deepEqual([pair.comments, pair.equal, pair.difference], [4, 0.75, 0.25]);
});

Deno.test("acrossPasses() joins scales of the same name, type and range, and leaves out reparsed replies", () => {
  const changed = (scale: Partial<Scale>): AnnotatedScale => ({
    ...PEOPLE,
    scale: { ...TOXICITY, ...scale } as Scale,
  });
  for (const other of [changed({ name: "insult" }), changed({ max: 5 }), changed({ type: "interval" })]) {
    assert.deepEqual(acrossPasses([MODELS, other]), []);
  }
  assert.deepEqual(acrossPasses([MODELS, { ...MODELS, pass: "models-again", isReread: true }]), []);
  const stance = (pass: string, labels: readonly string[]): AnnotatedScale => ({
    ...PEOPLE,
    pass,
    scale: { name: "stance", type: "nominal", labels, question: "?" },
  });
  assert.equal(acrossPasses([stance("a", ["for", "against"]), stance("b", ["for", "against"])]).length, 1);
  assert.deepEqual(acrossPasses([stance("a", ["for", "against"]), stance("b", ["for", "neither"])]), []);
});
