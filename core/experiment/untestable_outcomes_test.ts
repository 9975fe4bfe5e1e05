import assert from "node:assert/strict";
import { COMPARED, problemsOf, SMALL } from "./testing.ts";

/** The problems of an experiment, without the place in the file. */
async function refusals(text: string): Promise<readonly string[]> {
  return (await problemsOf(text)).map((problem) => problem.slice(problem.indexOf("analysis")));
}

const ALONE =
  'and "moderator" has only one level with a moderator: leave out this outcome, or declare effects without "moderator"';

Deno.test("parseExperiment() refuses outcomes that only discussions at one level can have", async () => {
  assert.deepEqual(
    await refusals(`${COMPARED}analysis: { outcomes: [toxicity, intervention-rate], comments: moderators }`),
    [
      `analysis.outcomes.0: only moderators have values of "toxicity", ${ALONE}`,
      `analysis.outcomes.1: only moderators have values of "intervention-rate", ${ALONE}`,
    ],
  );
  assert.deepEqual(
    await refusals(
      `${COMPARED}analysis: { reference: { moderator: gentle }, outcomes: [intervention-rate] }`,
    ),
    [`analysis.outcomes.0: only moderators have values of "intervention-rate", ${ALONE}`],
  );
  const others = "effects: [models.talker.temperature], outcomes: [intervention-rate]";
  assert.deepEqual(await refusals(`${COMPARED}analysis: { ${others} }`), []);
});

Deno.test("parseExperiment() refuses an outcome that no discussion at the reference can have", async () => {
  const three = COMPARED.replace("design:\n", "  strict: { model: talker, schedule: every-turn }\ndesign:\n")
    .replace("[none, gentle]", "[none, gentle, strict]");
  const outcomes = "outcomes: [intervention-rate]";
  assert.deepEqual(await refusals(`${three}analysis: { ${outcomes} }`), [
    'analysis.outcomes.0: only moderators have values of "intervention-rate", and discussions at the reference "none" of "moderator" have no moderator: choose another reference, or leave out this outcome',
  ]);
  assert.deepEqual(
    await refusals(`${three}analysis: { reference: { moderator: strict }, ${outcomes} }`),
    [],
  );
});

Deno.test("parseExperiment() refuses outcomes of moderators if no discussion has a moderator", async () => {
  const why = "no discussion has a moderator: leave out this outcome, or add a moderator";
  const factor = "design: { factors: { discussion.turns: [4, 8] } }\n";
  const withNone = "design: { factors: { moderator: [none] } }\n";
  for (const design of ["", factor, withNone]) {
    assert.deepEqual(
      await refusals(`${SMALL}${design}analysis: { outcomes: [words, intervention-rate] }`),
      [`analysis.outcomes.1: only moderators have values of "intervention-rate", and ${why}`],
    );
  }
  assert.deepEqual(
    await refusals(`${SMALL}${factor}analysis: { outcomes: [words], comments: moderators }`),
    [`analysis.outcomes.0: only moderators have values of "words", and ${why}`],
  );
  // Without effects of the moderator, other levels of moderated discussions can be compared.
  const others = "effects: [models.talker.temperature], outcomes: [intervention-rate]";
  const gentle = COMPARED.replace("    moderator: [none, gentle]\n", "").replace(
    "design:\n",
    "moderator: gentle\ndesign:\n",
  );
  assert.deepEqual(await refusals(`${gentle}analysis: { ${others} }`), []);
});

Deno.test("parseExperiment() refuses outcomes that count only comments which the pass does not annotate", async () => {
  const targets = (of: string) => COMPARED.replace("annotation:\n", `annotation:\n  targets: ${of}\n`);
  const change = 'change "comments" here, or "targets" in the section "annotation"';
  assert.deepEqual(
    await refusals(`${targets("moderators")}analysis: { outcomes: [words, toxicity, stance=for] }`),
    ["toxicity", "stance=for"].map((name, at) =>
      `analysis.outcomes.${
        at + 1
      }: "${name}" counts only comments of participants, but the pass annotates only ` +
      `comments of moderators: ${change}`
    ),
  );
  const moderators = "outcomes: [toxicity], effects: [models.talker.temperature], comments: moderators";
  assert.deepEqual(await refusals(`${targets("{ of: participants }")}analysis: { ${moderators} }`), [
    'analysis.outcomes.0: "toxicity" counts only comments of moderators, but the pass annotates only comments of ' +
    `participants: ${change}`,
  ]);
  const everyone = "outcomes: [toxicity], comments: all";
  for (const section of [moderators, everyone]) {
    assert.deepEqual(await refusals(`${targets("moderators")}analysis: { ${section} }`), []);
  }
  assert.deepEqual(await refusals(`${targets("all")}analysis: { outcomes: [toxicity] }`), []);
});
