import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../../core/experiment/analysis_design.ts";
import { compareOutcomes, type Observation } from "../../outcomes/mod.ts";
import { CROSSED, observationsWith } from "../../outcomes/testing/mod.ts";
import { checkReport } from "../check_report.ts";
import type { Table } from "../document.ts";
import { formatCell } from "../numbers.ts";
import { shown, TableIds } from "../tables.ts";
import { sentenceOf } from "./result_sentences.ts";
import { allTrendsTable, trendTables } from "./trend_tables.ts";

const ANALYSIS: AnalysisDesign = {
  ...ANALYSIS_DEFAULT,
  reference: { moderator: "none", model: "small" },
  outcomes: ["toxicity"],
  effects: [["moderator", "turn"], ["model", "turn"], ["moderator", "model", "turn"]],
};

/** An alpha below which every p lies. */
const ALL = 1.1;

function foundIn(observations: readonly Observation[], analysis: AnalysisDesign) {
  const compared = compareOutcomes(observations, analysis, { seed: "42", declared: "before" });
  const declared = compared.tests.filter((test) => test.declared);
  const results = { compared, analysis };
  return { declared, results, tables: trendTables(new TableIds("x"), declared, results, ALL) };
}

function shownIn({ columns, rows }: Table): readonly string[] {
  return [
    columns.map(({ title }) => title),
    ...rows.map(({ cells }) => cells.map((cell, at) => formatCell(cell, columns[at]!.format))),
  ].map((row) => row.join(" | "));
}

// The figures come from emmeans (../../testing/compare_outcomes_reference.R).
Deno.test("trendTables() crosses two factors in one table, with the means over each", () => {
  const { tables, declared, results } = foundIn(CROSSED, ANALYSIS);
  assert.equal(tables.length, 1);
  const [{ table, tests }] = tables as [typeof tables[number]];
  assert.equal(table.title, "Change of toxicity per turn by moderator and model");
  assert.deepEqual(shownIn(table), [
    "Moderator | model: small | model: big | mean over model",
    "none | 0.040 (−0.381 to 0.461) | 0.040 (−0.381 to 0.461) | 0.040 (−0.257 to 0.337)",
    "gentle | 0.540 (0.119 to 0.961) | 0.380 (−0.041 to 0.801) | 0.460 (0.163 to 0.757)",
    "mean over moderator | 0.290 (−0.007 to 0.587) | 0.210 (−0.087 to 0.507) | 0.250 (0.040 to 0.460)",
  ]);
  assert.deepEqual(tests, declared);
  // The difference of differences is (0.38 − 0.04) − (0.54 − 0.04) = −0.16.
  assert.match(
    sentenceOf(declared.slice(-1), results, ALL),
    /^Model big: toxicity changed with gentle by 0\.38, with none by 0\.04 points per turn, a difference of 0\.34\. Model small: with gentle by 0\.54, with none by 0\.04, a difference of 0\.50\. With big, the difference is 0\.16 lower than with small \([^)]*\), which adds up to 0\.480 over 3 turns\.$/,
  );
});

Deno.test("trendTables() has tables only for interactions in which a test finds something", () => {
  const { declared, results } = foundIn(CROSSED, ANALYSIS);
  assert.deepEqual(trendTables(new TableIds("x"), declared, results, 0), []);
  const apart = foundIn(CROSSED, { ...ANALYSIS, effects: [["moderator", "turn"], ["model", "turn"]] });
  assert.deepEqual(apart.tables.map(({ table }) => table.id), ["x-trends-moderator", "x-trends-model"]);
  const least = apart.declared.toSorted((one, other) => one.adjusted! - other.adjusted!)[0]!;
  const shown = trendTables(new TableIds("x"), apart.declared, apart.results, least.adjusted! * 1.001);
  assert.deepEqual(shown.map(({ table, tests }) => [table.id, tests]), [["x-trends-moderator", [least]]]);
});

Deno.test("trendTables() has a row for each combination if the factors have many levels or are three", () => {
  const levels = (name: string, count: number) => Array.from({ length: count }, (_, at) => `${name}${at}`);
  const of = { seed: "1", replications: 2, comments: 4, matched: false };
  const many = observationsWith({
    ...of,
    scales: ["a", "b"],
    factors: { p: levels("p", 5), q: levels("q", 5) },
  });
  const analysis = { ...ANALYSIS, reference: {}, outcomes: ["a", "b"], effects: [["p", "q", "turn"]] };
  const { table } = foundIn(many, analysis).tables[0]!;
  assert.deepEqual(table.columns.map(({ title }) => title), ["Outcome", "P, q", "Change per turn"]);
  assert.equal(table.rows.length, 2 * (5 * 5 + 1));
  const three = observationsWith({
    ...of,
    scales: ["a"],
    factors: { p: levels("p", 3), q: levels("q", 2), r: levels("r", 3) },
  });
  const [crossed] =
    foundIn(three, { ...analysis, outcomes: ["a"], effects: [["p", "q", "r", "turn"]] }).tables;
  assert.deepEqual(crossed!.table.columns.map(({ title }) => title), ["P, r", "q: q0", "q: q1"]);
  assert.equal(crossed!.table.rows.length, 9);
  // The table has no trends of parts of the interaction, so their tests stay in the plot.
  const parts = [["p", "turn"], ["q", "turn"], ["p", "q", "r", "turn"]];
  const [whole] = foundIn(three, { ...analysis, outcomes: ["a"], effects: parts }).tables;
  assert.equal(whole!.tests.length, 4);
  assert.deepEqual([...new Set(whole!.tests.map(({ effect }) => effect.join()))], ["p,q,r,turn"]);
});

Deno.test("trendTables() has different columns for any names of levels", () => {
  const factors = { levels: ["levels", "outcome", "x", "x lower"], "": ["X", "x_lower"] };
  const of = { seed: "1", replications: 2, comments: 4, matched: false, scales: ["a"], factors };
  const analysis = { ...ANALYSIS, reference: {}, outcomes: ["a"], effects: [["levels", "", "turn"]] };
  const blocks = foundIn(observationsWith(of), analysis).tables.map(({ table }) => shown(table));
  assert.equal(blocks.length, 1);
  checkReport({ title: "", subtitle: "", sections: [{ id: "one", title: "", blocks }] });
});

Deno.test("allTrendsTable() has all trends of declared effects", () => {
  const { results } = foundIn(CROSSED, { ...ANALYSIS, effects: [["moderator", "turn"]] });
  const rows = shownIn(allTrendsTable("all", results)!).map((row) =>
    row.split(" | ").slice(0, 4).join(" | ")
  );
  assert.deepEqual(rows, [
    "Outcome | Levels | Change per turn | SE",
    "toxicity | all | 0.250 | 0.103",
    "toxicity | moderator gentle | 0.460 | 0.145",
    "toxicity | moderator none | 0.0400 | 0.145",
  ]);
  const without = foundIn(CROSSED, { ...ANALYSIS, effects: [["moderator"]] });
  assert.equal(allTrendsTable("all", without.results), null);
});
