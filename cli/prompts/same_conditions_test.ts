import assert from "node:assert/strict";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { loadExperiment } from "../../adapters/local/mod.ts";
import { sameConditions, sameConditionsText } from "./same_conditions.ts";

const TEXT = `name: trams
seed: 7
models:
  m: { adapter: scripted, temperature: 0.5 }
  n: { adapter: scripted, temperature: 0.7 }
  twin: { adapter: scripted, temperature: 0.5 }
participants:
  model: m
  personas: [{ name: Anna, age: 30, mood: calm }, { name: Ben, age: 41, talkativeness: 1 }]
  roles: [{ name: troll, count: 1, instructions: Provoke the others. }]
discussion: { turns: 6, history: 3, turnTaking: weighted }
moderators:
  soft: { model: m, schedule: every-turn, instructions: Please keep the peace. }
  hard: { model: m, schedule: every-turn, instructions: Please enforce the peace. }
  rare: { model: m, schedule: { every: 7 }, instructions: Please keep the peace. }
moderator: none
`;

async function sameIn(factors: string, text = TEXT) {
  let found!: ReturnType<typeof sameConditions>;
  await inFolder(async (folder) => {
    await Deno.writeTextFile(
      `${folder}/e.yaml`,
      `${text}design: { factors: { ${factors} }, replications: 2 }\n`,
    );
    found = sameConditions(await loadExperiment(`${folder}/e.yaml`));
  });
  return found;
}

/** Each factor changes something that a discussion can show. */
const MANIPULATIONS = [
  "moderator: [none, soft, hard]",
  "moderator: [soft, hard]",
  "participants.model: [m, n]",
  "models.m.temperature: [0.5, 1]",
  "discussion.turns: [6, 8]",
  "discussion.history: [3, 2]",
  "discussion.history: [1, 2]",
  // The last turn can show the five comments before it.
  "discussion.history: [4, 5]",
  "discussion.turnTaking: [weighted, random]",
  "participants.roles.troll.instructions: [Provoke the others., Calm the others.]",
  "participants.roles.troll.count: [0, 1]",
  "participants.personas.Anna.mood: [calm, angry]",
  "participants.personas.Ben.talkativeness: [1, 5]",
  "discussion.interventions: [{ label: none, value: [] }, { label: one, value: [{ after: 2, author: Host, text: Calm! }] }]",
];

for (const factor of MANIPULATIONS) {
  Deno.test(`sameConditions() finds that conditions differ in ${factor}`, async () => {
    assert.deepEqual(await sameIn(factor), []);
  });
}

/** Each factor changes nothing, because no speaker uses the value or no prompt shows it. */
const NOTHING = [
  "moderators.soft.instructions: [Keep the peace., Enforce the peace.]",
  "models.n.temperature: [0.5, 1]",
  'participants.roles.troll.instructions: [Provoke the others., "Provoke the others. "]',
  "participants.model: [m, twin]",
  "discussion.history: [5, 6]",
  "discussion.history: [60, all]",
  // There are six turns, and this moderator is asked after the seventh.
  "moderator: [none, rare]",
  "participants.personas.Ben.mood: [{ label: empty, value: '' }, { label: none, value: null }]",
];

for (const factor of NOTHING) {
  Deno.test(`sameConditions() finds that conditions do not differ in ${factor}`, async () => {
    const [found, ...others] = await sameIn(factor);
    assert.deepEqual(others, []);
    assert.deepEqual([found!.conditions.length, found!.factors], [2, [factor.split(":")[0]]]);
  });
}

Deno.test("sameConditions() counts the moderator's comments among those that a prompt can show", async () => {
  // The last of six moderations follows six turns and five comments by the moderator.
  const text = TEXT.replace("moderator: none", "moderator: soft");
  assert.deepEqual(await sameIn("discussion.history: [10, 11]", text), []);
  assert.equal((await sameIn("discussion.history: [11, 12]", text)).length, 1);
});

for (const never of ["count: 0", "probability: 0"]) {
  Deno.test(`sameConditions() ignores the instructions of a role with ${never}`, async () => {
    const factor = "participants.roles.troll.instructions: [Provoke the others., Calm the others.]";
    const [found] = await sameIn(factor, TEXT.replace("count: 1", never));
    assert.equal(found!.conditions.length, 2);
  });
}

Deno.test("sameConditionsText() names the conditions and the factor that does nothing", async () => {
  const found = await sameIn("moderator: [none, soft], models.n.temperature: [0.5, 1]");
  assert.equal(
    sameConditionsText(found),
    'warning: the conditions "none+0.5", "none+1" do not differ: they send the same prompts to the same models, under the ' +
      "same rules. Check the levels of models.n.temperature\n" +
      'warning: the conditions "soft+0.5", "soft+1" do not differ: they send the same prompts to the same models, under the ' +
      "same rules. Check the levels of models.n.temperature\n",
  );
});

Deno.test("sameConditionsText() names a few of many conditions and groups", () => {
  const conditions = Array.from({ length: 300 }, (_, index) => `c${index}`);
  const group = { conditions, factors: ["discussion.history"] };
  const lines = sameConditionsText(Array(8).fill(group)).trimEnd().split("\n");
  assert.match(
    lines[0]!,
    /^warning: the conditions "c0", "c1", "c2", "c3", "c4", "c5" and 294 more do not differ: /,
  );
  assert.deepEqual([lines.length, lines.at(-1)], [6, "… and 3 more groups of conditions that do not differ"]);
});
