import assert from "node:assert/strict";
import fc from "fast-check";
import { anyText } from "../../../core/testing/any_text.ts";
import { compareOutcomes, type DeclaredWhen, type Observation, type RunLooks } from "../../outcomes/mod.ts";
import { CROSSED, observationsWith } from "../../outcomes/testing/mod.ts";
import { ANALYSIS_DEFAULT, type AnalysisDesign } from "../../../core/experiment/analysis_design.ts";
import { type Block, checkReport, formatCell, type Section } from "../mod.ts";
import { isUnavailable } from "../../statistics/mod.ts";
import { resultList } from "./effect_results.ts";
import { effectsSection } from "./mod.ts";
import { tablesOf } from "../testing/mod.ts";

const ANALYSIS: AnalysisDesign = {
  ...ANALYSIS_DEFAULT,
  reference: { moderator: "none", model: "small" },
  outcomes: ["toxicity", "diversity"],
  effects: [["moderator"], ["model"], ["moderator", "model"], ["moderator", "turn"]],
  test: "mixed-model",
};

function sectionOf(
  observations: readonly Observation[],
  analysis: AnalysisDesign,
  declared: DeclaredWhen = "before",
  looks: readonly RunLooks[] = [],
): Section {
  return effectsSection(compareOutcomes(observations, analysis, { seed: "42", declared, looks }), analysis);
}

/** The texts of a table's cells, row by row. */
function readOf(section: Section, id: string): string[][] {
  const table = tablesOf(section).find((one) => one.id === id)!;
  return table.rows.map(({ cells }) => cells.map((cell, i) => formatCell(cell, table.columns[i]!.format)));
}

function proseOf({ blocks }: Section): string {
  return blocks.flatMap((block: Block): readonly string[] =>
    block.kind === "heading"
      ? [block.title]
      : block.kind === "paragraph"
      ? [block.text]
      : block.kind === "callout"
      ? [block.title, block.text]
      : block.kind === "list"
      ? block.items
      : []
  ).join("\n");
}

// lme4 and lmerTest computed the expected figures, with analysis/testing/compare_outcomes_reference.R. The intervals follow
// from their estimates and standard errors, and quantiles of Student's t: 2.119905 (16 degrees of freedom), 2.001717 (58).

Deno.test("effectsSection() reports confirmatory results with intervals, p and adjusted p", () => {
  const section = sectionOf(CROSSED, ANALYSIS);
  const rows = readOf(section, "effects-confirmatory");
  assert.deepEqual(rows.slice(0, 4), [
    [
      "toxicity",
      "moderator: gentle − none",
      "4.35",
      "2.46 to 6.24",
      "< 0.001",
      "0.001",
      "mixed model",
      "20",
      "80",
    ],
    [
      "toxicity",
      "model: big − small",
      "0",
      "−1.89 to 1.89",
      "> 0.999",
      "1.000",
      "mixed model",
      "20",
      "80",
    ],
    [
      "toxicity",
      "(moderator: gentle − none) × (model: big − small)",
      "−0.800",
      "−4.58 to 2.98",
      "0.660",
      "1.000",
      "mixed model",
      "20",
      "80",
    ],
    [
      "toxicity",
      "(moderator: gentle − none) × turn",
      "0.420",
      "0.008 to 0.832",
      "0.046",
      "0.230",
      "mixed model",
      "20",
      "80",
    ],
  ]);
  assert.deepEqual(rows[6]!.slice(1, 6), [
    "(moderator: gentle − none) × (model: big − small)",
    "0.0600",
    "−0.375 to 0.495",
    "0.722",
    "1.000",
  ]);
  assert.ok(readOf(section, "effects-exploratory").some(([, comparison]) => comparison === "turn"));
  assert.ok(readOf(section, "effects-standardised").every((row) => row.at(-1) === "exploratory"));
  const prose = proseOf(section);
  assert.match(prose, /its 7 tests are confirmatory/);
  assert.match(prose, /Of 7 tests, 1 has an adjusted p below 0.05\./);
  assert.match(
    prose,
    /toxicity, \(moderator: gentle − none\) × turn: 0.420, 95 % interval 0.008 to 0.832; p = 0.046 \(adjusted 0.230\)\./,
  );
  assert.match(prose, /diversity, .* × .*: 0\.060, 95 % interval −0\.375 to 0\.495; p = 0\.722/);
});

