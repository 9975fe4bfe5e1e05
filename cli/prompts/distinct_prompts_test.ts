import assert from "node:assert/strict";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { loadExperiment } from "../../adapters/local/mod.ts";
import { experimentPrompts } from "./distinct_prompts.ts";
import { kindName, promptsText } from "./prompts_text.ts";

const TEXT = `name: trams
seed: 7
models: { m: { adapter: scripted } }
participants:
  model: m
  personas: [{ name: Anna, age: 30 }, { name: Ben, age: 41 }, { name: Cleo, age: 52 }]
  roles: [{ name: troll, count: 1, instructions: Provoke the others. }]
discussion: { turns: 6 }
moderators:
  soft: { model: m, schedule: every-turn, instructions: Please keep the peace. }
  hard: { model: m, schedule: every-turn, instructions: Please enforce the peace. }
design: { factors: { moderator: [none, soft, hard] }, replications: 3 }
annotation:
  annotators: { model: m, personas: [{ name: Rita, age: 50 }, { name: Sam, age: 20 }] }
  scales:
    toxicity: { type: ordinal, min: 1, max: 5, question: How toxic? }
    calm: { type: boolean, question: Is it calm? }
`;

async function promptsOf(text: string, replicate: number | null = null) {
  let prompts!: ReturnType<typeof experimentPrompts>;
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/e.yaml`, text);
    prompts = experimentPrompts(await loadExperiment(`${folder}/e.yaml`), { replicate });
  });
  return prompts;
}

Deno.test("experimentPrompts() gives each distinct prompt of each kind once, with its conditions", async () => {
  const { groups } = await promptsOf(TEXT);
  assert.deepEqual(
    groups.map(({ kind, prompts }) => [
      kindName(kind),
      ...prompts.map(({ conditions, speakers }) =>
        `${conditions.join(" ")}${kind.asked === "annotator" ? `: ${speakers.join(" ")}` : ""}`
      ),
    ]),
    [
      ["Participant, first turn", "none soft hard"],
      ["Participant, later turn", "none soft hard"],
      ["Participant with the role troll, first turn", "none soft hard"],
      ["Participant with the role troll, later turn", "none soft hard"],
      ["Moderator, after the first turn", "soft", "hard"],
      ["Moderator, later", "soft", "hard"],
      ["Annotator, asked for toxicity", "none soft hard: Rita", "none soft hard: Sam"],
      ["Annotator, asked for calm", "none soft hard: Rita", "none soft hard: Sam"],
    ],
  );
});

/** The discussions have six turns. */
const SCHEDULES = [
  ["{ every: 2 }", ["Moderator, later"]],
  ["{ every: 7 }", []],
  ["{ threshold: { signal: length, above: 3 } }", ["Moderator, after the first turn", "Moderator, later"]],
] as const;

for (const [schedule, expected] of SCHEDULES) {
  Deno.test(`experimentPrompts() shows a moderator's prompts only if the schedule ${schedule} sends them`, async () => {
    const { groups } = await promptsOf(TEXT.replaceAll("schedule: every-turn", `schedule: ${schedule}`));
    const kinds = groups.map(({ kind }) => kindName(kind));
    assert.deepEqual(kinds.filter((kind) => kind.startsWith("Moderator")), expected);
  });
}

Deno.test("promptsText() marks what differs between conditions", async () => {
  const text = promptsText(await promptsOf(TEXT), { colours: false });
  assert.match(
    text,
    /\n2: in "hard"; to m \(tokens not known\) for Moderator; compared with 1\n(?: .*\n|\n)+- Please \[-keep-\] the peace\.\n\+ Please \{\+enforce\+\} the peace\.\n/,
  );
});

Deno.test("experimentPrompts() shows every participant of a replicate", async () => {
  const { groups } = await promptsOf(TEXT, 2);
  const first = groups.filter(({ kind: { asked, moment } }) => asked === "participant" && moment === "first");
  assert.deepEqual(first.map(({ kind }) => kind.participant).sort(), ["Anna", "Ben", "Cleo"]);
  // One of the three has the role.
  const trolls = first.filter(({ prompts }) => JSON.stringify(prompts).includes("Provoke the others."));
  assert.equal(trolls.length, 1);
});

Deno.test("experimentPrompts() shows each varied value, also in conditions that are not matched", async () => {
  const { groups } = await promptsOf(
    TEXT.replace(
      "replications: 3",
      "replications: 40, matched: false, vary: { discussion.history: [0, all] }",
    ),
  );
  const later = groups.find(({ kind }) => kindName(kind) === "Participant, later turn")!;
  assert.deepEqual(
    later.prompts.map(({ varied, conditions }) => [varied, conditions.length]).sort(),
    [[{ "discussion.history": "0" }, 3], [{ "discussion.history": "all" }, 3]],
  );
});

Deno.test("experimentPrompts() names the models that are people, also if only pinned personas have them", async () => {
  const loaded = await loadExperiment("examples/people/experiment.yaml");
  const prompts = experimentPrompts(loaded, { replicate: null });
  assert.deepEqual(prompts.people, ["person"]);
  assert.deepEqual(prompts.groups[0]!.prompts[0]!.models, ["program", "person"]);
  assert.match(
    promptsText(prompts, { colours: false }),
    /\nperson: a person, who gets no prompt; a program in this place would get it\n/,
  );
  assert.deepEqual((await promptsOf(TEXT)).people, []);
});
