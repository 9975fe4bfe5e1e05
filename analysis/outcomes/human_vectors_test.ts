import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT } from "../../core/experiment/analysis_design.ts";
import { type Draw, openDraw } from "../../core/random/mod.ts";
import { drawNormal } from "../statistics/distributions.ts";
import { isUnavailable } from "../statistics/unavailable.ts";
import { type CommentVector, compareVectors, countedVectors } from "./human_vectors.ts";
import type { ObservedSlot } from "./observation.ts";
import { observationWith } from "./testing/mod.ts";

const slot = (by: ObservedSlot["by"], comment: number | null, isPast?: true): ObservedSlot => ({
  by,
  author: "Ann",
  role: null,
  turn: comment,
  comment,
  ...(isPast ? { isPast } : {}),
});

const unit = (angle: number) => Float32Array.of(Math.cos(angle), Math.sin(angle));

Deno.test("countedVectors() collects the vectors of counted comments, and counts the comments without one", () => {
  const slots = [
    slot("opening", 0),
    slot("participant", 1, true),
    slot("participant", 2),
    slot("participant", null),
    slot("moderator", 3),
    slot("participant", 4),
    slot("participant", 5),
    slot("participant", 6),
  ];
  const known = new Map<number, CommentVector>([
    ...[0, 1, 2, 3, 4].map((comment) => [comment, unit(comment)] as const),
    [5, "missing"],
    [6, "withheld"],
  ]);
  const observations = [
    observationWith({ slots }, 1),
    observationWith({ slots: [slot("participant", 0)] }, 1),
  ];
  const of = (comments: "participants" | "moderators" | "all") =>
    countedVectors(observations, (one) => one === observations[0] ? known : undefined, {
      ...ANALYSIS_DEFAULT,
      comments,
    });
  // The second discussion has no vectors.
  assert.deepEqual(of("participants"), { discussions: [[unit(2), unit(4)], []], missing: 2, withheld: 1 });
  assert.deepEqual(of("moderators"), { discussions: [[unit(3)], []], missing: 0, withheld: 0 });
  assert.deepEqual(of("all").discussions, [[unit(2), unit(3), unit(4)], []]);
});

const counted = (discussions: readonly (readonly Float32Array[])[]) => ({
  discussions,
  missing: 0,
  withheld: 0,
});

Deno.test("compareVectors() compares each group with all people, and leaves out discussions without vectors", () => {
  const draw = openDraw("vectors");
  const around = (angle: number, count: number) =>
    Array.from({ length: count }, () => [unit(angle + draw.uniform() / 2), unit(angle + draw.uniform() / 2)]);
  const models = counted([...around(0, 12), [], ...around(2, 12)]);
  const people = counted([...around(2, 12), []]);
  const groups = [
    { name: "near", members: Array.from({ length: 12 }, (_, at) => 13 + at) },
    { name: "far", members: Array.from({ length: 13 }, (_, at) => at) },
    { name: "none", members: [12] },
  ];
  const [near, far, none] = compareVectors([models, people], groups, { seed: "42" });
  assert.deepEqual([near!.comments, far!.comments, none!.comments], [[24, 24], [24, 24], [0, 24]]);
  assert.ok(!isUnavailable(near!.distance) && !isUnavailable(far!.distance));
  assert.deepEqual(far!.distance.sizes, [12, 12]);
  assert.ok(near!.distance.p > 0.05 && far!.distance.p === 0.001, `${near!.distance.p} ${far!.distance.p}`);
  assert.ok(!isUnavailable(far!.classifier));
  assert.equal(far!.classifier.accuracy, 1);
  assert.ok(isUnavailable(none!.distance) && isUnavailable(none!.classifier));
});

Deno.test("compareVectors() keeps its level, even if discussions of models are longer", () => {
  const discussion = (draw: Draw, size: number) => {
    const effect = Array.from({ length: 4 }, () => drawNormal(draw));
    return Array.from({ length: size }, () => Float32Array.from(effect, (value) => value + drawNormal(draw)));
  };
  const pairs = 200;
  let [distances, classifiers] = [0, 0];
  for (let pair = 0; pair < pairs; pair++) {
    const draw = openDraw("again", pair);
    const models = counted(Array.from({ length: 40 }, () => discussion(draw, 8)));
    const people = counted(Array.from({ length: 10 }, () => discussion(draw, 2)));
    const groups = [{ name: "all", members: [...models.discussions.keys()] }];
    const [found] = compareVectors([models, people], groups, { seed: String(pair), permutations: 199 });
    assert.equal(found!.commentsMax, 2);
    assert.ok(!isUnavailable(found!.distance) && !isUnavailable(found!.classifier));
    if (found!.distance.p <= 0.05) distances++;
    if (found!.classifier.p <= 0.05) classifiers++;
  }
  // The limits are 0.05 ± 2.6 standard errors of a share of 200 pairs.
  for (const rate of [distances / pairs, classifiers / pairs]) {
    assert.ok(rate >= 0.01 && rate <= 0.09, `${rate}`);
  }
});

Deno.test("compareVectors() refuses vectors with different numbers of elements", () => {
  const two = counted([[Float32Array.of(1, 0)]]);
  assert.throws(() => compareVectors([two, counted([[Float32Array.of(1)]])], [], { seed: "42" }), RangeError);
});
