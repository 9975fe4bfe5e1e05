import assert from "node:assert/strict";
import { experimentDocument, experimentFingerprint, resolvedDesign } from "./fingerprint.ts";
import { parsed, SMALL } from "./testing.ts";

const TEXT = `
name: same
seed: 42
models: { m: { adapter: scripted } }
participants: { model: m, personas: p.json }
openings: [Hello]
discussion: { turns: 4 }
design: { factors: { discussion.history: [1, 3] }, replications: 2 }
`;
const PERSONAS = '[{"name": "Anna", "age": 30, "job": "cook"}]';

async function documentOf(text = TEXT, personas = PERSONAS) {
  return experimentDocument(await parsed(text, { files: { "p.json": personas } }));
}

Deno.test("experimentFingerprint() ignores formatting, defaults and replications", async () => {
  const hash = experimentFingerprint(await documentOf());
  assert.match(hash, /^[0-9a-f]{64}$/);
  const other = `# A comment
{ "seed": "42", "name": "same", "models": { "m": { "adapter": "scripted" } }, "openings": ["Hello"],
  "discussion": { "turns": 4, "passWord": PASS }, "participants": { "personas": "p.json", "model": "m" },
  "design": { "replications": 7, "factors": { "discussion.history": [1, 3] }, "matched": true } }`;
  assert.equal(experimentFingerprint(await documentOf(other)), hash);
  assert.equal(experimentFingerprint(await documentOf(TEXT, PERSONAS.replaceAll(" ", "\n"))), hash);
});

async function fingerprintOf(text?: string, personas?: string): Promise<string> {
  return experimentFingerprint(await documentOf(text, personas));
}

const changes: readonly [what: string, from: string, to: string][] = [
  ["a value", "turns: 4", "turns: 5"],
  ["a key with a default", "turns: 4", "turns: 4, layout: dialogue"],
  ["the seed", "seed: 42", "seed: 43"],
  ["a model's options", "scripted }", "scripted, reply: Hi }"],
  ["a level", "[1, 3]", "[1, 4]"],
  ["whether conditions are matched", "replications: 2", "replications: 2, matched: false"],
  ["what matched conditions share", "replications: 2", "replications: 2, matched: [personas]"],
  ["an opening", "[Hello]", "[Hullo]"],
];

for (const [what, from, to] of changes) {
  Deno.test(`experimentFingerprint() depends on ${what}`, async () => {
    assert.notEqual(await fingerprintOf(TEXT.replace(from, to)), await fingerprintOf());
  });
}

Deno.test("experimentFingerprint() depends on the order of a persona's attributes, because prompts depend on it, too", async () => {
  const turned = '[{"name": "Anna", "job": "cook", "age": 30}]';
  assert.notEqual(await fingerprintOf(TEXT, turned), await fingerprintOf());
  const moderated =
    `${TEXT}moderators: { m: { model: m, schedule: every-turn, persona: { age: 30, job: cook } } }`;
  const turnedModerator = moderated.replace("age: 30, job: cook", "job: cook, age: 30");
  assert.notEqual(await fingerprintOf(turnedModerator), await fingerprintOf(moderated));
  const level = "{ age: 30, job: cook }";
  const levelled = moderated.replace(
    "discussion.history: [1, 3]",
    `moderators.m.persona: [{ label: cook, value: ${level} }]`,
  );
  const turnedLevel = levelled.replace(`value: ${level}`, "value: { job: cook, age: 30 }");
  assert.notEqual(levelled, turnedLevel);
  assert.notEqual(await fingerprintOf(turnedLevel), await fingerprintOf(levelled));
});

Deno.test("experimentDocument() is the same after it is written as JSON and parsed", async () => {
  const document = await documentOf();
  assert.deepEqual(JSON.parse(JSON.stringify(document)), document);
});

Deno.test("resolvedDesign() returns the levels in the file's order, and whether conditions are matched", async () => {
  const text =
    `${SMALL}design: { factors: { discussion.history: [3, 1], participants.count: [2] }, matched: true }\n`;
  const document = experimentDocument(await parsed(text));
  assert.deepEqual(resolvedDesign(document as Parameters<typeof resolvedDesign>[0]), {
    levels: { "discussion.history": ["3", "1"], "participants.count": ["2"] },
    matched: true,
  });
  const some = experimentDocument(await parsed(text.replace("true", "[speakers, personas]")));
  assert.deepEqual(resolvedDesign(some).matched, ["personas", "speakers"]);
  assert.deepEqual(resolvedDesign({}), { levels: {}, matched: null });
  assert.deepEqual(resolvedDesign({ design: { factors: [1], matched: "yes" } }), {
    levels: {},
    matched: null,
  });
});
