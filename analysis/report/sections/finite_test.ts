/**
 * Checks with random observations that sections have only finite numbers or reasons, and that no table lacks a
 * cell.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { firstNotFinite } from "../../testing/mod.ts";
import type { Observation } from "../../outcomes/mod.ts";
import type { Scale } from "../../../core/annotation/scales/mod.ts";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../../core/experiment/analysis_design.ts";
import { checkReport } from "../check_report.ts";
import type { Section } from "../document.ts";
import { agreementSection, conductSection, discussionsTable, outcomesSection, valuesTable } from "./mod.ts";
import { type Annotated, observed, type Sketch, tablesOf } from "../testing/mod.ts";

const question = "?";
const SCALES: readonly Scale[] = [
  { name: "toxicity", type: "ordinal", min: 1, max: 3, question },
  { name: "a/b =ü", type: "interval", min: -1e100, max: 1e100, question },
  { name: "毒性", type: "interval", min: 0, max: 1, question },
  { name: "stance", type: "nominal", labels: ["for", "a/b =x", "x"], question },
  { name: "insult", type: "boolean", question },
];

function valuesOf(scale: Scale): fc.Arbitrary<number | string | boolean> {
  switch (scale.type) {
    case "ordinal":
      return fc.integer({ min: scale.min, max: scale.max });
    case "interval":
      return fc.oneof(fc.constantFrom(scale.min, scale.max, 0.5), fc.double({ min: 0, max: 1, noNaN: true }));
    case "nominal":
      return fc.constantFrom(...scale.labels);
    default:
      return fc.boolean();
  }
}

const ANNOTATED: fc.Arbitrary<Annotated> = fc.tuple(
  fc.constantFrom(...SCALES),
  fc.constantFrom("p1", "p 2/="),
)
  .chain(
    ([scale, pass]) =>
      fc.array(fc.array(fc.option(valuesOf(scale)), { maxLength: 4 }), { minLength: 1, maxLength: 3 })
        .map((annotators) => ({ pass: `${pass} ${scale.name}`, scale, annotators })),
  );
const TEXT = fc.option(fc.constantFrom("", "no", "buses are late", "Buses are late again <b>"), { freq: 2 });
const SKETCHES: fc.Arbitrary<Sketch[]> = fc.array(
  fc.record({
    run: fc.constantFrom("first", "second"),
    factors: fc.constantFrom<Record<string, string>>({}, { arm: "a" }, { arm: "b" }, {
      arm: "b",
      "a/b": "<i>",
    }),
    turns: fc.array(TEXT, { maxLength: 4 }),
    moderator: fc.option(fc.array(TEXT, { maxLength: 4 }), { nil: undefined }),
    role: fc.option(fc.constantFrom("troll"), { nil: undefined }),
    end: fc.constantFrom("completed", "completed", "completed", "aborted", "unfinished"),
    annotated: fc.uniqueArray(ANNOTATED, { maxLength: 3, selector: ({ pass }) => pass }),
  }).map((sketch): Sketch => ({ id: "", ...sketch })),
  { maxLength: 6 },
).map((sketches) => sketches.map((sketch, place) => ({ ...sketch, id: `d${place}` })));

const ANALYSES: fc.Arbitrary<AnalysisDesign> = fc.constantFrom(
  ANALYSIS_DEFAULT,
  {
    ...ANALYSIS_DEFAULT,
    outcomes: ["toxicity", "stance=x", "none such", "diversity"],
    effects: [["arm", "turn"]],
  },
  { ...ANALYSIS_DEFAULT, comments: "all", silences: "include", time: "position" },
);

function sectionsOf(observations: readonly Observation[], analysis: AnalysisDesign): Section[] {
  return [outcomesSection, conductSection, agreementSection].map((section) =>
    section(observations, analysis, {}, "42")
  );
}

Deno.test("sections about random discussions have finite numbers or reasons, and no table lacks a cell", async () => {
  await fc.assert(
    fc.asyncProperty(SKETCHES, ANALYSES, async (sketches, analysis) => {
      const observations = await Promise.all(sketches.map(observed));
      const sections = sectionsOf(observations, analysis);
      assert.equal(firstNotFinite(sections), undefined);
      const tables = [
        ...sections.flatMap(tablesOf),
        discussionsTable(observations, analysis),
        valuesTable(observations),
      ];
      assert.equal(firstNotFinite(tables), undefined);
      const beside = tables.slice(sections.flatMap(tablesOf).length);
      checkReport({ title: "", subtitle: "", sections }, beside);
      assert.equal(new Set(tables.map(({ id }) => id)).size, tables.length, "ids are unique");
      for (const { id, columns, rows } of tables) {
        assert.match(id, /^[a-z0-9]+(?:-[a-z0-9]+)*$/);
        assert.equal(new Set(columns.map(({ key }) => key)).size, columns.length, `keys of ${id}`);
        for (const { key } of columns) assert.match(key, /^[a-z0-9_]+$/);
        for (const { cells } of rows) {
          assert.equal(cells.length, columns.length, id);
          assert.ok(cells.every((cell) => cell !== undefined), id);
        }
      }
    }),
    { numRuns: 300 },
  );
});

Deno.test("sections without discussions say that there is nothing to describe", () => {
  for (const { id, blocks } of sectionsOf([], ANALYSIS_DEFAULT)) {
    assert.deepEqual(blocks.map((block) => block.kind === "callout" ? block.text : block.kind), [
      "There are no discussions, so there is nothing to describe.",
    ], id);
  }
});
