import assert from "node:assert/strict";
import fc from "fast-check";
import type { DiscussionDesign } from "../events/discussion_design.ts";
import { type Plan, planDiscussions } from "./plan.ts";
import { parsed, problemsOf, SMALL } from "./testing.ts";

const NAMES = ["Ada", "Ben", "Cid", "Dee", "Eve", "Fay"];

type Parts = Readonly<{ participants?: string; rest?: string; design?: string; seed?: string }>;

async function planned({ participants = "", rest = "", design = "", seed = "7" }: Parts = {}): Promise<Plan> {
  return planDiscussions(
    await parsed(`
name: planned
seed: ${seed}
models: { m: { adapter: scripted }, n: { adapter: scripted, temperature: 0.5 } }
participants:
  personas: [${NAMES.map((name) => `{ name: ${name} }`)}]
  ${participants.includes("model:") ? participants : `model: m\n  ${participants}`}
discussion: { turns: 3 }
moderators: { kind: { model: n, schedule: every-turn } }
${rest}
design: { ${design} }
`),
  );
}

const names = ({ participants }: DiscussionDesign) => participants.map(({ name }) => name);
const roles = ({ participants }: DiscussionDesign) => participants.map(({ role }) => role?.name);

/**
 * Asserts that a count is in a range. A correct count is below `low` with a probability of one in a million,
 * and above `high` as well (exact binomial sums).
 */
function assertWithin(count: number, [low, high]: readonly [number, number]): void {
  assert.ok(low <= count && count <= high, `${count} is not from ${low} to ${high}`);
}

Deno.test("planDiscussions() plans all conditions of a replicate before the next", async () => {
  const plan = await planned({ design: "factors: { moderator: [none, kind] }, replications: 3" });
  assert.equal(plan.size, 6);
  assert.deepEqual([...plan].map(({ condition, replicate }) => `${condition} ${replicate}`), [
    "none 1",
    "kind 1",
    "none 2",
    "kind 2",
    "none 3",
    "kind 3",
  ]);
  assert.match(plan.at(3).id, /^kind\.r0002\.[0-9a-f]{8}$/);
});

Deno.test("planDiscussions() gives each discussion a complete design, with only the models that it uses", async () => {
  const design = (await planned({ participants: "count: 1", rest: "moderator: kind" })).at(0);
  const model = { adapter: "scripted", sampling: {}, options: {} };
  assert.deepEqual(design.models, { m: model, n: { ...model, sampling: { temperature: 0.5 } } });
  assert.deepEqual(Object.keys((await planned()).at(0).models), ["m"]);
  assert.equal(design.experiment, "planned");
  assert.equal(design.condition, "base");
  assert.deepEqual([design.factors, design.varied, design.openings], [{}, {}, []]);
  assert.deepEqual(JSON.parse(JSON.stringify(design)), design);
});

Deno.test("planDiscussions() gives unique ids, and the same discussions in any order of calls", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        seed: fc.integer(),
        counts: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1 }),
        replications: fc.integer({ min: 1, max: 12 }),
        matched: fc.boolean(),
      }),
      async ({ seed, counts, replications, matched }) => {
        const design = `factors: { participants.count: [${counts}] }, replications: ${replications}, ` +
          `matched: ${matched}, vary: { discussion.history: [1, 2, all] }`;
        const plan = await planned({ seed: String(seed), design });
        const all = [...plan];
        assert.equal(all.length, counts.length * replications);
        assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
        const again = [...all.keys()].reverse().map((index) => plan.at(index)).reverse();
        assert.deepEqual(again, all);
      },
    ),
    { numRuns: 40 },
  );
});

Deno.test("planDiscussions() plans each of 20 million discussions on request, and refuses other indices", async () => {
  const plan = await planned({ design: "factors: { moderator: [none, kind] }, replications: 10000000" });
  assert.equal(plan.size, 20_000_000);
  assert.match(plan.at(19_999_999).id, /^kind\.r10000000\./);
  for (const index of [-1, 20_000_000, 0.5, NaN]) assert.throws(() => plan.at(index), RangeError);
});

const RICH = {
  participants: "count: 3\n  roles: [{ name: troll, probability: 0.3, instructions: x }]",
  rest: "openings: [One, [Two, Three], { author: Zoe, text: Four }]",
};

Deno.test("planDiscussions() shares all draws among the matched conditions of a replicate", async () => {
  const design =
    "factors: { moderator: [none, kind] }, vary: { discussion.history: [1, 2, 3] }, replications: 50";
  const all = [...await planned({ ...RICH, design })];
  for (let index = 0; index < all.length; index += 2) {
    const { id: _, condition: __, factors: ___, moderator, models: ____, ...none } = all[index]!;
    const { id: _5, condition: _6, factors: _7, moderator: kind, models: _8, ...shared } = all[index + 1]!;
    assert.deepEqual(shared, none);
    assert.equal(moderator, null);
    assert.equal(kind?.name, "Moderator");
  }
  assert.ok(new Set(all.map((discussion) => names(discussion).join())).size > 10);
});

