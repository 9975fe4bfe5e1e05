import assert from "node:assert/strict";
import { problemsOf, SMALL } from "./testing.ts";

const MODERATED = SMALL + "moderators: { kind: { model: talker, schedule: every-turn, name: Mo } }\n";

const wrongChanges: readonly [what: string, text: string, ...problems: string[]][] = [
  [
    "an annotation file, with one message",
    "pass: mood\nscales: []\nannotators: { model: m }\n",
    'exp.yaml:3:1: annotators: this is an annotation file, not an experiment: give it to "annotate", with --with',
  ],
  [
    "more participants than personas",
    SMALL.replace("model: talker\n", "model: talker\n  count: 4\n"),
    "exp.yaml:8:10: participants.count: expected at most 3, the number of personas, found 4",
  ],
  [
    "pinned personas that do not exist or are repeated",
    SMALL.replace("model: talker\n", "model: talker\n  pinned: [Ana, Ben, Ben]\n"),
    'exp.yaml:8:12: participants.pinned.0: there is no persona "Ana"; did you mean "Anna"?',
    'exp.yaml:8:22: participants.pinned.2: "Ben" is pinned twice',
  ],
  [
    "more pinned personas than participants",
    SMALL.replace("model: talker\n", "model: talker\n  count: 1\n  pinned: [Anna, Ben]\n"),
    "exp.yaml:9:11: participants.pinned: 2 personas are pinned, but 1 take part",
  ],
  [
    "roles that need more participants than take part",
    SMALL.replace(
      "model: talker\n",
      "model: talker\n  count: 2\n  roles: [{ name: a, count: 2, instructions: x }, { name: b, count: 1, instructions: x }]\n",
    ),
    "exp.yaml:9:10: participants.roles: the roles' counts need 3 participants, but 2 take part",
  ],
  [
    "a moderator with the name of a persona",
    `${SMALL}moderators: { kind: { model: talker, schedule: every-turn, name: anna } }\nmoderator: kind\n`,
    'exp.yaml:11:66: moderators.kind.name: "anna" is also the name of a persona: readers could not tell them apart',
  ],
  [
    "an unknown level",
    `${MODERATED}design:\n  factors:\n    moderator: [none, kind, strict]\n`,
    'exp.yaml:14:29: moderator: there is no moderator "strict": expected kind (when moderator is strict)',
  ],
  [
    "a level with a wrong value inside",
    `${SMALL}design:\n  vary:\n    discussion.turnTaking: [random, { label: p, value: { strategy: respond, probability: 2 } }]\n`,
    "exp.yaml:13:90: discussion.turnTaking.probability: expected a number from 0 to 1, found 2 " +
    "(when discussion.turnTaking is p)",
  ],
  [
    "levels that are wrong only in combination with each other",
    `${SMALL}design:\n  factors:\n    participants.count: [2, 3]\n    participants.personas:\n` +
    `      - { label: few, value: [{ name: A }, { name: B }] }\n` +
    `      - { label: many, value: [{ name: A }, { name: B }, { name: C }] }\n`,
    "exp.yaml:13:29: participants.count: expected at most 2, the number of personas, found 3 " +
    "(when participants.count is 3 and participants.personas is few)",
  ],
  [
    "levels with equal labels, without a label, or with a label that is too long",
    `${SMALL}design:\n  factors:\n    discussion.history: [1, 1]\n    participants.roles: [[]]\n` +
    `    participants.context: [{ label: "${"x".repeat(101)}", value: a }]\n`,
    'exp.yaml:13:29: design.factors.discussion.history.1: two levels have the label "1"',
    "exp.yaml:14:26: design.factors.participants.roles.0: expected { label, value }, found an empty list",
    `exp.yaml:15:37: design.factors.participants.context.0.label: "${
      "x".repeat(60)
    }…" cannot be the label of a level: ` +
    "write { label: …, value: … } with a label of one line and at most 100 characters",
  ],
  [
    "factors that overlap",
    `${SMALL}design:\n  factors: { discussion.history: [1] }\n  vary: { discussion: [{ label: a, value: { turns: 1 } }] }\n`,
    'exp.yaml:13:11: design.vary.discussion: "discussion" and "discussion.history" overlap: ' +
    "only one factor can set a value",
  ],
  [
    "conditions with the same label",
    `${SMALL}design:\n  factors: { participants.context: [a, a+b], participants.instructions: [b+c, c] }\n`,
    'exp.yaml:12:3: design.factors: two conditions would have the label "a+b+c": give levels labels without "+"',
  ],
  [
    "more combinations than the limit",
    `${SMALL}design:\n  factors: { discussion.turns: [${[...Array(101).keys()].map((n) => n + 1)}] }\n` +
    `  vary: { discussion.history: [${[...Array(100).keys()]}] }\n`,
    "exp.yaml:11:1: design: the factors and varied values have 10100 combinations, expected at most 10000",
  ],
  [
    "an empty file",
    "",
    "exp.yaml:1:1: expected an experiment: keys and values, found nothing",
  ],
  [
    "a file that is not YAML, and reports no other problems",
    "name: [a\nseed: x",
    "exp.yaml:2:1: Flow sequence in block collection must be sufficiently indented and end with a ]",
  ],
  [
    "a file of personas in an unknown format",
    SMALL.replace(/\[\{ name: Anna.*/, "personas.xlsx"),
    'exp.yaml:8:13: participants.personas: cannot read "personas.xlsx": ' +
    "its name does not end in .json, .yaml, .yml or .csv",
  ],
];

for (const [what, text, ...problems] of wrongChanges) {
  Deno.test(`parseExperiment() refuses ${what}`, async () => {
    assert.deepEqual(await problemsOf(text), problems);
  });
}

Deno.test("parseExperiment() suggests keys from all sections", async () => {
  assert.deepEqual(await problemsOf(`${SMALL}desing: {}\nscales: {}\n`), [
    'exp.yaml:11:1: desing: unknown key; did you mean "design"?',
    'exp.yaml:12:1: scales: unknown key; did you mean "annotation.scales"?',
  ]);
});
