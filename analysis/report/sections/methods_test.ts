import assert from "node:assert/strict";
import type { DiscussionEvent } from "../../../core/events/mod.ts";
import { ANALYSIS_DEFAULT } from "../../../core/experiment/analysis_design.ts";
import { designWith, moderatorWith, passWith, turnTaken } from "../../../core/testing/mod.ts";
import { CORRECTIONS, TESTS } from "../analysis_texts.ts";
import { analysisWith, linesOf, runFactsOf } from "../testing/mod.ts";
import { methodsSection } from "./methods.ts";

const opened: DiscussionEvent = { type: "DiscussionOpened", data: designWith() };
const said = turnTaken({ turn: 0, comment: 1, participant: "Ann", text: "No." });
const ended = (type: "DiscussionCompleted" | "DiscussionAborted"): DiscussionEvent =>
  type === "DiscussionCompleted"
    ? { type, data: { reason: "turns", turns: 1, comments: 2 } }
    : { type, data: { reason: "", turns: 1, comments: 2 } };

const RUN = runFactsOf([
  ...Array(8).fill([opened, said, ended("DiscussionCompleted")]),
  [opened, said, ended("DiscussionAborted")],
  [opened, said],
]);
const BH = CORRECTIONS["benjamini-hochberg"];

/** The value of a fact in the lines of a section. */
function factIn(lines: readonly string[], fact: string): string {
  const found = lines.find((line) => line.startsWith(`${fact} | `));
  assert.ok(found !== undefined, `no "${fact}" in:\n${lines.join("\n")}`);
  return found.slice(fact.length + 3);
}

function assertHas(lines: readonly string[], facts: Readonly<Record<string, string>>): void {
  for (const [fact, value] of Object.entries(facts)) assert.equal(factIn(lines, fact), value);
}

const OUTCOME = { declared: true, scale: null, count: 1, tested: true } as const;

Deno.test("methodsSection() describes scripted interventions, and which conditions have them", () => {
  const interventions = [{ after: 1, author: "Eve", text: "Stop." }];
  const run = runFactsOf(
    ["none", "scripted"].map((condition): DiscussionEvent[] => [{
      type: "DiscussionOpened",
      data: designWith({
        condition,
        factors: { script: condition },
        ...condition === "none" ? {} : { interventions },
      }),
    }]),
  );
  const lines = linesOf(methodsSection([run], analysisWith({})));
  assert.equal(
    lines[lines.findIndex((line) => line.startsWith("Scripted interventions"))],
    "Scripted interventions | [script: none] none\n[script: scripted] after turn 1, Eve: “Stop.”",
  );
  assert.ok(!linesOf(methodsSection([RUN], analysisWith({}))).some((line) => line.startsWith("Scripted")));
});

Deno.test("methodsSection() names the template sets of the prompts, and which conditions have them", () => {
  const { prompt } = designWith();
  const sets = {
    plain: prompt,
    talk: { ...prompt, layout: "dialogue" as const },
    german: { ...prompt, templates: { name: "deutsch", sha256: "ab12".repeat(16) } },
  };
  const run = runFactsOf(
    Object.entries(sets).map(([condition, prompt]): DiscussionEvent[] => [{
      type: "DiscussionOpened",
      data: designWith({ condition, factors: { words: condition }, prompt }),
    }]),
  );
  assert.match(
    linesOf(methodsSection([run], analysisWith({}))).join("\n"),
    new RegExp(
      "^Words of prompts \\| \\[words: plain\\] template set default\n\\[words: talk\\] template set dialogue\n" +
        "\\[words: german\\] template set deutsch \\(SHA-256 (ab12){16}\\)$",
      "m",
    ),
  );
  assertHas(linesOf(methodsSection([RUN], analysisWith({}))), { "Words of prompts": "template set default" });
});

