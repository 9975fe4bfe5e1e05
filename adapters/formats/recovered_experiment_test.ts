import assert from "node:assert/strict";
import { planDiscussions } from "../../core/experiment/mod.ts";
import { parsed } from "../../core/experiment/testing.ts";
import { nativeSha256 } from "../system.ts";
import { readConditionRule } from "./condition_rule.ts";
import { readPythonDiscussion, type RoleRule } from "./python_discussion.ts";
import { type RecoveredExperiment, recoverExperiment } from "./recovered_experiment.ts";
import { pythonFile, type PythonRun } from "./testing/python_files.ts";

const CALM = '- Keep calm.\n* \n  Even here: "quotes", # no comment, and ‘’.\n\nDo not shout.\n';

/** Recovers the experiment from one file for each run, in the folder that the run names. */
function recovered(
  runs: readonly (PythonRun & { folder: string })[],
  { condition, roles = [] }: Readonly<{ condition?: string; roles?: readonly RoleRule[] }> = {},
): RecoveredExperiment {
  const rule = readConditionRule(condition);
  const discussions = runs.map(({ folder, ...run }) => ({
    discussion: readPythonDiscussion(pythonFile(run), { file: "f.json", sha256: "0".repeat(64) }, {
      roles,
      sha256: nativeSha256,
    }),
    told: rule(folder)!,
  }));
  return recoverExperiment(discussions, { name: "old", sha256: nativeSha256 });
}

const DESIGN = ["tiny", "small"].flatMap((model) => [
  { folder: `${model}_nomod`, model, users: ["ann", "ben", "cleo"] },
  { folder: `${model}_calm`, model, users: ["ann", "ben", "cleo"], moderator: CALM },
  {
    folder: `${model}_calm`,
    model,
    users: ["cleo", "dora", "ben"],
    moderator: CALM,
    openings: ["Why?", "So!"],
  },
]);

