import assert from "node:assert/strict";
import type { DiscussionEvent } from "../../../core/events/mod.ts";
import { ANALYSIS_DEFAULT } from "../../../core/experiment/analysis_design.ts";
import { designWith, moderatorWith, turnTaken } from "../../../core/testing/mod.ts";
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
const OUTCOME = { declared: true, scale: null, count: 1, tested: true } as const;

Deno.test("methodsSection() says what was tested how, what was declared, and what is missing", () => {
  const [, analysed] = linesOf(methodsSection(
    [RUN],
    analysisWith({
      design: { ...ANALYSIS_DEFAULT, outcomes: ["toxicity"], correction: "benjamini-hochberg" },
      source: { from: "experiment", since: "2026-01-01T00:00:00.000Z" },
      family: 3,
      discussions: 8,
      resamples: 2000,
      outcomes: [
        { ...OUTCOME, name: "toxicity", unit: "comment", missing: 4, tests: ["mixed-model"] },
        { ...OUTCOME, name: "diversity", unit: "discussion", missing: 0, tests: ["permutation"] },
        { ...OUTCOME, name: "words", unit: "discussion", missing: 1, tests: ["permutation"] },
        { ...OUTCOME, name: "evenness", unit: "discussion", missing: 0, tests: ["paired"], tested: false },
      ],
    }),
  ));
  for (
    const sentence of [
      "Of 10 discussions, 8 were analysed; 1 was aborted and 1 was not finished. ",
      "Figures of judgements are of comments of participants, without silent turns. ",
      "Effects on toxicity were tested by a linear mixed model with a random intercept for each discussion, ",
      "Effects on diversity and words were tested by permutation of discussions between conditions. " +
      "Effects on evenness could not be tested. ",
      "Intervals of means are at 95 %, of judgements from 2,000 bootstrap resamples of whole discussions and of figures of " +
      "discussions by Student's t. ",
      "The analysis was declared in the experiment file; p values of the 3 declared tests were corrected together by the " +
      "method of Benjamini and Hochberg, ",
      "All other comparisons are exploratory; their p values were corrected together by the method of Benjamini and " +
      "Hochberg, which bounds the false discovery rate. Values are missing of toxicity (4 comments). Discussions that have " +
      "nothing to compute a figure from lack it: words (1 discussion). ",
    ]
  ) assert.ok(analysed!.includes(sentence), `"${sentence}" is not in:\n${analysed}`);
});

Deno.test("methodsSection() never counts opening comments, as no analysis does", () => {
  const [, analysed] = linesOf(methodsSection(
    [RUN],
    analysisWith({
      design: { ...ANALYSIS_DEFAULT, comments: "all", silences: "include" },
      outcomes: [{ ...OUTCOME, name: "toxicity", unit: "comment", missing: 0, tests: [] }],
    }),
  ));
  assert.match(
    analysed!,
    /Figures of judgements are of comments of participants and moderators, with judgements of silent turns\./,
  );
});

Deno.test("methodsSection() does not take an analysis that was given afterwards for declared before", () => {
  const design = { ...ANALYSIS_DEFAULT, outcomes: ["words"] };
  const outcomes = [{
    ...OUTCOME,
    name: "words",
    unit: "discussion",
    missing: 0,
    tests: ["paired"],
  }] as const;
  const later = analysisWith({ design, outcomes, source: { from: "afterwards", file: "later.yaml" } });
  assert.match(
    linesOf(methodsSection([RUN], later)).at(-1)!,
    /given in a file apart from the experiment, at a time that the logs do not show: all comparisons are exploratory;/,
  );
  assert.match(
    linesOf(methodsSection([RUN], analysisWith({ outcomes }))).at(-1)!,
    /No comparison was declared in advance/,
  );
});

Deno.test("methodsSection() does not say what there was to draw from where that is not known", () => {
  const [held] = linesOf(methodsSection([RUN], analysisWith()));
  assert.match(held!, /Each discussion had 3 participants\. A discussion began with 1 opening comment\./);
  assert.doesNotMatch(held!, /personas\./);
});

Deno.test("methodsSection() tells declared outcomes without a test from none, and says where nothing is compared", () => {
  const source = { from: "experiment", since: "2026-01-01T00:00:00.000Z" } as const;
  const design = { ...ANALYSIS_DEFAULT, outcomes: ["words"] };
  const outcome = { ...OUTCOME, name: "words", unit: "discussion", missing: 0 } as const;
  const said = (tests: readonly ["paired"] | readonly []) =>
    linesOf(methodsSection([RUN], analysisWith({ design, source, outcomes: [{ ...outcome, tests }] }))).at(
      -1,
    )!;
  assert.match(
    said(["paired"]),
    /Outcomes were declared in the experiment file, but no test is of a declared effect/,
  );
  assert.doesNotMatch(said(["paired"]), /No comparison was declared/);
  assert.match(said([]), /Nothing was compared\./);
  assert.doesNotMatch(said([]), /p values|exploratory/);
});

Deno.test("methodsSection() writes a level that no binary fraction equals as it was declared", () => {
  const analysed = linesOf(methodsSection(
    [RUN],
    analysisWith({
      design: { ...ANALYSIS_DEFAULT, level: 0.58 },
      outcomes: [{ ...OUTCOME, name: "words", unit: "discussion", missing: 0, tests: [] }],
    }),
  )).at(-1)!;
  assert.match(analysed, /Intervals of means are at 58 %,/);
});

Deno.test("methodsSection() says in how many discussions a moderator was who was drawn, not that there always was one", () => {
  const moderator = moderatorWith();
  const drawn = runFactsOf([
    [opened, said],
    [opened, said],
    [{ type: "DiscussionOpened", data: designWith({ moderator }) }, said],
  ]);
  const [held] = linesOf(methodsSection([drawn], analysisWith()));
  assert.match(held!, /In 1 of 3 discussions, a moderator was asked after every turn, /);
  assert.doesNotMatch(held!, /A moderator was asked/);
});

Deno.test("methodsSection() has nobody drawn where all who took part were pinned", () => {
  const drawnFrom = { personas: [5], pinned: [3], openings: [1], roles: [], rolesDiffer: false };
  const [held] = linesOf(methodsSection([{ ...RUN, drawnFrom }], analysisWith()));
  assert.match(held!, /Each discussion had 3 participants, who took part in every discussion\./);
  const [some] = linesOf(
    methodsSection([{ ...RUN, drawnFrom: { ...drawnFrom, pinned: [1] } }], analysisWith()),
  );
  assert.match(
    some!,
    /; 1 of them took part in every discussion, and the others were drawn from 5 personas\./,
  );
});

Deno.test("methodsSection() says nothing of how discussions were held where none was begun", () => {
  const [held, analysed] = linesOf(methodsSection([runFactsOf([])], analysisWith({ discussions: 0 })));
  assert.match(analysed!, /^There was no discussion to analyse\./);
  assert.match(held!, /^0 discussions were held by simulated participants with SynDisco .*\.$/);
  assert.doesNotMatch(held!, /Participants had|Prompts showed|moderator/);
});