Deno.test("methodsSection() names the template set of an annotation pass", () => {
  const templates = { name: "deutsch", sha256: "ab12".repeat(16) };
  const runs = [passWith(), passWith({ prompt: { version: 1, templates } })].map((data) =>
    runFactsOf([[
      { type: "DiscussionOpened", data: designWith() },
      { type: "AnnotationPassStarted", data },
    ]])
  );
  const [plain, german] = runs.map((run) => linesOf(methodsSection([run], analysisWith({}))).join("\n"));
  assert.match(plain!, /^words of prompts: template set default$/m);
  assert.match(german!, /^words of prompts: template set deutsch \(SHA-256 (ab12){16}\)$/m);
});

Deno.test("methodsSection() names the tests, the declaration and the missing values", () => {
  const lines = linesOf(methodsSection(
    [RUN],
    analysisWith({
      design: { ...ANALYSIS_DEFAULT, outcomes: ["toxicity"], correction: "benjamini-hochberg" },
      source: { from: "experiment", since: "2026-01-01T00:00:00.000Z" },
      family: 3,
      discussions: 8,
      resamples: [2000],
      outcomes: [
        { ...OUTCOME, name: "toxicity", unit: "comment", missing: 4, tests: ["mixed-model"] },
        { ...OUTCOME, name: "diversity", unit: "discussion", missing: 0, tests: ["permutation"] },
        { ...OUTCOME, name: "words", unit: "discussion", missing: 1, tests: ["permutation"] },
        { ...OUTCOME, name: "evenness", unit: "discussion", missing: 0, tests: ["paired"], tested: false },
      ],
    }),
  ));
  assertHas(lines, {
    "Discussions analysed": "8 of 10 discussions (left out: 1 aborted and 1 not finished)",
    "Comments that count": "comments of participants, without silent turns",
    "Tests": `toxicity: ${TESTS["mixed-model"]}\ndiversity and words: ${TESTS.permutation}`,
    "Could not be tested": "evenness",
    "Intervals of means":
      "95 %, of annotations from 2,000 bootstrap resamples of whole discussions and of figures of discussions by " +
      "Student's t",
    "Declaration and correction":
      `The p values of 3 tests that were declared before the run were corrected together by ${BH}; all other ` +
      `comparisons are exploratory, and their p values were corrected together by ${BH}`,
    "Comments without a value": "toxicity (4 comments)",
    "Discussions without a value": "words (1 discussion)",
  });
  for (
    const sentence of [
      "We analysed 8 of 10 discussions (left out: 1 aborted and 1 not finished). ",
      `We tested effects on toxicity by ${TESTS["mixed-model"]}. `,
      `The p values of 3 tests that were declared before the run were corrected together by ${BH}; `,
    ]
  ) assert.ok(lines[0]!.includes(sentence), `"${sentence}" is not in:\n${lines[0]}`);
});

Deno.test("methodsSection() does not list opening comments as comments that count", () => {
  const lines = linesOf(methodsSection(
    [RUN],
    analysisWith({
      design: { ...ANALYSIS_DEFAULT, comments: "all", silences: "include" },
      outcomes: [{ ...OUTCOME, name: "toxicity", unit: "comment", missing: 0, tests: [] }],
    }),
  ));
  assertHas(lines, {
    "Comments that count": "comments of participants and moderators, with annotations of silent turns",
  });
});

Deno.test("methodsSection() calls an analysis from a separate file exploratory", () => {
  const design = { ...ANALYSIS_DEFAULT, outcomes: ["words"] };
  const outcomes = [{
    ...OUTCOME,
    name: "words",
    unit: "discussion",
    missing: 0,
    tests: ["paired"],
  }] as const;
  const later = analysisWith({ design, outcomes, source: { from: "afterwards", file: "later.yaml" } });
  const said = (analysis: ReturnType<typeof analysisWith>) =>
    factIn(linesOf(methodsSection([RUN], analysis)), "Declaration and correction");
  assert.match(
    said(later),
    /^The analysis comes from a separate file, .*: all comparisons are exploratory,/,
  );
  assert.match(said(analysisWith({ outcomes })), /^No comparison was declared in advance/);
});

