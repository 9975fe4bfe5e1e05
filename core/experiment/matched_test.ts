import assert from "node:assert/strict";
import { samplingSeed, speakerDraw } from "../discussion/decide.ts";
import type { OpenState } from "../discussion/state.ts";
import type { DiscussionDesign } from "../events/mod.ts";
import { experimentDocument, experimentFingerprint } from "./fingerprint.ts";
import { type DrawName, DRAWS } from "./matched.ts";
import { sharedDraws } from "./shared_draws.ts";
import { planDiscussions } from "./plan.ts";
import { parsed, problemsOf, SMALL } from "./testing.ts";

/** An experiment whose discussions make every draw, with two conditions. */
const RICH = `
name: rich
seed: 7
models: { m: { adapter: scripted }, n: { adapter: scripted } }
participants:
  model: [m, n]
  personas: [{ name: Ada }, { name: Ben }, { name: Cid }, { name: Dee }, { name: Eve }, { name: Fay }]
  count: 3
  roles: [{ name: troll, probability: 0.5, instructions: x }]
openings: [One., Two., Three.]
discussion: { turns: 3 }
moderators: { kind: { model: n, schedule: every-turn } }
design:
  factors: { moderator: [none, kind] }
  vary: { discussion.history: [1, 2, 3] }
  replications: 40
  matched: `;

/**
 * The result of each draw in a discussion. An opening's author is given as a seat: another draw decides who
 * sits there.
 */
const DECIDED: Readonly<Record<DrawName, (design: DiscussionDesign) => unknown>> = {
  personas: ({ participants }) => participants.map(({ name }) => name),
  models: ({ participants }) => participants.map(({ model }) => model),
  roles: ({ participants }) => participants.map(({ role }) => role?.name),
  openings: ({ openings, participants }) =>
    openings.map(({ author, text }) => [participants.findIndex(({ name }) => name === author), text]),
  vary: ({ varied }) => varied,
  speakers: (design) => [0, 1, 2].map((turn) => speakerDraw({ design, turn } as OpenState).below(1000)),
  sampling: (design) => [0, 1, 2].map((turn) => samplingSeed(design, "participant", turn)),
};

/** The draws that have equal results in the two conditions of every replicate. */
async function alike(matched: string): Promise<readonly DrawName[]> {
  const all = [...planDiscussions(await parsed(RICH + matched))];
  return DRAWS.filter((draw) =>
    all.every((design, at) => {
      const other = all[at - at % 2]!;
      return JSON.stringify(DECIDED[draw](design)) === JSON.stringify(DECIDED[draw](other));
    })
  );
}

Deno.test("matched conditions share all draws, and conditions that are not matched share none", async () => {
  assert.deepEqual(await alike("true"), DRAWS);
  assert.deepEqual(await alike("false"), []);
});

for (const draw of DRAWS) {
  Deno.test(`conditions can share only the draw of ${draw}, or all draws except it`, async () => {
    const others = DRAWS.filter((other) => other !== draw);
    assert.deepEqual(await alike(`[${draw}]`), [draw]);
    assert.deepEqual(await alike(`[${others}]`), others);
  });
}

Deno.test("conditions that share some draws have the seed of their replicate, so that they form pairs", async () => {
  const designs = [...planDiscussions(await parsed(`${RICH}[openings]`))].slice(0, 2);
  assert.deepEqual(designs.map(({ seed }) => seed), ["7/r1", "7/r1"]);
  const [none, kind] = designs.map(({ ownSeeds }) => ownSeeds);
  const own = '7/r1/[["moderator","none"]]';
  assert.deepEqual(none, { speakers: own, sampling: own });
  assert.notDeepEqual(kind, none);
});

Deno.test("a list of all draws, in any order, is the same experiment as `matched: true`", async () => {
  const [all, listed] = await Promise.all(
    ["true", `[${DRAWS.toReversed()}]`].map((text) => parsed(RICH + text)),
  );
  assert.deepEqual([...planDiscussions(listed!)], [...planDiscussions(all!)]);
  assert.ok([...planDiscussions(all!)].every((design) => !("ownSeeds" in design)));
  const [one, other] = [all, listed].map((found) => experimentFingerprint(experimentDocument(found!)));
  assert.equal(one, other);
});

Deno.test("sharedDraws() leaves out draws that no discussion makes", async () => {
  assert.deepEqual(sharedDraws(await parsed(SMALL)), ["personas", "speakers", "sampling"]);
  assert.deepEqual(sharedDraws(await parsed(`${RICH}[vary, roles]`)), ["roles", "vary"]);
  assert.deepEqual(sharedDraws(await parsed(`${RICH}false`)), []);
});

/** The problems of a value of `matched`, without their places. */
async function problemsIn(experiment: string, matched: string): Promise<readonly string[]> {
  const problems = await problemsOf(`${experiment}design: { matched: ${matched} }\n`);
  return problems.map((text) => text.replace(/^exp\.yaml:\d+:\d+: /, ""));
}

Deno.test("parseExperiment() names the wrong draws of a list", async () => {
  const draws = "personas, models, roles, openings, vary, speakers or sampling";
  assert.deepEqual(await problemsIn(SMALL, "[speakers, Personas, people, null]"), [
    `design.matched.1: expected ${draws}, found the text "Personas"; did you mean "personas"?`,
    `design.matched.2: expected ${draws}, found the text "people"`,
    `design.matched.3: expected ${draws}, found nothing`,
  ]);
  assert.deepEqual(await problemsIn(SMALL, "[]"), [
    "design.matched: expected at least one draw, or false to share none, found an empty list",
  ]);
  assert.deepEqual(await problemsIn(SMALL, "[personas, speakers, personas]"), [
    'design.matched.2: "personas" is listed twice',
  ]);
});

Deno.test("parseExperiment() refuses a wrong `matched`, and draws that no discussion makes", async () => {
  for (const wrong of ["maybe", "{ personas: true }", "7"]) {
    const [problem] = await problemsOf(RICH + wrong);
    assert.match(
      problem!,
      /^exp\.yaml:\d+:\d+: design\.matched.*expected true, false, or a list of personas, models, roles, openings, vary, speakers or sampling/,
    );
  }
  const problems = await problemsIn(SMALL, "[personas, roles, vary]");
  assert.deepEqual(problems, [
    'design.matched.1: no discussion draws "roles": leave it out',
    'design.matched.2: no discussion draws "vary": leave it out',
  ]);
});
