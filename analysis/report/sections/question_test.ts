import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT } from "../../../core/experiment/analysis_design.ts";
import { designWith } from "../../../core/testing/mod.ts";
import { analysisWith, linesOf, runFactsOf } from "../testing/mod.ts";
import { methodsSection } from "./methods.ts";
import { questionSection } from "./question.ts";

const opened = (condition: string) =>
  ({
    type: "DiscussionOpened",
    data: designWith({ condition, factors: { moderator: condition } }),
  }) as const;

const RUN = runFactsOf([[opened("gentle")], [opened("none")]], { levels: { moderator: ["none", "gentle"] } });

const DESIGN = {
  ...ANALYSIS_DEFAULT,
  question: "Do moderators <help>?",
  outcomes: ["toxicity"],
  effects: [["moderator"], ["moderator", "turn"]],
  reference: { moderator: "none" },
};
const OUTCOME = {
  name: "toxicity",
  declared: true,
  unit: "comment",
  scale: null,
  missing: 0,
  count: 10,
  tests: ["mixed-model"],
  tested: true,
} as const;

Deno.test("questionSection() says that comparisons are exploratory if nothing was declared", () => {
  const lines = linesOf(questionSection([RUN], analysisWith()));
  assert.deepEqual(lines, [
    "No question was declared. This report compares discussions of 2 conditions, which differ by moderator (none, gentle).",
    "note: Everything is exploratory: No analysis was declared before the run. The comparisons in this report can " +
    "suggest a question, but not answer it.",
  ]);
});