Deno.test("planDiscussions() draws separately for each condition if conditions are not matched", async () => {
  const design = "factors: { moderator: [none, kind] }, replications: 50, matched: false";
  const all = [...await planned({ ...RICH, design })];
  assert.equal(new Set(all.map(({ seed }) => seed)).size, 100);
  const same = all.filter((discussion, index) =>
    index % 2 === 0 && names(discussion).join() === names(all[index + 1]!).join()
  );
  // By chance, one in 6 · 5 · 4 = 120 pairs is equal. The probability that more than 6 of 50 pairs are equal
  // is below one in a million.
  assert.ok(same.length <= 6);
});

Deno.test("planDiscussions() keeps the participants of a smaller discussion and adds others for a larger one", async () => {
  const design = "factors: { participants.count: [2, 5] }, replications: 100";
  const participants =
    "model: [m, n]\n  pinned: [Eve]\n  roles: [{ name: troll, probability: 0.3, instructions: x }]";
  const all = [...await planned({ participants, design })];
  for (let index = 0; index < all.length; index += 2) {
    assert.deepEqual(all[index + 1]!.participants.slice(0, 2), all[index]!.participants);
  }
});

Deno.test("planDiscussions() keeps other draws when a factor, a role, an opening or a model is added", async () => {
  const before = [...await planned({ ...RICH, design: "replications: 30" })];
  const factor = [
    ...await planned({ ...RICH, design: "factors: { moderator: [none, kind] }, replications: 30" }),
  ];
  assert.deepEqual(
    factor.filter(({ condition }) => condition === "none").map((
      { participants, openings },
    ) => [participants, openings]),
    before.map(({ participants, openings }) => [participants, openings]),
  );
  const role = [
    ...await planned({
      ...RICH,
      participants: RICH.participants.replace(
        "}]",
        "}, { name: expert, probability: 0.5, instructions: y }]",
      ),
      design: "replications: 30",
    }),
  ];
  assert.deepEqual(role.map(({ openings }) => openings), before.map(({ openings }) => openings));
  assert.deepEqual(
    role.map((discussion) => roles(discussion).map((name) => name === "expert" ? undefined : name)),
    before.map(roles),
  );
  const openings = [...await planned({ ...RICH, rest: "openings: [Other]", design: "replications: 30" })];
  assert.deepEqual(
    openings.map(({ participants }) => participants),
    before.map(({ participants }) => participants),
  );
  const models = [
    ...await planned({
      ...RICH,
      participants: `model: [m, n]\n  ${RICH.participants}`,
      design: "replications: 30",
    }),
  ];
  assert.deepEqual(models.map(names), before.map(names));
  assert.deepEqual(models.map(roles), before.map(roles));
});

Deno.test("planDiscussions() keeps ids and draws when replications and levels are added", async () => {
  const factors = (counts: string, replications: number) => ({
    ...RICH,
    design: `factors: { moderator: [${counts}] }, replications: ${replications}, matched: false`,
  });
  const few = [...await planned(factors("kind", 5))];
  const many = [...await planned(factors("none, kind", 9))];
  const kept = many.filter(({ condition, replicate }) => condition === "kind" && replicate <= 5);
  assert.deepEqual(kept, few);
});

Deno.test("planDiscussions() gives each role with its probability", async () => {
  const participants = "count: 5\n  roles: [{ name: troll, probability: 0.3, instructions: x }, " +
    "{ name: expert, probability: 0.5, instructions: y }]";
  const given = [...await planned({ participants, design: "replications: 200" })].flatMap(roles);
  assert.equal(given.length, 1000);
  assertWithin(given.filter((name) => name === "troll").length, [231, 372]);
  // Only participants who are not trolls can be experts: 0.7 · 0.5.
  assertWithin(given.filter((name) => name === "expert").length, [278, 425]);
});

Deno.test("planDiscussions() gives a role with a count to exactly this number of participants", async () => {
  const participants =
    "roles: [{ name: a, count: 2, instructions: x }, { name: b, count: 1, instructions: y }]";
  const all = [...await planned({ participants, design: "replications: 1000" })];
  for (const discussion of all) {
    assert.deepEqual(roles(discussion).filter((name) => name !== undefined).sort(), ["a", "a", "b"]);
  }
  // Each of the six seats has the role "a" with probability 2 / 6, so 333 of 1000 times are expected.
  for (let place = 0; place < 6; place++) {
    assertWithin(all.filter((discussion) => roles(discussion)[place] === "a").length, [262, 407]);
  }
});

