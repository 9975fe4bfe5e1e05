import assert from "node:assert/strict";
import { parsed, problemsOf, SMALL } from "./testing.ts";

Deno.test("parseExperiment() fills in the defaults", async () => {
  const experiment = await parsed(SMALL);
  assert.equal(experiment.seed, "42");
  assert.equal(experiment.replications, 1);
  assert.equal(experiment.matched, true);
  assert.equal(experiment.conditions.length, 1);
  const [condition] = experiment.conditions;
  assert.equal(condition!.label, "base");
  const [settings] = condition!.variants;
  assert.equal(settings!.count, 3);
  assert.equal(settings!.history, 3);
  assert.equal(settings!.passWord, "PASS");
  assert.equal(settings!.moderator, null);
  assert.deepEqual(settings!.turnTaking, { name: "random", options: {} });
  assert.deepEqual([settings!.prompt.layout, settings!.prompt.version], ["transcript", 1]);
  assert.deepEqual(settings!.openings, []);
});

Deno.test("parseExperiment() reads all keys of an experiment file", async () => {
  const text = `
name: full_1.0-a
seed: a phrase
models:
  qwen2.5:
    adapter: openai
    baseUrl: http://localhost:8000/v1
    temperature: 0.8
    topP: 0.95
    maxTokens: 200
    stop: "\\n\\n"
    extraBody: { top_k: 40 }
  other: { adapter: scripted, stop: [a, b] }
participants:
  model: [qwen2.5, other]
  personas: personas.csv
  count: 2
  pinned: [Ben]
  context: C
  instructions: I
  roles: [{ name: troll, probability: 0.3, instructions: Provoke. }, { name: expert, count: 1, instructions: Know. }]
openings: openings.csv
discussion: { turns: 7, history: all, turnTaking: { strategy: respond, probability: 0.4 }, passWord: "-", layout: dialogue, interventions: [{ after: 2, author: Eve, text: Hello. }] }
moderators:
  gentle: { model: other, name: Mo, persona: { age: 50 }, instructions: Calm., schedule: { every: 3 } }
moderator: gentle
`;
  const files = {
    "personas.csv": "name,age\nAnna,30\nBen,40\n",
    "openings.csv": "opening,text,author\n1,One,Zoe\n1,Two,\n",
  };
  const { conditions, sources } = await parsed(text, { files });
  assert.deepEqual(conditions[0]!.variants, [{
    participantModels: ["qwen2.5", "other"],
    pinnedModel: null,
    pinned: [{ name: "Ben", attributes: { age: "40" } }],
    others: [{ name: "Anna", attributes: { age: "30" } }],
    count: 2,
    roles: [
      { name: "troll", probability: 0.3, instructions: "Provoke." },
      { name: "expert", count: 1, instructions: "Know." },
    ],
    openings: [[{ text: "One", author: "Zoe" }, { text: "Two" }]],
    turns: 7,
    history: null,
    turnTaking: { name: "respond", options: { probability: 0.4 } },
    interventions: [{ after: 2, author: "Eve", text: "Hello." }],
    past: null,
    passWord: "-",
    prompt: { layout: "dialogue", version: 1, context: "C", instructions: "I" },
    moderator: {
      name: "Mo",
      model: "other",
      persona: { age: 50 },
      instructions: "Calm.",
      schedule: { name: "every", options: { n: 3 } },
    },
    models: {
      "qwen2.5": {
        adapter: "openai",
        sampling: { temperature: 0.8, topP: 0.95, maxTokens: 200, stop: ["\n\n"] },
        options: { baseUrl: "http://localhost:8000/v1", extraBody: { top_k: 40 } },
        service: {},
      },
      other: { adapter: "scripted", sampling: { stop: ["a", "b"] }, options: {}, service: {} },
    },
  }]);
  assert.deepEqual([...sources.keys()].sort(), ["openings.csv", "personas.csv"]);
  assert.equal(sources.get("personas.csv")!.text, files["personas.csv"]);
});