Deno.test("questionSection() lists the declared analysis, its date, and the correction of the declared tests", () => {
  const analysis = analysisWith({
    design: DESIGN,
    source: { from: "experiment", since: "2026-02-03T04:05:06.000Z" },
    outcomes: [OUTCOME],
    family: 2,
  });
  const lines = linesOf(questionSection([RUN], analysis));
  assert.equal(lines[0], "Do moderators <help>?");
  for (
    const line of [
      "Declared outcomes: toxicity",
      "Declared effects: moderator and moderator × turn",
      "Compared with: moderator: none",
      "Level: intervals at 95 %; a corrected p below 0.05 counts as significant",
      "Counted: comments of participants, silent turns left out",
    ]
  ) assert.ok(lines.includes(line), line);
  const unnamed = { ...DESIGN, reference: {}, correction: "none" } as const;
  const text = linesOf(questionSection([RUN], { ...analysis, design: unnamed })).join("\n");
  assert.match(text, /^Compared with: moderator: none$/m);
  assert.match(text, /^Family: 2 tests of declared effects on declared outcomes, not corrected$/m);
  assert.match(text, /; a p below 0\.05 counts as significant$/m);
  assert.match(lines.join("\n"), /^Family: 2 tests of declared effects .* by Holm's step-down method/m);
  assert.match(
    lines.at(-1)!,
    /^note: .* since 2026-02-03 04:05 UTC: they are confirmatory\. Every other/,
  );
});

Deno.test("questionSection() says which results were seen before the sample changed, and that the run is not complete", () => {
  const look = { command: "query", outcomes: null, finished: 2, planned: 2, at: "2026-02-04T00:00:00.000Z" };
  const growth = { at: "2026-02-05T00:00:00.000Z", from: 2, to: 6, looksBefore: 1 };
  const looks = {
    run: "pilot",
    history: { looks: [look], growths: [growth], repairs: [] },
    ended: 2,
    planned: 6,
  };
  const analysis = analysisWith({
    design: DESIGN,
    source: { from: "experiment", since: "2026-02-03T04:05:06.000Z" },
    outcomes: [OUTCOME],
    family: 2,
    sampleChanged: 2,
    looks: new Map([["toxicity", { seenBeforeChange: [{ run: "pilot", look, growth }], sequence: null }]]),
  });
  const lines = linesOf(questionSection([{ ...RUN, looks }], analysis));
  assert.match(
    lines.at(-2)!,
    /^caution: Declared, but the sample changed .*: toxicity \(last seen by query on 2026-02-04 00:00 UTC, when 2 of 2 planned .* from 2 to 6 .* No test in this report is confirmatory\.$/,
  );
  assert.equal(
    lines.at(-1),
    "caution: Not all planned discussions have ended: The run is not complete: 2 of 6 planned discussions have ended.",
  );
  const methods = linesOf(methodsSection([{ ...RUN, looks }], analysis)).join("\n");
  assert.match(methods, /tests of these outcomes are not confirmatory: toxicity \(last seen by query/);
});

Deno.test("questionSection() and methodsSection() name planned looks, looks that happened, and deviations", () => {
  const sequence = {
    declared: [25, 50, 100],
    ended: [50, 63],
    maximum: 100,
    fractions: [0.5, 0.63],
    nominal: 0.01,
  };
  const analysis = analysisWith({
    design: { ...DESIGN, looks: [25, 50, 100] },
    source: { from: "experiment", since: "2026-02-03T04:05:06.000Z" },
    outcomes: [OUTCOME],
    family: 2,
    looks: new Map([["toxicity", { seenBeforeChange: [], sequence }]]),
  });
  const text = linesOf(questionSection([RUN], analysis)).join("\n");
  assert.match(
    text,
    /^Looks: planned when 25, 50 and 100 discussions have ended; the last number is the most/m,
  );
  const happened =
    "results seen when 50 and 63 of at most 100 discussions had ended; planned were looks at 25, 50 and 100 " +
    "(63 was not planned; there was no look at 25)";
  assert.ok(text.includes(`Looks that happened: toxicity: ${happened}`), text);
  const methods = linesOf(methodsSection([RUN], analysis)).join("\n");
  assert.ok(
    methods.includes(`Tests of toxicity allow for several looks (${happened}), by alpha spending`),
    methods,
  );
});

Deno.test("questionSection() says that the logs cannot show when a separate analysis file was written", () => {
  const analysis = analysisWith({
    design: DESIGN,
    source: { from: "afterwards", file: "later.yaml" },
    outcomes: [OUTCOME],
  });
  const lines = linesOf(questionSection([RUN], analysis));
  assert.match(
    lines.at(-1)!,
    /^caution: .*"later\.yaml".* cannot show whether it was written before the data were seen/,
  );
  assert.doesNotMatch(lines.at(-1)!, /before the run began/);
  const declaring = linesOf(questionSection([{ ...RUN, analysis: DESIGN }], analysis));
  assert.match(declaring.at(-1)!, /An analysis was declared before the run began: .* without this file/);
  // No test is confirmatory, so there is no family.
  assert.ok(lines.includes("Family: none: no test is confirmatory"));
});

Deno.test("questionSection() announces a comparison of several runs of one condition, but not of one run", () => {
  const one = runFactsOf([[opened("none")]]);
  assert.match(
    linesOf(questionSection([one], analysisWith()))[0]!,
    /are of one condition: the report describes them and compares nothing\.$/,
  );
  const lines = linesOf(questionSection([one, { ...one, run: "second" }], analysisWith()));
  assert.match(
    lines[0]!,
    /The discussions of 2 runs \(pilot and second\) are of one condition: the report compares the runs\.$/,
  );
});

Deno.test("questionSection() calls nothing confirmatory if the declared outcomes have no effect to test", () => {
  const analysis = analysisWith({
    design: { ...DESIGN, effects: null, level: 0.58 },
    source: { from: "experiment", since: "2026-02-03T04:05:06.000Z" },
    outcomes: [{ ...OUTCOME, tests: [] }],
  });
  const lines = linesOf(questionSection([runFactsOf([[opened("none")]])], analysis));
  assert.match(lines.at(-1)!, /^note: Nothing is confirmatory: .* since 2026-02-03 04:05 UTC/);
  assert.doesNotMatch(lines.at(-1)!, /they are confirmatory/);
  assert.ok(lines.some((line) => line.startsWith("Level: intervals at 58 %; ")), lines.join("\n"));
});

Deno.test("questionSection() and methodsSection() say that the sample changed, even if no effect is tested", () => {
  const look = { command: "report", outcomes: null, finished: 2, planned: 2, at: "2026-02-04T00:00:00.000Z" };
  const growth = { at: "2026-02-05T00:00:00.000Z", from: 2, to: 3, looksBefore: 1 };
  const analysis = analysisWith({
    design: { ...DESIGN, effects: null },
    source: { from: "experiment", since: "2026-02-03T04:05:06.000Z" },
    outcomes: [{ ...OUTCOME, tests: [] }],
    looks: new Map([["toxicity", { seenBeforeChange: [{ run: "pilot", look, growth }], sequence: null }]]),
  });
  const run = runFactsOf([[opened("none")]]);
  const seen =
    "toxicity (last seen by report on 2026-02-04 00:00 UTC, when 2 of 2 planned discussions had ended; " +
    "the plan grew from 2 to 3 discussions on 2026-02-05 00:00 UTC)";
  const status = linesOf(questionSection([run], analysis)).at(-1)!;
  assert.match(
    status,
    /^caution: Declared, but the sample changed after results were seen: .* no effect to test/,
  );
  assert.ok(status.includes(`Results were seen before the sample changed: ${seen}.`), status);
  const methods = linesOf(methodsSection([run], analysis)).join("\n");
  assert.ok(
    methods.includes(
      `Nothing was compared. The sample changed after results of declared outcomes were seen: ${seen}`,
    ),
    methods,
  );
});