Deno.test("effectsSection() has tables of every model, every comparison and the pairs", () => {
  const section = sectionOf(CROSSED, ANALYSIS);
  assert.deepEqual(tablesOf(section).map(({ id }) => id), [
    "effects-confirmatory",
    "effects-trends",
    "effects-toxicity-forest",
    "effects-toxicity-slopes-forest",
    "effects-diversity-forest",
    "effects-standardised",
    "effects-exploratory",
    "model-toxicity-main",
    "model-toxicity-main-linear",
    "model-toxicity-through-turns",
    "model-toxicity-through-turns-intercepts",
    "model-toxicity-explored-turns",
    "model-toxicity-fit",
    "model-diversity-main-linear",
    "checks",
    "multiverse-toxicity",
    "multiverse-toxicity-slopes",
    "robustness",
    "effect-sizes",
    "pairs",
  ]);
  const [, gentle] = readOf(section, "model-toxicity-main");
  assert.deepEqual(gentle, [
    "moderator[gentle]",
    "4.350",
    "0.892",
    "16.0",
    "4.88",
    "< 0.001",
    "2.460 to 6.240",
  ]);
  const fits = readOf(section, "model-toxicity-fit");
  // p of the slopes: twice the difference of lmer's log-likelihoods, on half χ²(1) and half χ²(2).
  assert.deepEqual(fits.map((row) => [row[0], row[2], row[5], row[7], row[8]]), [
    ["mixed model, effects of factors", "3.68", "", "0.76", "yes"],
    ["mixed model, through turns, random slopes", "3.71", "0.605", "0.78", "yes"],
    ["mixed model, through turns, no random slopes", "3.72", "", "0.78", "yes"],
    ["mixed model, through turns, with undeclared effects, random slopes", "3.71", "", "0.78", "yes"],
  ]);
  const [pairs] = readOf(section, "pairs");
  assert.deepEqual([...pairs!.slice(0, 6), pairs![9]], [
    "toxicity",
    "moderator: gentle − none",
    "5",
    "0",
    "4.35",
    "1.20 to 7.50",
    "0.019",
  ]);
});

const LOOK = { command: "report", outcomes: null, finished: 10, planned: 10, at: "2026-01-01T02:03:00.000Z" };
const GROWTH = { at: "2026-01-04T05:06:00.000Z", from: 10, to: 20, looksBefore: 1 };
const HISTORY = { looks: [LOOK], growths: [GROWTH], repairs: [] };

Deno.test("effectsSection() keeps declared effects apart if the sample changed after results were seen", () => {
  const looks = [{ run: "a", history: HISTORY, ended: 20, planned: 20 }];
  const section = sectionOf(CROSSED, ANALYSIS, "before", looks);
  const ids = tablesOf(section).map(({ id }) => id);
  assert.ok(ids.includes("effects-sample-changed"));
  assert.ok(!ids.includes("effects-confirmatory"));
  const [standing] = section.blocks;
  assert.ok(standing?.kind === "callout" && standing.tone === "caution");
  assert.equal(standing.title, "Declared, but the sample changed after results were seen");
  assert.match(
    standing.text,
    /7 tests were declared .* toxicity and diversity \(last seen by report on 2026-01-01 02:03 UTC, when 10 of 10 planned discussions had ended; the plan grew from 10 to 20 discussions on 2026-01-04 05:06 UTC\)\. .* these tests are not confirmatory\./,
  );
  const statuses = readOf(section, "effects-toxicity-forest").map((row) => row.at(-1));
  assert.ok(statuses.includes("declared, but the sample changed after results were seen"));
  assert.ok(!statuses.includes("confirmatory"));
});

Deno.test("effectsSection() shows the looks of a declared plan, repeated p and repeated intervals", () => {
  const looks = [{ run: "a", history: HISTORY, ended: 20, planned: 20 }];
  const section = sectionOf(CROSSED, { ...ANALYSIS, looks: [10, 20] }, "before", looks);
  assert.deepEqual(readOf(section, "effects-looks"), [
    ["toxicity and diversity", "10", "50.0 %", "yes", "0.00305"],
    ["toxicity and diversity", "20", "100.0 %", "yes", "0.04900"],
  ]);
  const { columns } = tablesOf(section).find(({ id }) => id === "effects-confirmatory")!;
  assert.deepEqual(columns.slice(3, 7).map(({ key, title }) => [key, title]), [
    ["interval", "95 % repeated interval"],
    ["p", "p"],
    ["p_repeated", "Repeated p"],
    ["p_adjusted", "Adjusted p"],
  ]);
  assert.match(
    proseOf(section),
    /gentle − none: 4\.35, 95 % repeated interval 2\.45 to 6\.25; p < 0\.001, repeated p < 0\.001 \(adjusted 0\.001\)\./,
  );
});

