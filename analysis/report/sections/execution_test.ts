import assert from "node:assert/strict";
import type { DiscussionEvent } from "../../../core/events/mod.ts";
import { designWith, moderatorWith, passWith, turnTaken } from "../../../core/testing/mod.ts";
import { linesOf, runFactsOf } from "../testing/mod.ts";
import { executionSection } from "./execution.ts";

const opened = (condition: string): DiscussionEvent => ({
  type: "DiscussionOpened",
  data: designWith({ condition, factors: { moderator: condition } }),
});
const said = turnTaken({ turn: 0, comment: 0, participant: "Ann", text: "No." });
const aborted: DiscussionEvent = { type: "DiscussionAborted", data: { reason: "", turns: 1, comments: 1 } };
const completed: DiscussionEvent = {
  type: "DiscussionCompleted",
  data: { reason: "turns", turns: 1, comments: 1 },
};

const whole = (condition: string) => [opened(condition), said, completed];
const broken = (condition: string) => [opened(condition), said, aborted];

const calloutsOf = (...facts: Parameters<typeof runFactsOf>) =>
  linesOf(executionSection([runFactsOf(...facts)])).filter((line) => /^(flag|caution|note): /.test(line));

Deno.test("executionSection() has no call-outs for a run without problems", () => {
  assert.deepEqual(calloutsOf([whole("a"), whole("b")]), []);
});

Deno.test("executionSection() says whether discussions that were not completed are spread evenly", () => {
  const uneven = calloutsOf([...Array(9).fill(whole("a")), whole("b"), broken("b"), [opened("b"), said]]);
  assert.deepEqual(uneven, [
    "caution: Not completed: 2 discussions: 1 aborted, 1 unfinished. They are spread unevenly over conditions, from " +
    "0 of 9 (0.0 %) in a to 2 of 3 (66.7 %) in b, so conditions can differ because of what is missing.",
  ]);
  const even = calloutsOf([whole("a"), broken("a"), whole("b"), broken("b")]);
  assert.match(
    even[0]!,
    /Their share differs by less than 5 percentage points between conditions: from 1 of 2 \(50\.0 %\) in a to/,
  );
});

Deno.test("executionSection() names damaged logs first, and counts discussions that have not begun", () => {
  const callouts = calloutsOf([whole("a"), whole("a")], {
    damaged: { d1: 'Cannot read "d1": line 3 is damaged' },
    planned: { discussions: 5, conditions: 1, replications: 5 },
  });
  assert.match(callouts[0]!, /^flag: Damaged: 1 log: .*left out.*Cannot read "d1": line 3 is damaged\./);
  assert.match(
    callouts.at(-1)!,
    /^caution: Not begun: 3 discussions: Of 5 planned discussions, 2 have begun/,
  );
});

Deno.test("executionSection() counts a discussion as begun if its log cannot be read", () => {
  const callouts = calloutsOf([whole("a"), []], {
    damaged: { d1: 'Cannot read "d1": line 1 is damaged' },
    planned: { discussions: 5, conditions: 1, replications: 5 },
  });
  assert.match(callouts.at(-1)!, /Not begun: 3 discussions: Of 5 planned discussions, 2 have begun/);
});

Deno.test("executionSection() names manipulated speakers who never spoke", () => {
  const moderated: DiscussionEvent = {
    type: "DiscussionOpened",
    data: designWith({ condition: "mod", moderator: moderatorWith() }),
  };
  assert.deepEqual(calloutsOf([whole("none"), [moderated, said, completed], [moderated, said, completed]]), [
    "caution: Manipulated, but silent: In some completed discussions, these speakers made no comment, although the " +
    "experiment manipulates them. Mod, the moderator: 2 of 2 (100.0 %) in mod.",
  ]);
});

Deno.test("executionSection() gives the share of unparsed annotations by condition", () => {
  const start: DiscussionEvent = { type: "AnnotationPassStarted", data: passWith({ retries: 0 }) };
  const annotated: DiscussionEvent = {
    type: "CommentAnnotated",
    data: { pass: "p1", comment: 0, annotator: "Rita", values: { toxicity: 1 } },
  };
  const unparsed: DiscussionEvent = {
    type: "AnnotationUnparsed",
    data: {
      pass: "p1",
      comment: 0,
      annotator: "Sam",
      scales: ["toxicity"],
      raw: "?",
      problem: "",
      attempt: 1,
    },
  };
  const run = runFactsOf([[...whole("a"), start, annotated, annotated], [
    ...whole("b"),
    start,
    annotated,
    unparsed,
  ]]);
  const lines = linesOf(executionSection([run]));
  assert.ok(lines.includes("p1 | a | 1 | 0 | 2 | 0 | 0.0 %"), lines.join("\n"));
  assert.ok(lines.includes("p1 | b | 1 | 0 | 1 | 1 | 50.0 %"));
  assert.match(lines[0]!, /In pass p1: 1 of 4 questions\. They are spread unevenly .* \(50\.0 %\) in b/);
  assert.match(lines[1]!, /Pass p1 is complete for 0 of 2 completed discussions/);
});

Deno.test("executionSection() says that a server named another model for some replies", () => {
  const other = {
    ...said,
    data: { ...said.data, generation: { ...said.data.generation!, servedBy: "m-2" } },
  };
  assert.deepEqual(calloutsOf([[opened("a"), other, completed]]), []);
  assert.deepEqual(calloutsOf([[opened("a"), other, completed], whole("a"), whole("a")]), [
    "caution: Servers may have run more than one version of a model: test-model: 1 reply by m-2 and 2 for which the " +
    "server named no other model.",
  ]);
});

Deno.test("executionSection() gives the tables of several runs different ids", () => {
  const run = runFactsOf([whole("a")]);
  const { blocks } = executionSection([run, { ...run, run: "second" }]);
  const ids = blocks.flatMap((block) => block.kind === "table" ? [block.table.id] : []);
  assert.deepEqual(ids, ["endings-1", "requests-1", "endings-2", "requests-2"]);
});