Deno.test("parseExperiment() reports all problems of all files together", async () => {
  const text = `name: moderator effect
seed: 1.5
models:
  talker: { adapter: scriptd, topP: 2 }
participants:
  model: talkr
  personas: p.json
  cout: 3
  pinned: [Anna, Zed]
  roles: [{ name: troll, instructions: x, probability: 0.3, count: 1 }]
openings: gone.yaml
discussion:
  turn: 14
  history: -1
  turnTaking: { strategy: respnd }
  layout: transcrip
  passWord: A
  passWord: B
moderators:
  gentle: { model: tlker, schedule: { every: 0 } }
moderator: gentl
turns: 3
design:
  factors: { count: [3, 5], discussion.history: 3 }
  replications: 0
`;
  const personas = `[
  { "name": "Anna" },
  { "name": "Ben", "talkativeness": -1 },
  { "username": "Anna" }
]`;
  assert.deepEqual(await problemsOf(text, { files: { "p.json": personas } }), [
    'exp.yaml:1:7: name: expected a name of at most 100 letters, digits, "-", "_" and ".", ' +
    'found the text "moderator effect"',
    "exp.yaml:2:7: seed: expected a whole number, or a text of 1 to 200 characters, found 1.5",
    'exp.yaml:4:22: models.talker.adapter: there is no adapter "scriptd": expected scripted or openai, ' +
    'or the path of your own; did you mean "scripted"?',
    "exp.yaml:4:37: models.talker.topP: expected a number from 0 to 1, found 2",
    'exp.yaml:6:10: participants.model: there is no model "talkr": expected talker; did you mean "talker"?',
    'exp.yaml:8:3: participants.cout: unknown key; did you mean "count"?',
    "exp.yaml:10:11: participants.roles.0: expected either probability or count, found both",
    'exp.yaml:11:11: openings: cannot read "gone.yaml": there is no file "gone.yaml"',
    "exp.yaml:12:1: discussion.turns: is missing: expected a whole number from 1 to 100000",
    'exp.yaml:13:3: discussion.turn: unknown key; did you mean "turns"?',
    "exp.yaml:14:12: discussion.history: expected a whole number from 0 to 100000, or all, found -1",
    'exp.yaml:15:27: discussion.turnTaking.strategy: there is no turn-taking strategy "respnd": expected ' +
    'round-robin, random, respond, weighted or mention, or the path of your own; did you mean "respond"?',
    'exp.yaml:16:11: discussion.layout: expected transcript or dialogue, found the text "transcrip"; ' +
    'did you mean "transcript"?',
    "exp.yaml:18:3: this key appears twice",
    'exp.yaml:20:20: moderators.gentle.model: there is no model "tlker": expected talker; did you mean "talker"?',
    "exp.yaml:20:46: moderators.gentle.schedule.every: expected a whole number of at least 1, found 0",
    'exp.yaml:21:12: moderator: there is no moderator "gentl": expected gentle; did you mean "gentle"?',
    'exp.yaml:22:1: turns: unknown key; did you mean "discussion.turns"?',
    'exp.yaml:24:14: design.factors.count: "count" is not the path of a value in this file; ' +
    'did you mean "participants.count"?',
    "exp.yaml:24:49: design.factors.discussion.history: expected a list of levels, found 3",
    "exp.yaml:25:17: design.replications: expected a whole number from 1 to 10000000, found 0",
    "p.json:3:37: 1.talkativeness: expected a number of at least 0, found -1",
    'p.json:4:17: 2.username: another persona has the name "Anna"',
  ]);
});

const MODERATED = SMALL + "moderators: { kind: { model: talker, schedule: every-turn, name: Mo } }\n";

Deno.test("parseExperiment() accepts a required value that is missing in its section, if a factor sets it", async () => {
  const text = SMALL.replace("  turns: 4\n", "  history: 1\n") +
    "design: { factors: { discussion.turns: [2, 6] } }\n";
  const { conditions } = await parsed(text);
  assert.deepEqual(conditions.map(({ variants }) => variants[0]!.turns), [2, 6]);
});