Deno.test("planDiscussions() leaves enough participants for the roles with a count", async () => {
  const participants = "count: 3\n  roles: [{ name: troll, probability: 1, instructions: x }, " +
    "{ name: expert, count: 1, instructions: y }]";
  for (const discussion of await planned({ participants, design: "replications: 20" })) {
    assert.deepEqual(roles(discussion).toSorted(), ["expert", "troll", "troll"]);
  }
});

Deno.test("planDiscussions() gives pinned personas the first seats, and samples the others", async () => {
  const all = [
    ...await planned({ participants: "count: 3\n  pinned: [Dee, Ada]", design: "replications: 1000" }),
  ];
  for (const discussion of all) assert.deepEqual(names(discussion).slice(0, 2), ["Dee", "Ada"]);
  for (const name of ["Ben", "Cid", "Eve", "Fay"]) {
    assertWithin(all.filter((discussion) => names(discussion)[2] === name).length, [185, 319]);
  }
});

Deno.test("planDiscussions() gives opening comments to different participants if there are enough", async () => {
  const rest = "openings: [[One, { author: Zoe, text: Two }, Three, { author: Ada, text: Four }]]";
  const wide = [...await planned({ rest, design: "replications: 50" })];
  for (const { openings } of wide) {
    const [one, two, three, four] = openings.map(({ author }) => author);
    assert.deepEqual([two, four], ["Zoe", "Ada"]);
    assert.ok(one !== three && NAMES.includes(one!) && NAMES.includes(three!));
    assert.ok(one !== "Ada" && three !== "Ada");
  }
  const narrow = (await planned({ participants: "count: 1", rest: "openings: [[One, Two]]" })).at(0);
  assert.deepEqual(narrow.openings.map(({ author }) => author), [names(narrow)[0], names(narrow)[0]]);
});

Deno.test("planDiscussions() draws each opening equally often", async () => {
  const all = [...await planned({ rest: "openings: [One, Two]", design: "replications: 1000" })];
  assertWithin(all.filter(({ openings }) => openings[0]!.text === "One").length, [423, 577]);
});

Deno.test("planDiscussions() draws varied values independently, and records them", async () => {
  const design = "vary: { discussion.history: [1, all], discussion.turns: [{ label: short, value: 5 }, " +
    "{ label: long, value: 9 }] }, replications: 1000";
  const all = [...await planned({ design })];
  for (const { varied, history, turns } of all) {
    assert.equal(varied["discussion.history"], history === null ? "all" : "1");
    assert.equal(varied["discussion.turns"], turns === 5 ? "short" : "long");
  }
  assertWithin(all.filter(({ turns }) => turns === 5).length, [423, 577]);
  // The draws are independent, so a quarter of the discussions has both levels.
  assertWithin(all.filter(({ turns, history }) => turns === 5 && history === null).length, [185, 319]);
});

Deno.test("planDiscussions() draws models from a list", async () => {
  const all = [...await planned({ participants: "model: [m, n]\n  count: 1", design: "replications: 1000" })];
  assertWithin(all.filter(({ participants }) => participants[0]!.model === "m").length, [423, 577]);
  for (const { participants, models } of all) assert.deepEqual(Object.keys(models), [participants[0]!.model]);
});

Deno.test("planDiscussions() gives different ids and seeds if the experiment has a different seed", async () => {
  const [one, other] = [await planned({ seed: "1" }), await planned({ seed: "2" })];
  assert.notEqual(one.at(0).id, other.at(0).id);
  assert.notEqual(one.at(0).seed, other.at(0).seed);
});

Deno.test("planDiscussions() gives pinned personas the pinned model, and draws the models of all other participants", async () => {
  const models = async (participants: string) =>
    [...await planned({ participants: `model: [m, n]\n  ${participants}`, design: "replications: 20" })]
      .map(({ participants }) => participants.map(({ name, model }) => `${name} ${model}`));
  const plan = await models("pinned: [Fay]\n  pinnedModel: n\n  count: 3");
  assert.ok(plan.every(([first]) => first === "Fay n"));
  assert.ok(
    plan.some(([, second]) => second!.endsWith("m")) && plan.some(([, second]) => second!.endsWith("n")),
  );
});

Deno.test("parseExperiment() refuses a pinned model that is unknown or has no pinned personas", async () => {
  const file = SMALL.replace("participants:\n", "participants:\n  pinnedModel: gone\n");
  const problems = await problemsOf(file);
  assert.equal(problems.length, 2);
  assert.match(problems[0]!, /participants\.pinnedModel: no persona is pinned: add the key pinned/);
  assert.match(problems[1]!, /participants\.pinnedModel: there is no model "gone"/);
});

Deno.test("find() gives the discussion with an id", async () => {
  const plan = await planned({ design: "replications: 3" });
  for (const design of plan) assert.deepEqual(plan.find(design.id), design);
  assert.equal(plan.find("another"), null);
});
