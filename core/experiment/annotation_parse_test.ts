import assert from "node:assert/strict";
import { experimentDocument, experimentFingerprint } from "./fingerprint.ts";
import { planDiscussions } from "./plan.ts";
import { JUDGES, parsed, parsedAnnotation, problemsOf, RATED, SMALL } from "./testing.ts";

Deno.test("parseAnnotation() fills in the defaults", async () => {
  const { design, models } = await parsedAnnotation(RATED);
  const { codebook, ...others } = design;
  const spec = { adapter: "scripted", sampling: { temperature: 0.2 }, options: {} };
  assert.deepEqual(others, {
    pass: "annotation",
    annotators: [{
      name: "judge",
      model: "judge",
      persona: {},
      instructions: "You rate comments of online discussions.",
    }],
    models: { judge: spec },
    history: 2,
    targets: { of: "all" },
    requests: "separate",
    retries: 2,
    seed: "run seed",
    prompt: { version: 1 },
  });
  assert.deepEqual(codebook.scales, [
    { name: "toxicity", type: "ordinal", min: 1, max: 5, question: "How toxic?" },
  ]);
  assert.equal(codebook.version, codebook.hash.slice(0, 12));
  assert.deepEqual(models, { judge: { ...spec, service: {} } });
});

Deno.test("parseAnnotation() reads all keys of an annotation file", async () => {
  const { design } = await parsedAnnotation(`
pass: second.try_1
seed: 5
models: { a: { adapter: scripted }, b: { adapter: scripted, silence: 0.1 }, unused: { adapter: scripted } }
annotators:
  - { model: [a, b], personas: judges.json, count: 2, instructions: Judge. }
  - { model: b, personas: [{ name: Uma, job: cook }] }
  - { model: a, name: Plain }
  - { model: [a, b] }
history: all
targets: { of: participants, perDiscussion: 3 }
requests: together
retries: 0
codebook: v2
scales:
  rating: { type: ordinal, min: -1, max: 1, question: Q?, grammar: exact, labels: { -1: bad, 1: good } }
  share: { type: interval, min: 0, max: 0.5, question: Q? }
  stance: { type: nominal, labels: [for, against], question: Q? }
  insult: { type: boolean, question: Q? }
  why: { type: text, question: Q? }
`);
  const drawn = ["Rita", "Sam", "Tom"].filter((name) =>
    design.annotators.some((a) => a.name === `${name} (a)`)
  );
  assert.equal(drawn.length, 2);
  const names = design.annotators.map(({ name, model }) => `${name}=${model}`);
  assert.deepEqual(names.slice(4), ["Uma=b", "Plain=a", "a=a", "b=b"]);
  assert.deepEqual(
    new Set(names.slice(0, 4)),
    new Set(drawn.flatMap((name) => [`${name} (a)=a`, `${name} (b)=b`])),
  );
  assert.deepEqual(design.annotators[4], {
    name: "Uma",
    model: "b",
    persona: { job: "cook" },
    instructions: "You rate comments of online discussions.",
  });
  assert.deepEqual(Object.keys(design.models), ["a", "b"]);
  assert.deepEqual([design.pass, design.seed, design.history, design.requests, design.retries], [
    "second.try_1",
    "5",
    null,
    "together",
    0,
  ]);
  assert.deepEqual(design.targets, { of: "participants", perDiscussion: 3 });
  assert.equal(design.codebook.version, "v2");
  const [rating, ...rest] = design.codebook.scales;
  const question = "Q?";
  assert.deepEqual(rating, {
    name: "rating",
    type: "ordinal",
    min: -1,
    max: 1,
    question,
    grammar: "exact",
    labels: { "-1": "bad", "1": "good" },
  });
  assert.deepEqual(rest, [
    { name: "share", type: "interval", min: 0, max: 0.5, question },
    { name: "stance", type: "nominal", labels: ["for", "against"], question },
    { name: "insult", type: "boolean", question },
    { name: "why", type: "text", maxLength: 500, question },
  ]);
});

