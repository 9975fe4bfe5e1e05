import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT } from "../../core/experiment/analysis_design.ts";
import {
  columnsOf,
  discussionMeans,
  joinTables,
  type Observation,
  outcomesOf,
  OutcomeTally,
  POINTS_MAX,
  type TableContext,
  viewOutcome,
} from "./mod.ts";
import { outcomeIn } from "./outcome_table.ts";
import { observationsWith, observationWith } from "./testing/mod.ts";

const SCALE = { name: "mood", type: "nominal", labels: ["calm", "angry"], question: "?" } as const;

/** A discussion with two annotators, who gave these labels to its comments. */
function labelled(
  replicate: number,
  ...rows: readonly (readonly ("calm" | "angry" | null)[])[]
): Observation {
  const targets = rows[0]!.map((_, position) => position);
  const judgements = [{ pass: "p1", scale: SCALE, annotators: ["a", "b"], targets, values: rows }];
  return observationWith({ replicate, judgements }, targets.length);
}

const OBSERVATIONS = [
  ...observationsWith({
    seed: "table",
    factors: { tone: ["warm", "cold"], length: ["short", "long"] },
    replications: 3,
    comments: 4,
    scales: ["toxicity", "quality"],
    matched: true,
    measured: true,
  }),
  labelled(9, ["calm", "angry", null], ["calm", "calm", null]),
  observationWith({ end: "aborted", replicate: 10 }, 2),
];

function tableOf(observations: readonly Observation[], analysis = ANALYSIS_DEFAULT) {
  const tally = new OutcomeTally(analysis);
  for (const observation of observations) tally.add(observation);
  return tally.table();
}

const CONTEXT: TableContext = { analysis: ANALYSIS_DEFAULT, order: {}, seed: "report" };

Deno.test("a table has the same outcomes as outcomesOf(), even if it was joined from parts or stored as JSON", () => {
  const completed = OBSERVATIONS.filter(({ end }) => end === "completed");
  for (const outcomes of [[], ["quality", "mood=calm", "diversity", "absent"]]) {
    const analysis = { ...ANALYSIS_DEFAULT, outcomes, time: "position" as const };
    const expected = outcomesOf(completed, analysis).filter(({ values }) => values.values.length > 0);
    const whole = tableOf(OBSERVATIONS, analysis);
    const parts = [OBSERVATIONS.slice(0, 5), OBSERVATIONS.slice(5, 12), OBSERVATIONS.slice(12)];
    for (
      const table of [
        whole,
        JSON.parse(JSON.stringify(whole)),
        joinTables(parts.map((part) => tableOf(part, analysis))),
      ]
    ) {
      const found = columnsOf(table, analysis).flatMap(({ name, declared, column }) =>
        column === null || column.values.length === 0 ? [] : [outcomeIn({ name, declared, column })]
      );
      assert.deepEqual(found, expected);
    }
  }
});

/** An opening and two turns, whose moods count if openings do. The opening has no turn. */
function opened(): Observation {
  const [opening, ...turns] = labelled(1, ["calm", "angry", "calm"]).slots;
  const { judgements } = labelled(1, ["calm", "angry", "calm"]);
  const slots = [
    { ...opening!, by: "opening" as const, turn: null },
    ...turns.map((slot, turn) => ({ ...slot, turn })),
  ];
  return observationWith({ slots, judgements }, 0);
}

Deno.test("an opening that counts has no time, and does not shift the times of the comments after it", () => {
  const tally = new OutcomeTally({ ...ANALYSIS_DEFAULT, openings: "include" });
  for (const replicate of [1, 2]) tally.add({ ...opened(), replicate });
  for (const table of [tally.table(), JSON.parse(JSON.stringify(tally.table()))]) {
    const show = (times?: [number, number]) =>
      viewOutcome(table, { outcome: "mood=calm", each: "comment", times }, CONTEXT)!.points
        .map(({ position, time, value }) => [position, time, value]);
    const points = [[0, null, 1], [1, 0, 0], [2, 1, 1]];
    assert.deepEqual(show(), [...points, ...points]);
    assert.deepEqual(show([0, 1]), [...points.slice(1), ...points.slice(1)]);
  }
});

Deno.test("viewOutcome() names the comment of each value, and counts labels by their shares of annotators", () => {
  const table = tableOf([labelled(1, ["calm", "angry", null], ["calm", "calm", null])]);
  const view = viewOutcome(table, { outcome: "mood=calm", each: "comment" }, CONTEXT)!;
  const place = { run: "first", discussion: "-r1", group: 0 };
  assert.deepEqual(view.points, [
    { ...place, position: 0, time: 0, value: 1 },
    { ...place, position: 1, time: 1, value: 0.5 },
  ]);
  assert.deepEqual(view.labels, [{ label: "calm", counts: [1.5] }, { label: "angry", counts: [0.5] }]);
  assert.equal(view.groups[0]!.missing, 1);
  const later = viewOutcome(table, { outcome: "mood=calm", times: [1, 2] }, CONTEXT)!;
  assert.deepEqual(later.points, view.points.slice(1));
});

Deno.test("viewOutcome() shows means of discussions by default, and a sample if there are very many points", () => {
  const many = observationsWith({
    seed: "many",
    factors: { tone: ["warm", "cold"] },
    replications: 100,
    comments: 20,
    scales: ["toxicity"],
    matched: false,
  });
  const table = tableOf(many);
  const means = viewOutcome(table, { outcome: "toxicity" }, CONTEXT)!;
  assert.equal(means.points.length, 200);
  assert.deepEqual(
    discussionMeans(table, "toxicity", ANALYSIS_DEFAULT).map(({ value }) => value).toSorted(),
    means.points.map(({ value }) => value).toSorted(),
  );
  const comments = viewOutcome(table, { outcome: "toxicity", each: "comment" }, CONTEXT)!;
  assert.deepEqual([comments.points.length, comments.pointsOf], [POINTS_MAX, 4000]);
  assert.equal(new Set(comments.points.map((point) => JSON.stringify(point))).size, POINTS_MAX);
});

Deno.test("viewOutcome() returns null for an outcome without values", () => {
  const table = tableOf(OBSERVATIONS);
  for (const outcome of ["absent", "constructor"]) {
    assert.equal(viewOutcome(table, { outcome }, CONTEXT), null);
  }
});
