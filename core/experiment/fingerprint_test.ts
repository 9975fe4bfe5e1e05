import assert from "node:assert/strict";
import { differingPaths, experimentDocument, experimentFingerprint } from "./fingerprint.ts";
import { parsed } from "./testing.ts";

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

Deno.test("experimentFingerprint() does not see formatting, defaults, or replications", async () => {
  const hash = experimentFingerprint(await documentOf());
  assert.match(hash, /^[0-9a-f]{64}$/);
  const other = `# A comment
{ "seed": "42", "name": "same", "models": { "m": { "adapter": "scripted" } }, "openings": ["Hello"],
  "discussion": { "turns": 4, "passWord": PASS }, "participants": { "personas": "p.json", "model": "m" },
  "design": { "replications": 7, "factors": { "discussion.history": [1, 3] }, "matched": true } }`;
  assert.deepEqual(differingPaths(await documentOf(), await documentOf(other)), []);
  assert.equal(experimentFingerprint(await documentOf(other)), hash);
  assert.equal(experimentFingerprint(await documentOf(TEXT, PERSONAS.replaceAll(" ", "\n"))), hash);
});

const changes: readonly [what: string, from: string, to: string, path: string][] = [
  ["a value", "turns: 4", "turns: 5", "discussion.turns"],
  ["a default", "turns: 4", "turns: 4, layout: dialogue", "discussion.layout"],
  ["the seed", "seed: 42", "seed: 43", "seed"],
  ["a model's options", "scripted }", "scripted, reply: Hi }", "models.m.reply"],
  ["a level", "[1, 3]", "[1, 4]", "design.factors.discussion.history"],
  ["the matching", "replications: 2", "replications: 2, matched: false", "design.matched"],
  ["an opening", "[Hello]", "[Hullo]", "openings"],
];

for (const [what, from, to, path] of changes) {
  Deno.test(`differingPaths() names ${what}`, async () => {
    const [before, after] = [await documentOf(), await documentOf(TEXT.replace(from, to))];
    assert.deepEqual(differingPaths(before, after), [path]);
    assert.notEqual(experimentFingerprint(before), experimentFingerprint(after));
  });
}

Deno.test("differingPaths() names a file whose personas changed, also in the order of their attributes", async () => {
  const turned = '[{"name": "Anna", "job": "cook", "age": 30}]';
  assert.deepEqual(differingPaths(await documentOf(), await documentOf(TEXT, turned)), ["files.p.json"]);
});

Deno.test("experimentDocument() survives JSON", async () => {
  const document = await documentOf();
  assert.deepEqual(JSON.parse(JSON.stringify(document)), document);
});
