/** Tests sections with small discussions. The expected values were computed by hand. */
import assert from "node:assert/strict";
import { CROSSED } from "../../outcomes/testing/mod.ts";
import type { Scale } from "../../../core/annotation/scales/mod.ts";
import { ANALYSIS_DEFAULT } from "../../../core/experiment/analysis_design.ts";
import type { Block, Cell, Section } from "../document.ts";
import { agreementSection, conductSection, discussionsTable, outcomesSection, valuesTable } from "./mod.ts";
import { keyed, observed, rowsOf, type Sketch, tablesOf } from "../testing/mod.ts";

const TOXICITY: Scale = { name: "toxicity", type: "ordinal", min: 1, max: 3, question: "?" };
const STANCE: Scale = { name: "stance", type: "nominal", labels: ["for", "a=b", "b"], question: "?" };
const toxicity = (...annotators: (number | null)[][]) => ({ pass: "p1", scale: TOXICITY, annotators });
const SKETCHES: readonly Sketch[] = [
  {
    id: "d1",
    factors: { arm: "none" },
    role: "troll",
    turns: ["one two", null, "one two three", "four"],
    annotated: [
      toxicity([1, null, 3, 2], [1, null, null, 3]),
      { pass: "p2", scale: STANCE, annotators: [["for", null, "a=b", "b"]] },
    ],
  },
  {
    id: "d2",
    factors: { arm: "soft" },
    turns: ["one", "one two", "three"],
    moderator: ["calm down", null, "please"],
    annotated: [toxicity([1, 3, 2], [2, 3, 2])],
  },
  {
    id: "d3",
    factors: { arm: "soft" },
    turns: ["five six", null],
    end: "aborted",
    annotated: [toxicity([3, 3])],
  },
];
const OBSERVED = await Promise.all(SKETCHES.map(observed));

const pick = (rows: readonly Record<string, Cell>[], ...keys: string[]) =>
  rows.map((row) => keys.map((key) => row[key]));
const textsOf = (blocks: readonly Block[]) =>
  blocks.flatMap((block) => block.kind === "paragraph" || block.kind === "callout" ? [block.text] : []);

Deno.test("outcomesSection() describes completed discussions by level, and counts missing values", () => {
  const section = outcomesSection(OBSERVED, ANALYSIS_DEFAULT, {}, "42");
  assert.equal(
    textsOf(section.blocks)[0],
    "This section describes 2 completed discussions. It leaves out 1 that did not end.",
  );
  assert.deepEqual(
    pick(
      rowsOf(section, "outcomes-toxicity-by-arm"),
      ...["group", "discussions", "values", "missing", "mean", "median", "range"],
    ),
    // The comments' means over annotators are 1, 3 and 2.5 in the first discussion, and 1.5, 3 and 2 in the second.
    [
      ["none", 1, 3, 0, 6.5 / 3, 2.5, { level: 1, lower: 1, upper: 3 }],
      ["soft", 1, 3, 0, 6.5 / 3, 2, { level: 1, lower: 1.5, upper: 3 }],
    ],
  );
});

Deno.test("outcomesSection() and discussionsTable() name discussions whose comments were cut for diversity", async () => {
  const long = "yes ".repeat(5_001);
  const [whole] = OBSERVED;
  const cut = await observed({ id: "d9", turns: [long, long] });
  const told = (of: typeof OBSERVED) => textsOf(outcomesSection(of, ANALYSIS_DEFAULT, {}, "42").blocks);
  assert.ok(told([whole!, cut]).some((text) => text.includes("the number is in brackets: d9 (5,000). ")));
  assert.ok(!told([whole!]).some((text) => text.includes("in brackets")));
  const rows = keyed(discussionsTable([whole!, cut], ANALYSIS_DEFAULT));
  assert.deepEqual(
    pick(rows, "discussion", "diversity", "words_compared").map(([id, , words]) => [id, words]),
    [
      ["d1", null],
      ["d9", 5_000],
    ],
  );
  assert.ok(!("words_compared" in keyed(discussionsTable([whole!], ANALYSIS_DEFAULT))[0]!));
});

Deno.test("outcomesSection() gives the share of each nominal label, even if one label ends with another", () => {
  const rows = rowsOf(outcomesSection(OBSERVED, ANALYSIS_DEFAULT, {}, "42"), "outcomes-stance-labels-by-arm");
  assert.deepEqual(pick(rows.slice(0, 3), "group", "label", "values", "share"), [
    ["none", "for", 3, 1 / 3],
    ["none", "a=b", 3, 1 / 3],
    ["none", "b", 3, 1 / 3],
  ]);
});