Deno.test("recoverExperiment() makes factors of the differences between conditions, but not of their models", async () => {
  const { text, factors, models } = recovered(DESIGN, { condition: "{model}_{moderator}" });
  assert.deepEqual(factors, { moderator: ["nomod", "calm"] });
  assert.deepEqual(models, ["tiny", "small"]);
  assert.match(text, /# .*The original models: tiny \(\d+ replies\), small \(\d+ replies\)/);
  const { conditions } = planDiscussions(await parsed(text));
  assert.deepEqual(conditions.map(({ factors }) => factors), [{ moderator: "nomod" }, { moderator: "calm" }]);
});

Deno.test("recoverExperiment() names levels by the words that their folders share", () => {
  assert.deepEqual(recovered(DESIGN).factors, { condition: ["nomod", "calm"] });
});

Deno.test("recoverExperiment() keeps all words of the prompts", async () => {
  const experiment = await parsed(recovered(DESIGN).text);
  const designs = [...planDiscussions(experiment)];
  const moderator = designs.find((design) => design.moderator !== null)!.moderator!;
  assert.equal(moderator.instructions, CALM);
  assert.deepEqual(Object.entries(moderator.persona), [["age", 30], ["traits", ["fair", "calm"]]]);
  const { participants, prompt, turns, history, passWord } = designs[0]!;
  assert.equal(prompt.context, "You take part in a forum.");
  assert.equal(prompt.instructions, "Write a comment.");
  assert.deepEqual([turns, history, passWord, participants.length], [4, 3, '""', 3]);
  const personas = new Map(
    designs.flatMap((design) => design.participants.map(({ name, persona }) => [name, persona] as const)),
  );
  for (const [name, persona] of personas) assert.deepEqual(persona, { age: name.length, note: "" });
});

Deno.test("recoverExperiment() counts discussions of one model as replications, and each opening once", async () => {
  const { text, openings, personas } = recovered(DESIGN);
  assert.deepEqual([openings, personas], [2, 4]);
  const plan = planDiscussions(await parsed(text));
  assert.equal([...plan].length, 2 * 2);
  assert.match(text, /matched: false/);
});

Deno.test("recoverExperiment() recovers each role with its count, or with its probability if the count differs", async () => {
  const troll = "You are an online troll.";
  const roles = [{ name: "troll", contains: "online troll" }];
  const rolesIn = async (instructions: readonly (readonly string[])[]) => {
    const runs = instructions.map((own) => ({
      folder: "c",
      model: "m",
      users: ["ann", "ben"],
      instructions: own,
    }));
    const { text } = recovered(runs, { roles });
    const experiment = await parsed(text);
    return experiment.conditions[0]!.variants[0]!.roles.map(({ name, instructions, ...share }) => [
      name,
      instructions,
      share,
    ]);
  };
  assert.deepEqual(await rolesIn([[troll, "Hello."], ["Hello.", troll]]), [
    ["troll", troll, { count: 1 }],
    ["user", "Hello.", { count: 1 }],
  ]);
  assert.deepEqual(await rolesIn([[troll, "Hello."], ["Hello.", "Hello."]]), [
    ["troll", troll, { probability: 0.25 }],
    ["user", "Hello.", { probability: 1 }],
  ]);
});

Deno.test("recoverExperiment() finds turn-taking in the order of speakers", async () => {
  const ruleOf = async (speakers: readonly string[]) => {
    const { text } = recovered([{ folder: "c", model: "m", users: ["ann", "ben", "cleo"], speakers }]);
    return (await parsed(text)).conditions[0]!.variants[0]!.turnTaking;
  };
  assert.deepEqual(await ruleOf(["ben", "cleo", "ann", "ben", "cleo"]), {
    name: "round-robin",
    options: { randomFirst: true },
  });
  assert.equal((await ruleOf(["ann", "ben", "ann", "cleo", "ben", "ann"])).name, "random");
  // 38 of 38 turns are answers. By chance, half of them would be.
  const exchange = Array.from({ length: 40 }, (_, at) => at % 2 === 0 ? "ann" : "ben");
  assert.deepEqual(await ruleOf(exchange), { name: "respond", options: { probability: 1 } });
});

Deno.test("recoverExperiment() says how many discussions differ from most discussions of their condition", () => {
  const speakers = ["ann", "ben"];
  const { text } = recovered([
    ...Array.from({ length: 3 }, () => ({ folder: "c", model: "m", users: ["ann", "ben"], speakers })),
    { folder: "c", model: "m", users: ["ann", "ben"], speakers: ["ann", "ben", "ann"] },
  ]);
  assert.match(
    text,
    /# 1 of 4 discussions differ from most discussions of their condition\.\n {2}turns: 2\n/,
  );
});

Deno.test("recoverExperiment() says what gets lost", () => {
  const run = { model: "m", users: ["ann", "ben"], speakers: ["ann", "ben"] };
  assert.deepEqual(recovered([{ ...run, folder: "a" }, { ...run, folder: "a" }]).doubts, []);
  const { doubts, text } = recovered([
    { ...run, folder: "a" },
    { ...run, folder: "b", users: ["ann", "moderator"], speakers: ["ann", "moderator"] },
  ]);
  assert.equal(doubts.length, 3);
  assert.match(doubts[0]!, /^The conditions have different personas\. /);
  assert.match(doubts[1]!, /^The participant "moderator" seems to be a moderator\. /);
  assert.match(doubts[2]!, /They are one condition here: a, b\.$/);
  assert.match(text, /# The conditions have different personas\./);
  assert.match(text, /\n# These conditions differ at most in their models and personas[^]*\ndesign:/);
});

Deno.test("recoverExperiment() keeps conditions matched, even if they have different numbers of discussions", () => {
  const run = { model: "m", users: ["ann", "ben"], speakers: ["ann", "ben"] };
  const { text } = recovered([
    { ...run, folder: "a" },
    { ...run, folder: "a" },
    { ...run, folder: "b", moderator: CALM },
  ]);
  assert.doesNotMatch(text, /matched: false/);
});

Deno.test("recoverExperiment() gives moderators names that validate accepts, and keeps the labels", async () => {
  const run = { model: 'm "4" 😀', users: ["ann", "ben"], speakers: ["ann", "ben"] };
  const { text } = recovered([
    { ...run, folder: "none" },
    { ...run, folder: 'käl\'m "1"', moderator: CALM },
    { ...run, folder: "käl'm 😀1😀", moderator: "Be fair." },
    { ...run, folder: "😀", moderator: "Be kind." },
  ]);
  const { conditions } = planDiscussions(await parsed(text));
  assert.deepEqual(conditions.map(({ factors }) => factors.moderator), [
    "none",
    'käl\'m "1"',
    "käl'm 😀1😀",
    "😀",
  ]);
  assert.match(text, /\n {2}käl-m -1:\n[^]*\n {2}käl-m -1-2:\n[^]*\n {2}moderator:\n/);
});

Deno.test("recoverExperiment() writes no models if no participant spoke", () => {
  const { text, models } = recovered([{ folder: "a", model: "m", users: ["ann"], speakers: [] }]);
  assert.deepEqual(models, []);
  assert.doesNotMatch(text, /original models/);
  assert.match(text, /^# Recovered from 1 discussion of /);
});

Deno.test("recoverExperiment() says that a moderator had another context", () => {
  const run = { folder: "a", model: "m", users: ["ann", "ben"], speakers: ["ann", "ben"], moderator: CALM };
  assert.deepEqual(recovered([run]).doubts, []);
  const { doubts, text } = recovered([run, { ...run, moderatorContext: "You watch a forum." }]);
  assert.equal(doubts.length, 1);
  assert.match(
    doubts[0]!,
    /^In 1 of 2 discussions with a moderator, .* another context than the participants, such as "You watch a forum\."/,
  );
  assert.match(text, /\n# In 1 of 2 discussions with a moderator[^]*\nmoderators:/);
});

Deno.test("recoverExperiment() says that it adds a number to a name that several personas have", () => {
  const run = { folder: "a", model: "m", speakers: ["ann"] };
  // The test sets a persona's age to the length of its name. Names that differ only in capitals count as
  // equal.
  const { doubts, text } = recovered([{ ...run, users: ["ann", "ben"] }, { ...run, users: ["ann", "Ben"] }]);
  assert.deepEqual(doubts.map((doubt) => doubt.split(".")[0]), [
    "1 of 3 personas have the name of another persona",
  ]);
  assert.match(text, /username: Ben \(2\)/);
});
