import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT } from "../../core/experiment/analysis_design.ts";
import type { DiscussionEvent } from "../../core/events/mod.ts";
import { designWith, moderatorWith, participantsNamed, passWith } from "../../core/testing/mod.ts";
import { slotsOf } from "../projections/mod.ts";
import { measureTexts } from "../texts/text_measures.ts";
import { listIn, type Observation, observe, observedFactors, outcomesOf } from "./mod.ts";
import { judgementsOf, observationWith } from "./testing/mod.ts";

const PARTICIPANTS = participantsNamed("Ann", "Bob").map((participant, place) =>
  place === 0 ? { ...participant, role: { name: "troll", instructions: "Provoke." } } : participant
);

const STANCE = { name: "stance", type: "nominal", labels: ["for", "against"], question: "?" } as const;
const TOXICITY = { name: "toxicity", type: "ordinal", min: 1, max: 5, question: "?" } as const;
const PASS = passWith({
  codebook: { version: "1", hash: "c".repeat(64), scales: [TOXICITY, STANCE] },
  annotators: ["Rita", "Sam"].map((name) => ({ name, persona: {}, instructions: "" })),
});

/**
 * An opening, Ann's comment, the moderator's comment, Bob's silence, the moderator's silence, Ann's second
 * comment.
 */
const EVENTS: readonly DiscussionEvent[] = [
  {
    type: "DiscussionOpened",
    data: designWith({
      condition: "mod",
      factors: { moderator: "mod" },
      participants: PARTICIPANTS,
      turns: 3,
      moderator: moderatorWith(),
    }),
  },
  { type: "SeedCommentPosted", data: { comment: 0, author: "Ann", text: "Buses at night?" } },
  { type: "TurnTaken", data: { turn: 0, comment: 1, participant: "Ann", text: "Buses are late" } },
  {
    type: "ModeratorIntervened",
    data: { turn: 0, comment: 2, moderator: "Mod", text: "Stay calm please now" },
  },
  { type: "TurnPassed", data: { turn: 1, participant: "Bob", reason: "empty", raw: "" } },
  { type: "ModeratorAbstained", data: { turn: 1, moderator: "Mod", reason: "empty", raw: "" } },
  {
    type: "TurnTaken",
    data: { turn: 2, comment: 3, participant: "Ann", text: "Trams cost much more still" },
  },
  { type: "DiscussionCompleted", data: { reason: "turns", turns: 3, comments: 4 } },
  { type: "AnnotationPassStarted", data: PASS },
  annotated(0, "Rita", { toxicity: 5, stance: "for" }),
  annotated(1, "Rita", { toxicity: 2, stance: "for" }),
  annotated(1, "Sam", { toxicity: 3, stance: "against" }),
  annotated(2, "Sam", { toxicity: 1, stance: "against" }),
  { type: "SilenceAnnotated", data: { pass: "p1", position: 3, annotator: "Sam", values: { toxicity: 4 } } },
  { type: "AnnotationPassCompleted", data: { pass: "p1", annotated: 5, unparsed: 3 } },
];

function annotated(
  comment: number,
  annotator: string,
  values: Record<string, string | number>,
): DiscussionEvent {
  return { type: "CommentAnnotated", data: { pass: "p1", comment, annotator, values } };
}

async function observed(events: Iterable<DiscussionEvent>, run = "first"): Promise<Observation> {
  return await observe(run, slotsOf(events), (texts) => Promise.resolve(measureTexts(texts)));
}

Deno.test("observe() gives every slot its position, and annotations the position of their comment", async () => {
  const { slots, judgements, end, conduct, condition } = await observed(EVENTS);
  assert.deepEqual(
    slots.map(({ by, author, role, turn, comment }) => [by, author, role, turn, comment]),
    [
      ["opening", "Ann", "troll", null, 0],
      ["participant", "Ann", "troll", 0, 1],
      ["moderator", "Mod", null, 0, 2],
      ["participant", "Bob", null, 1, null],
      ["moderator", "Mod", null, 1, null],
      ["participant", "Ann", "troll", 2, 3],
    ],
  );
  assert.deepEqual([end, condition, conduct.structure.turns], ["completed", "mod", 3]);
  const [toxicity, stance] = judgements;
  assert.deepEqual(toxicity!.values, [[5, 2, null, null, null, null], [null, 3, 1, 4, null, null]]);
  assert.deepEqual(stance!.values[1], [null, "against", "against", null, null, null]);
  assert.deepEqual(toxicity!.targets, [0, 1, 2, 5]);
});

Deno.test('observe() finds no values of a scale called "constructor" if its annotations lack them', async () => {
  const scale = { name: "constructor", type: "ordinal", min: 1, max: 5, question: "?" } as const;
  const design = passWith({ codebook: { version: "1", hash: "c".repeat(64), scales: [TOXICITY, scale] } });
  const { name: annotator } = design.annotators[0]!;
  const { judgements } = await observed([
    ...EVENTS.slice(0, 8),
    { type: "AnnotationPassStarted", data: design },
    annotated(1, annotator, { toxicity: 2 }),
    annotated(2, annotator, { constructor: 3 }),
  ]);
  const values = judgements.find((one) => one.scale.name === "constructor")!.values[0]!;
  assert.deepEqual(values, [null, null, 3, null, null, null]);
});