Deno.test("outcomesSection() plots declared outcomes, and names outcomes without values", () => {
  const declared = { ...ANALYSIS_DEFAULT, outcomes: ["toxicity", "anger"] };
  const section = outcomesSection(OBSERVED, declared, {}, "42");
  const plots = section.blocks.flatMap((block) => block.kind === "figure" ? [block.plot] : []);
  assert.deepEqual(plots.map(({ kind }) => kind), ["turns", "distribution", "discussions", "shares"]);
  const [turns, distribution] = plots;
  assert.ok(turns?.kind === "turns" && distribution?.kind === "distribution");
  assert.deepEqual(turns.series[1]!.points.map(({ x, y }) => [x, y]), [[0, 1.5], [1, 3], [2, 2]]);
  // In the histogram, a mean of 2.5 counts as step 3, and a mean of 1.5 as step 2.
  assert.deepEqual(distribution.groups.map(({ bars }) => bars.map(({ share }) => share)), [
    [1 / 3, 0, 2 / 3],
    [0, 2 / 3, 1 / 3],
  ]);
  assert.ok(
    textsOf(section.blocks).includes(
      'No completed discussion has a value of "anger".',
    ),
  );
});

Deno.test("outcomesSection() plots the cells of crossed factors, and nominal labels as shares of one bar", () => {
  const declared = { ...ANALYSIS_DEFAULT, outcomes: ["diversity"] };
  const plots = (section: Section) =>
    section.blocks.flatMap((block) => block.kind === "figure" ? [block.plot] : []);
  const order = { moderator: ["none", "gentle"], model: ["small", "big"] };
  const [cells] = plots(outcomesSection(CROSSED, declared, order, "42"));
  assert.ok(cells?.kind === "cells");
  assert.deepEqual(cells.rows, ["none", "gentle"]);
  // The means were computed by hand, from the formula that makes CROSSED.
  assert.deepEqual(
    cells.series.map(({ name, points }) => [name, points.map(({ mean }) => Number(mean.toFixed(6)))]),
    [["small", [0.3, 0.6]], ["big", [0.22, 0.58]]],
  );
  const shares = plots(outcomesSection(OBSERVED, ANALYSIS_DEFAULT, {}, "42")).find(({ kind }) =>
    kind === "shares"
  );
  assert.ok(shares?.kind === "shares");
  assert.deepEqual(shares.labels, ["for", "a=b", "b"]);
  const { blocks } = outcomesSection(OBSERVED, { ...ANALYSIS_DEFAULT, outcomes: ["toxicity"] }, {}, "42");
  const estimators = blocks.flatMap((block) => block.kind === "figure" ? [block.estimator ?? ""] : []);
  assert.ok(
    estimators.every((text) => text.startsWith("Counted: comments of participants. ")),
    estimators.join("\n"),
  );
  assert.deepEqual(shares.groups, [{ name: "none", shares: [1 / 3, 1 / 3, 1 / 3] }]);
});

Deno.test("outcomesSection() uses the singular for one discussion, even in the description of a plot", () => {
  const [d1, , aborted] = OBSERVED;
  const declared = { ...ANALYSIS_DEFAULT, outcomes: ["toxicity"] };
  const { blocks } = outcomesSection([d1!], declared, {}, "42");
  const alts = blocks.flatMap((block) => block.kind === "figure" ? [block.alt] : []);
  assert.ok(alts.some((alt) => / 1 discussion, mean /.test(alt)), alts.join("\n"));
  assert.deepEqual(textsOf(outcomesSection([aborted!], declared, {}, "42").blocks), [
    "Of 1 discussion, none was completed, so there is nothing to describe.",
  ]);
});

Deno.test("outcomesSection() uses Student's t for intervals of declared and other figures of discussions", () => {
  const intervals = (outcomes: readonly string[], id: string) =>
    rowsOf(outcomesSection(CROSSED, { ...ANALYSIS_DEFAULT, outcomes }, {}, "42"), id)
      .filter(({ figure }) => figure === undefined || figure === "diversity").map(({ interval }) => interval);
  const declared = intervals(["diversity"], "outcomes-diversity-by-moderator");
  assert.equal(declared.length, 2);
  assert.deepEqual(declared, intervals([], "outcomes-figures-by-moderator"));
});

