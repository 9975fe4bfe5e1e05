import assert from "node:assert/strict";
import fc from "fast-check";
import type { Comment } from "../discussion/state.ts";
import { INSULT, passWith, TOXICITY } from "../testing/mod.ts";
import type { AnnotationDesign } from "../events/annotation_design.ts";
import { questionAt, questionsPerComment, targetComments } from "./state.ts";

const BY = ["author", "participant", "moderator", "participant", "moderator", "participant"] as const;
const COMMENTS: readonly Comment[] = BY.map((by, comment) => ({
  comment,
  author: `A${comment}`,
  text: "x",
  by,
}));
const MANY: readonly Comment[] = Array.from(
  { length: 40 },
  (_, comment) => ({ comment, author: "A", text: "x", by: "participant" }),
);
const SAMPLED = passWith({ targets: { of: "all", perDiscussion: 5 } });

Deno.test("targetComments() chooses comments by their kind of author, in the discussion's order", () => {
  for (
    const [of, expected] of [["all", [0, 1, 2, 3, 4, 5]], ["participants", [1, 3, 5]], ["moderators", [
      2,
      4,
    ]]] as const
  ) assert.deepEqual(targetComments(COMMENTS, passWith({ targets: { of } }), "d1"), expected);
});

Deno.test("targetComments() draws the wanted number of eligible comments, or all of them", () => {
  fc.assert(fc.property(fc.integer({ min: 1, max: 8 }), fc.string(), (perDiscussion, seed) => {
    const drawn = targetComments(
      COMMENTS,
      passWith({ seed, targets: { of: "participants", perDiscussion } }),
      "d1",
    );
    assert.equal(drawn.length, Math.min(3, perDiscussion));
    assert.deepEqual(drawn, [1, 3, 5].filter((comment) => drawn.includes(comment)));
  }));
});

Deno.test("targetComments() draws all comments about equally often", () => {
  const counts = new Array<number>(40).fill(0);
  for (let nth = 0; nth < 800; nth++) {
    for (const comment of targetComments(MANY, SAMPLED, `d${nth}`)) counts[comment]!++;
  }
  // 800 draws of 5 out of 40 comments: each is drawn about 100 times, with a standard deviation of 9.4.
  for (const count of counts) assert.ok(count > 55 && count < 145, `${count}`);
});

const drawn = (design: AnnotationDesign, discussion = "d1") =>
  targetComments(MANY, design, discussion).join();

Deno.test("the draws of targetComments() depend only on seed, pass and discussion", () => {
  const expected = drawn(SAMPLED);
  const { annotators, codebook } = SAMPLED;
  const changes: readonly Partial<AnnotationDesign>[] = [
    { annotators: [...annotators, { ...annotators[0]!, name: "New" }] },
    { annotators: annotators.toReversed() },
    { codebook: { ...codebook, scales: [{ ...INSULT, name: "new" }, ...codebook.scales] } },
    { history: null },
    { requests: "together" },
    { retries: 9 },
  ];
  for (const change of changes) assert.equal(drawn({ ...SAMPLED, ...change }), expected);
  const others = [drawn({ ...SAMPLED, seed: "8" }), drawn({ ...SAMPLED, pass: "p2" }), drawn(SAMPLED, "d2")];
  assert.equal(new Set([expected, ...others]).size, 4);
});

Deno.test("questionAt() orders questions by comment, then annotator, then scale", () => {
  const listed = (design: AnnotationDesign) =>
    Array.from({ length: 2 * questionsPerComment(design) }, (_, place) => {
      const { comment, annotator, scales } = questionAt(design, [3, 7], place);
      return `${comment} ${annotator.name} ${scales.map(({ name }) => name)}`;
    });
  const { codebook } = passWith();
  assert.deepEqual(codebook.scales, [TOXICITY, INSULT]);
  assert.deepEqual(listed(passWith()), [
    "3 Rita toxicity",
    "3 Rita insult",
    "3 Sam toxicity",
    "3 Sam insult",
    "7 Rita toxicity",
    "7 Rita insult",
    "7 Sam toxicity",
    "7 Sam insult",
  ]);
  assert.deepEqual(listed(passWith({ requests: "together" })), [
    "3 Rita toxicity,insult",
    "3 Sam toxicity,insult",
    "7 Rita toxicity,insult",
    "7 Sam toxicity,insult",
  ]);
});