Deno.test("parseAnnotation() reads the short form of targets, a given pass name, and an experiment file", async () => {
  const moderators = await parsedAnnotation(`${RATED}targets: moderators\n`, { pass: "named" });
  assert.deepEqual([moderators.design.targets, moderators.design.pass], [{ of: "moderators" }, "named"]);
  await assert.rejects(parsedAnnotation(RATED, { pass: "../x" }), RangeError);
  const { design } = await parsedAnnotation(WITH_SECTION);
  assert.deepEqual([design.seed, design.annotators[0]!.model], ["42", "judge"]);
  assert.deepEqual(await parsed(WITH_SECTION).then(({ annotation }) => annotation!.design), design);
});

Deno.test("parseAnnotation() gives equal hashes to equal scales, and different hashes to different scales", async () => {
  const hashOf = async (text: string) => (await parsedAnnotation(text)).design.codebook.hash;
  const hash = await hashOf(RATED);
  assert.equal(await hashOf(RATED.replace("{ type: ordinal, min: 1,", "{ min: 1, type: ordinal,")), hash);
  assert.equal(await hashOf(RATED.replace("annotators:", "codebook: other\nhistory: 5\nannotators:")), hash);
  for (
    const [from, to] of [["max: 5", "max: 4"], ["How toxic", "How rude"], ["toxicity:", "rudeness:"]] as const
  ) {
    assert.notEqual(await hashOf(RATED.replace(from, to)), hash);
  }
});

const WITH_SECTION = SMALL.replace("models:\n", "models:\n  judge: { adapter: scripted }\n") + `
annotation:
  annotators: { model: judge }
  scales:
    toxicity: { type: ordinal, min: 1, max: 5, question: How toxic? }
`;

Deno.test("parseExperiment() reports problems of the annotation together with all other problems", async () => {
  const wrong = WITH_SECTION.replace("min: 1", "min: 9").replace("turns: 4", "turns: 0");
  assert.deepEqual(await problemsOf(wrong), [
    "exp.yaml:11:10: discussion.turns: expected a whole number from 1 to 100000, found 0",
    "exp.yaml:16:45: annotation.scales.toxicity.max: expected a number above min, which is 9, found 5",
  ]);
  assert.deepEqual(await problemsOf(`${SMALL}annotation:\n`), [
    "exp.yaml:11:12: annotation: expected keys and values, found nothing",
  ]);
});

Deno.test("parseExperiment() refuses a factor that would change the section annotation or an annotator's model", async () => {
  const factor = `${WITH_SECTION}design: { factors: { annotation.history: [1, 2] } }\n`;
  assert.deepEqual(await problemsOf(factor), [
    'exp.yaml:17:22: design.factors.annotation.history: "annotation" is the same in all discussions: it cannot vary',
  ]);
  const shared = WITH_SECTION.replace("{ model: judge }", "{ model: talker }");
  const varied = `${shared}design: { factors: { models.talker.temperature: [0.1, 0.9] } }\n`;
  assert.deepEqual(await problemsOf(varied), [
    'exp.yaml:14:3: annotation.annotators: the conditions describe the model "talker" in different ways, but an ' +
    "annotator must be the same in all conditions: describe a separate model for the annotators",
  ]);
  const others = `${WITH_SECTION}design: { factors: { models.talker.temperature: [0.1, 0.9] } }\n`;
  assert.deepEqual(await problemsOf(others), []);
});

Deno.test("parseExperiment() gives the same discussions and fingerprint for every annotation", async () => {
  const plain = await parsed(SMALL);
  const personas = WITH_SECTION.replace("model: judge }", "model: judge, personas: judges.json }");
  for (const text of [WITH_SECTION, personas, WITH_SECTION.replace("max: 5", "max: 7")]) {
    const annotated = await parsed(text, { files: JUDGES });
    assert.notEqual(annotated.annotation, null);
    assert.deepEqual([...planDiscussions(annotated)], [...planDiscussions(plain)]);
    const [a, b] = [annotated, plain].map((experiment) => experimentDocument(experiment));
    assert.deepEqual(a, b);
    assert.equal(experimentFingerprint(a!), experimentFingerprint(b!));
  }
});