Deno.test("conductSection() counts turns, words and roles", () => {
  const section = conductSection(OBSERVED, ANALYSIS_DEFAULT, {}, "42");
  const turns = rowsOf(section, "conduct-turns-by-arm");
  assert.deepEqual(
    pick(turns, "group", "turns", "comments", "silent_turns", "moderator_slots", "interventions"),
    [
      ["none", 4, 3, 1, 0, 0],
      ["soft", 3, 3, 0, 3, 2],
    ],
  );
  assert.deepEqual(pick(turns, "entries", "openings"), [[5, 1], [7, 1]]);
  assert.deepEqual(turns[0]!.intervention_share, { unavailable: "no moderator was asked" });
  assert.deepEqual(pick(rowsOf(section, "conduct-words-by-arm"), "speakers", "group", "comments", "mean"), [
    ["participants", "none", 3, 2],
    ["participants", "soft", 3, 4 / 3],
    ["moderators", "none", 0, { unavailable: "there are no values" }],
    ["moderators", "soft", 2, 1.5],
  ]);
  assert.deepEqual(pick(rowsOf(section, "conduct-roles"), "speaker", "role", "turns", "comments", "words"), [
    ["participant", "troll", 2, 2, 3],
    ["participant", "none", 5, 4, 7],
    ["moderator", "none", 3, 2, 3],
  ]);
});

Deno.test("agreementSection() gives alpha, pairs of annotators and how each annotator uses the scale", () => {
  const section = agreementSection(OBSERVED, ANALYSIS_DEFAULT, {}, "42");
  const [row] = rowsOf(section, "agreement-scales");
  // The Python package krippendorff 0.9.0 gives this ordinal alpha. The annotators' values are 1 3 2 1 3 2 and
  // 1 – 3 2 3 2, where – is a missing value.
  assert.ok(Math.abs(Number(row!.alpha) - 0.7) < 1e-12, String(row!.alpha));
  assert.deepEqual([row!.annotators, row!.comments, row!.raw_agreement], [2, 5, 3 / 5]);
  const name = "agreement-p1-toxicity";
  assert.deepEqual(pick(rowsOf(section, `${name}-pairs`), "comments", "equal", "difference"), [[
    5,
    3 / 5,
    -2 / 5,
  ]]);
  assert.deepEqual(pick(rowsOf(section, `${name}-annotators`), "asked", "missing", "mean", "usual"), [
    [6, 0, 2, "1"],
    [6, 1, 11 / 5, "3"],
  ]);
  assert.ok(
    textsOf(section.blocks).includes(
      "Agreement needs two annotators; this scale has one: p2/stance.",
    ),
  );
});

Deno.test("agreementSection() gives the polarisation of comments with three annotators", async () => {
  const annotated = [toxicity([1, 2, 1, 1], [1, 2, 2, 2], [3, 2, 3, null])];
  const observations = await Promise.all(
    ["d1", "d2"].map((id) => observed({ id, turns: ["a", "b", "c", "d"], annotated })),
  );
  const section = agreementSection(observations, ANALYSIS_DEFAULT, {}, "42");
  // By hand: the histogram 2 0 1 of a comment gives 1/2; 0 3 0 and 1 1 1 give 0. The fourth comment has only
  // two annotators.
  assert.deepEqual(pick(rowsOf(section, "agreement-polarisation"), "comments", "mean", "above_zero"), [
    [6, 1 / 6, 1 / 3],
  ]);
});

Deno.test("agreementSection() says that there are no annotations", async () => {
  const section = agreementSection([await observed({ id: "d1", turns: ["a"] })], ANALYSIS_DEFAULT, {}, "42");
  assert.deepEqual(textsOf(section.blocks), [
    "The comments were not annotated, so there is no agreement to report.",
  ]);
  assert.deepEqual(tablesOf(section), []);
});

Deno.test("discussionsTable() has a row for every discussion, valuesTable() for every slot", () => {
  assert.deepEqual(
    pick(
      keyed(discussionsTable(OBSERVED, ANALYSIS_DEFAULT)),
      ...["run", "discussion", "factor_arm", "end", "toxicity_mean", "toxicity_n"],
      ...["openings", "turns", "comments"],
    ),
    [
      ["first", "d1", "none", "completed", 6.5 / 3, 3, 1, 4, 3],
      ["first", "d2", "soft", "completed", 6.5 / 3, 3, 1, 3, 3],
      ["first", "d3", "soft", "aborted", 3, 1, 1, 2, 1],
    ],
  );
  const values = keyed(valuesTable(OBSERVED));
  assert.equal(values.length, 5 + 7 + 3);
  assert.deepEqual(
    pick(values.slice(0, 5), "position", "turn", "by", "author", "p1_toxicity", "p2_stance_a_b"),
    [
      [0, null, "opening", "Ann", null, null],
      [1, 0, "participant", "Ann", 1, 0],
      [2, 1, "participant", "Bob", null, null],
      [3, 2, "participant", "Cem", 3, 1],
      [4, 3, "participant", "Ann", 2.5, 0],
    ],
  );
});