Deno.test("outcomesOf() takes means over annotators, selects comments by speaker, and counts missing values", async () => {
  const observation = await observed(EVENTS);
  const of = (name: string, changes = {}) => {
    const outcomes = outcomesOf([observation], { ...ANALYSIS_DEFAULT, outcomes: [name], ...changes });
    const { values, missing, unit, declared } = outcomes[0]!;
    assert.equal(declared, true);
    return { values: listIn(values, 0).map(({ value, time }) => [value, time]), missing, unit };
  };
  const unit = "comment";
  // The pass includes Ann's second comment, but no annotator gave it a value.
  assert.deepEqual(of("toxicity"), { values: [[2.5, 0]], missing: 1, unit });
  assert.deepEqual(of("p1/toxicity"), of("toxicity"));
  assert.deepEqual(of("toxicity", { silences: "include" }).values, [[2.5, 0], [4, 1]]);
  assert.deepEqual(of("toxicity", { comments: "moderators" }), { values: [[1, 0]], missing: 0, unit });
  assert.deepEqual(of("toxicity", { comments: "all", time: "position" }).values, [[2.5, 1], [1, 2]]);
  assert.deepEqual(of("stance=against").values, [[0.5, 0]]);
  assert.deepEqual(of("words"), { values: [[4, null]], missing: 0, unit: "discussion" });
  assert.deepEqual(of("words", { comments: "all" }).values, [[4, null]]);
  assert.deepEqual(of("words", { comments: "moderators" }).values, [[4, null]]);
  // By hand: no word occurs in two of the three comments of Ann and the moderator, so the diversity is 1.
  assert.deepEqual(of("diversity").values, [[1, null]]);
  assert.deepEqual(of("diversity", { comments: "moderators" }), {
    values: [],
    missing: 1,
    unit: "discussion",
  });
  // By hand: Ann's comments have 2 and 4 pairs of adjacent words, and the moderator's comment has 3. All pairs
  // differ.
  assert.deepEqual(of("distinct-2", { commentsOf: { "distinct-2": "all" } }).values, [[1, null]]);
  assert.deepEqual(of("p1/toxicity", { commentsOf: { toxicity: "moderators" } }).values, [[1, 0]]);
  assert.deepEqual(of("silence-rate").values, [[1 / 3, null]]);
  assert.deepEqual(of("intervention-rate").values, [[0.5, null]]);
  assert.deepEqual(of("nothing-such"), { values: [], missing: 0, unit });
});

Deno.test("outcomesOf() lists all other scales and figures as undeclared outcomes", async () => {
  const outcomes = outcomesOf([await observed(EVENTS)], { ...ANALYSIS_DEFAULT, outcomes: ["toxicity"] });
  const names = outcomes.map(({ name, declared }) => `${name}${declared ? "!" : ""}`);
  assert.deepEqual(
    names,
    [
      "toxicity!",
      "stance=for",
      "stance=against",
      "diversity",
      "distinct-2",
      "words",
      "silence-rate",
      "participation-rate",
      "evenness",
      "respond-rate",
      "intervention-rate",
    ],
  );
});

Deno.test("observedFactors() puts the reference first, and keeps the order of the experiment file", () => {
  const at = (moderator: string, run = "first") => ({ factors: { moderator }, run, condition: moderator });
  const three = ["soft", "none", "hard"].map((level) => at(level));
  const levels = (...args: Parameters<typeof observedFactors>) =>
    observedFactors(...args).map(({ name, levels }) => `${name}: ${levels.join(" ")}`);
  assert.deepEqual(levels(three, { moderator: "none" }), ["moderator: none hard soft"]);
  assert.deepEqual(levels(three, {}, { moderator: ["soft", "none", "hard", "gone"] }), [
    "moderator: soft none hard",
  ]);
  const runs = [at("none", "a"), at("none", "b")];
  assert.deepEqual(levels(runs, {}), ["run: a b"]);
  const imported = three.map((one) => ({ ...one, factors: {} }));
  assert.deepEqual(levels(imported, { condition: "soft" }), ["condition: soft hard none"]);
  assert.deepEqual(levels([three[0]!], {}), []);
});

Deno.test("outcomesOf() finds a name without a pass in the first pass, even if the first log lacks it", () => {
  const annotated = (pass: string, value: number) => ({ ...judgementsOf("toxicity", [value]), pass });
  const whole = observationWith({ judgements: [annotated("one", 1), annotated("two", 2)] }, 1);
  const partial = observationWith({ judgements: [annotated("two", 2)] }, 1);
  for (const observations of [[whole, partial], [partial, whole]]) {
    const [toxicity, other] = outcomesOf(observations, { ...ANALYSIS_DEFAULT, outcomes: ["toxicity"] });
    assert.deepEqual([...toxicity!.values.values], [1]);
    assert.equal(other!.name, "two/toxicity");
  }
});