Deno.test("methodsSection() says if the number of personas to draw from is not known", () => {
  const lines = linesOf(methodsSection([RUN], analysisWith()));
  assertHas(lines, {
    "Participants": "3 participants in each discussion",
    "Personas": "3 personas filled 30 participant slots; the number of personas to draw from is not known",
    "Opening comments": "1 opening comment",
  });
});

Deno.test("methodsSection() says if no declared effect could be tested, or if nothing was compared", () => {
  const source = { from: "experiment", since: "2026-01-01T00:00:00.000Z" } as const;
  const design = { ...ANALYSIS_DEFAULT, outcomes: ["words"] };
  const outcome = { ...OUTCOME, name: "words", unit: "discussion", missing: 0 } as const;
  const said = (tests: readonly ["paired"] | readonly []) =>
    factIn(
      linesOf(methodsSection([RUN], analysisWith({ design, source, outcomes: [{ ...outcome, tests }] }))),
      "Declaration and correction",
    );
  assert.match(said(["paired"]), /^The experiment file declares outcomes, but no declared effect on them/);
  assert.equal(said([]), "Nothing was compared");
});

Deno.test("methodsSection() writes the level 0.58 as 58 %, without a rounding error", () => {
  const lines = linesOf(methodsSection(
    [RUN],
    analysisWith({
      design: { ...ANALYSIS_DEFAULT, level: 0.58 },
      outcomes: [{ ...OUTCOME, name: "words", unit: "discussion", missing: 0, tests: [] }],
    }),
  ));
  assert.match(factIn(lines, "Intervals of means"), /^58 %,/);
});

Deno.test("methodsSection() counts the discussions with a moderator if the moderator was drawn at random", () => {
  const moderator = moderatorWith();
  const drawn = runFactsOf([
    [opened, said],
    [opened, said],
    [{ type: "DiscussionOpened", data: designWith({ moderator }) }, said],
  ]);
  const lines = linesOf(methodsSection([drawn], analysisWith()));
  assert.match(factIn(lines, "Moderator"), /^\[1 of 3 discussions\] asked after every turn, /);
  assert.match(lines[0]!, / A moderator took part in 1 of them\./);
});

Deno.test("methodsSection() says that all discussions had the same participants if all were pinned", () => {
  const drawnFrom = { personas: [5], pinned: [3], openings: [1], roles: [], rolesDiffer: false };
  const personas = (from: typeof drawnFrom) =>
    factIn(linesOf(methodsSection([{ ...RUN, drawnFrom: from }], analysisWith())), "Personas");
  const found = "3 personas filled 30 participant slots";
  assert.equal(personas(drawnFrom), `${found}; the same participants in every discussion`);
  assert.equal(
    personas({ ...drawnFrom, pinned: [1] }),
    `${found}; drawn from 5 personas, plus 1 in every discussion`,
  );
});

Deno.test("methodsSection() does not describe discussions if none has begun", () => {
  const lines = linesOf(methodsSection([runFactsOf([])], analysisWith({ discussions: 0 })));
  assert.match(
    lines[0]!,
    /^We ran 0 discussions between simulated participants with SynDisco .*\. We analysed 0/,
  );
  assert.doesNotMatch(lines.join("\n"), /Participants|Turns|moderator/);
});

Deno.test("methodsSection() says which draws the conditions of a replicate share", () => {
  const fact = (matched: typeof RUN.matched) =>
    factIn(
      linesOf(methodsSection([{ ...RUN, matched }], analysisWith({}))),
      "Conditions of a replicate",
    );
  const all = "personas, participants' models, roles, openings, varied levels, speakers and sampling seeds";
  assert.equal(fact(true), `matched: they share the draws of ${all}`);
  assert.equal(fact(false), `independent: each has its own draws of ${all}`);
  assert.equal(
    fact(["personas", "openings", "sampling"]),
    "matched: they share the draws of personas, openings and sampling seeds; each has its own draws of participants' " +
      "models, roles, varied levels and speakers",
  );
});
