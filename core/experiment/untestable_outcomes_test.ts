import assert from "node:assert/strict";
import { COMPARED, problemsOf } from "./testing.ts";

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