Deno.test("parseExperiment() crosses factors in the file's order, and varied values within each condition", async () => {
  const text = `${MODERATED}design:
  factors: { moderator: [none, kind], participants.count: [2, 3] }
  vary: { discussion.history: [1, all], discussion.turns: [5, 6, 7] }
`;
  const { conditions } = await parsed(text);
  assert.deepEqual(conditions.map(({ label }) => label), ["none+2", "none+3", "kind+2", "kind+3"]);
  assert.deepEqual(conditions[3]!.factors, { moderator: "kind", "participants.count": "3" });
  assert.deepEqual(conditions[1]!.variants.map(({ history, turns }) => [history, turns]), [
    [1, 5],
    [1, 6],
    [1, 7],
    [null, 5],
    [null, 6],
    [null, 7],
  ]);
  assert.equal(conditions[1]!.variants[0]!.moderator, null);
  assert.equal(conditions[3]!.variants[0]!.moderator!.name, "Mo");
});

Deno.test("parseExperiment() lets the adapter check the options of its models", async () => {
  const text = SMALL.replace("adapter: scripted", "adapter: scripted, reply: Hi");
  const problems = await problemsOf(text, {
    extensions: {
      checkModel: (
        adapter,
        options,
      ) => [{ path: ["reply"], message: `${adapter} got ${JSON.stringify(options)}` }],
    },
  });
  assert.deepEqual(problems, ['exp.yaml:5:39: models.talker.reply: scripted got {"reply":"Hi"}']);
});

Deno.test("parseExperiment() reports why the adapter in a researcher's file could not be loaded", async () => {
  const text = SMALL.replace("adapter: scripted", "adapter: ./mine.ts");
  const extensions = { unloadable: new Map([["./mine.ts", "it exports no model"]]) };
  assert.deepEqual(await problemsOf(text, { extensions }), [
    'exp.yaml:5:22: models.talker.adapter: cannot load "./mine.ts": it exports no model',
  ]);
});

Deno.test("parseExperiment() reports the place of each problem in a file of personas", async () => {
  const text = SMALL.replace(/\[\{ name: Anna.*/, "p.csv");
  assert.deepEqual(await problemsOf(text, { files: { "p.csv": "name,age\nAnna\nBen,3\nBen,4\n" } }), [
    "p.csv:2:1: the row has 1 field, but the header has 2",
    'p.csv:4:1: 2.name: another persona has the name "Ben"',
  ]);
});

Deno.test("parseExperiment() merges mappings in the experiment file and in files of personas", async () => {
  const text = `
name: merge
seed: 9007199254740993
models:
  m: &m { adapter: scripted, latencyMs: 1 }
  n: { <<: *m, latencyMs: 2 }
participants: { model: n, personas: p.yaml }
discussion: { turns: 2 }
`;
  const personas =
    "- &a { name: Anna, zip: 02139, country: NO }\n- { <<: *a, name: Bob, born: 2001-02-03 }\n";
  const { conditions: [condition], seed } = await parsed(text, { files: { "p.yaml": personas } });
  const { models, others } = condition!.variants[0]!;
  assert.equal(seed, "9007199254740993");
  assert.deepEqual(models.n!.options, { latencyMs: 2 });
  assert.deepEqual(others, [
    { name: "Anna", attributes: { zip: "02139", country: "NO" } },
    { name: "Bob", attributes: { zip: "02139", country: "NO", born: "2001-02-03" } },
  ]);
});

Deno.test("parseExperiment() reads thoughts: strip and thoughts: keep, and refuses other words", async () => {
  const withThoughts = (option: string) =>
    SMALL.replace("adapter: scripted", `adapter: scripted, thoughts: ${option}`);
  for (const option of ["strip", "keep"]) {
    const { conditions } = await parsed(withThoughts(option));
    const [setup] = Object.values(conditions[0]!.variants[0]!.models);
    assert.equal(setup!.thoughts, option);
    assert.equal(setup!.options.thoughts, undefined);
  }
  const [problem] = await problemsOf(withThoughts("hide"));
  assert.match(problem!, /thoughts.*expected strip or keep/);
});
