import assert from "node:assert/strict";
import {
  annotationAfter,
  designWith,
  INSULT,
  passWith,
  playPass,
  TOXICITY,
  undisturbed,
} from "../testing/mod.ts";
import type { Scale } from "./scales/mod.ts";
import type { AnnotationDesign, Codebook } from "../events/annotation_design.ts";
import { reparse, type StoredReply } from "./reparse.ts";

const DISCUSSION = undisturbed(designWith());
const [RITA] = passWith().annotators;
const ONE = passWith({ annotators: [RITA!], targets: { of: "all", perDiscussion: 1 } });
const COMMENT = annotationAfter([...DISCUSSION, { type: "AnnotationPassStarted", data: ONE }])
  .passes.get("p1")!.targets[0]!;

/** Runs a pass, and reads its replies again. */
function again(design: AnnotationDesign, replies: readonly string[], scales: readonly Scale[]) {
  let nth = 0;
  const { events } = playPass(DISCUSSION, design, () => replies[nth++]!);
  const progress = annotationAfter([...DISCUSSION, ...events]).passes.get("p1")!;
  const codebook: Codebook = { version: "2", hash: "d".repeat(64), scales };
  return reparse(progress, events.slice(1, -1) as StoredReply[], { codebook, as: "p2" });
}

const exact = (scale: Scale): Scale => ({ ...scale, grammar: "exact" });
const change = (scale: string, before: unknown, after: unknown) => ({
  comment: COMMENT,
  annotator: "Rita",
  scale,
  before,
  after,
});

Deno.test("reparse() under the same codebook changes nothing", () => {
  const { changes, unchanged, replies, design } = again(ONE, ["4", "yes"], [TOXICITY, INSULT]);
  assert.deepEqual([changes, unchanged], [[], 2]);
  assert.deepEqual([design.pass, design.reparsedFrom, design.retries], ["p2", "p1", 0]);
  assert.deepEqual(replies.map(({ type, data }) => [type, data.pass, data.raw]), [
    ["CommentAnnotated", "p2", "4"],
    ["CommentAnnotated", "p2", "yes"],
  ]);
});

Deno.test("reparse() says which values are lost, changed and gained", () => {
  const lost = again(ONE, ["I'd say 4", "yes"], [exact(TOXICITY), INSULT]);
  assert.deepEqual(lost.changes, [change("toxicity", 4, null)]);
  const wider = { ...TOXICITY, max: 7 } as Scale;
  const gained = again(ONE, ["7", "7", "yes"], [wider, INSULT]);
  assert.deepEqual(gained.changes, [change("toxicity", null, 7)]);
  const named = { ...TOXICITY, type: "nominal", labels: ["4"] } as Scale;
  assert.deepEqual(again(ONE, ["4", "yes"], [named, INSULT]).changes, [change("toxicity", 4, "4")]);
});

Deno.test("reparse() uses the first reply that can be read now, with its attempt", () => {
  const { replies } = again(ONE, ["about 6", "4", "no"], [{ ...TOXICITY, max: 6 } as Scale, INSULT]);
  assert.deepEqual(replies.map(({ data }) => [data.raw, data.attempt]), [["about 6", 1], ["no", 1]]);
});

Deno.test("reparse() leaves out scales that only one codebook has, and keeps the new codebook's order", () => {
  const { design, replies } = again(ONE, ["4", "yes"], [INSULT, { ...INSULT, name: "new" }, TOXICITY]);
  assert.deepEqual(design.codebook.scales.map(({ name }) => name), ["insult", "toxicity"]);
  assert.deepEqual(replies.map(({ data }) => data.raw), ["yes", "4"]);
  const fewer = again(ONE, ["4", "yes"], [INSULT]);
  assert.deepEqual(fewer.replies.map(({ data }) => data.raw), ["yes"]);
});

Deno.test("reparse() reads several scales of one reply", () => {
  const together = { ...ONE, requests: "together" } as const;
  const reply = JSON.stringify({ toxicity: "about 4", insult: false });
  const { changes, unchanged } = again(together, [reply], [exact(TOXICITY), INSULT]);
  // If one scale has no value, the whole reply has none.
  assert.deepEqual(changes, [change("toxicity", 4, null), change("insult", false, null)]);
  assert.equal(unchanged, 0);
  assert.deepEqual(again(together, [reply], [INSULT]).unchanged, 1);
});

Deno.test("reparse() refuses a codebook with none of the pass's scales, and annotations without stored replies", () => {
  assert.throws(
    () => again(ONE, ["4", "yes"], [{ ...INSULT, name: "other" }]),
    /it asked for toxicity, insult, and the codebook has none of these/,
  );
  const targets = [0];
  const kept: StoredReply = {
    type: "CommentAnnotated",
    data: { pass: "p1", comment: 0, annotator: "Rita", values: { toxicity: 4 } },
  };
  const options = { codebook: { ...ONE.codebook, scales: [TOXICITY] }, as: "p2" };
  const design = { ...ONE, codebook: options.codebook };
  assert.throws(() => reparse({ design, targets }, [kept], options), /no replies were imported with it/);
});