Deno.test("effectsSection() calls effects exploratory if they were not declared before the run", () => {
  const filledOf = (declared: DeclaredWhen) =>
    sectionOf(CROSSED, ANALYSIS, declared).blocks.flatMap((block) =>
      block.kind === "figure" && block.plot.kind === "forest"
        ? block.plot.effects.map(({ standing }) => standing === "confirmatory")
        : []
    );
  assert.ok(filledOf("before").includes(true));
  for (const declared of ["after", "none"] as const) {
    assert.ok(filledOf(declared).length > 0 && !filledOf(declared).includes(true));
    const section = sectionOf(CROSSED, ANALYSIS, declared);
    assert.ok(!tablesOf(section).some(({ id }) => id === "effects-confirmatory"));
    const [first] = section.blocks;
    assert.ok(first!.kind === "callout" && first!.tone === "caution");
    assert.match(first!.text, /exploratory/);
    assert.doesNotMatch(proseOf(section), /significant|proves/i);
  }
});

Deno.test("effectsSection() says why there is nothing to compare", () => {
  assert.match(proseOf(sectionOf([], ANALYSIS_DEFAULT)), /No discussion was completed/);
  const one = CROSSED.filter(({ condition }) => condition === "none-small");
  assert.match(proseOf(sectionOf(one, ANALYSIS_DEFAULT)), /all are of one condition/);
});

Deno.test("effectsSection() passes checkReport() with any names of outcomes and levels", () => {
  const name = fc.oneof(
    fc.constantFrom("a/b", "a b", "A=b", "<script>", "毒性", "turn", "__proto__", "a-b-2"),
    anyText({ minLength: 1 }),
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(name, { minLength: 1, maxLength: 3 }),
      name,
      name,
      name,
      (scales, factor, one, two) => {
        fc.pre(one !== two);
        const observations = observationsWith({
          seed: "names",
          factors: { [factor]: [one, two] },
          replications: 3,
          comments: 2,
          scales,
          matched: true,
        });
        const section = sectionOf(observations, { ...ANALYSIS_DEFAULT, outcomes: scales.slice(0, 1) });
        checkReport({ title: "", subtitle: "", sections: [section] });
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("effectsSection() passes checkReport() for any subset of the discussions", () => {
  const analysis = fc.record({
    outcomes: fc.subarray(["toxicity", "diversity", "gone"]),
    effects: fc.constantFrom(ANALYSIS.effects, [["gone"], ["model", "turn"]], null),
    test: fc.constantFrom<AnalysisDesign["test"]>("mixed-model", "paired", "permutation", null),
  });
  fc.assert(
    fc.property(fc.subarray([...CROSSED]), analysis, (observations, changes) => {
      const section = sectionOf(observations, { ...ANALYSIS, ...changes });
      checkReport({ title: "", subtitle: "", sections: [section] });
    }),
    { numRuns: 40 },
  );
});

Deno.test("resultList() writes a p near 1 as p > 0.999", () => {
  const compared = compareOutcomes(CROSSED, ANALYSIS, { seed: "42", declared: "before" });
  const tests = compared.tests.slice(0, 1).map((test) =>
    isUnavailable(test.figures) ? test : { ...test, figures: { ...test.figures, p: 0.9996 } }
  );
  const block = resultList(tests, { compared, analysis: ANALYSIS });
  assert.match(JSON.stringify(block), /; p > 0\.999 /);
});

Deno.test("the table of tests warns about measures that include moderators' comments", () => {
  const declared = { outcomes: ["diversity"], effects: [["moderator"]], comments: "all" } as const;
  const [table] = tablesOf(sectionOf(CROSSED, { ...ANALYSIS_DEFAULT, ...declared }));
  assert.match(table!.note, /Counted: comments of participants and moderators\. Values of diversity include/);
});
