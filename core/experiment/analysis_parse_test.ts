import assert from "node:assert/strict";
import { experimentDocument, experimentFingerprint } from "./fingerprint.ts";
import { parseAnalysis } from "./section_files.ts";
import { planDiscussions } from "./plan.ts";
import { COMPARED, parsed, problemsOf, SMALL } from "./testing.ts";

const sectionOf = async (section: string, before = COMPARED) =>
  (await parsed(`${before}analysis: ${section}\n`)).analysis;

Deno.test("parseExperiment() fills in the defaults of an analysis", async () => {
  assert.equal((await parsed(COMPARED)).analysis, null);
  assert.deepEqual(await sectionOf("{}"), {
    question: null,
    reference: {},
    outcomes: [],
    effects: null,
    comments: "participants",
    silences: "exclude",
    time: "turn",
    test: null,
    correction: "holm",
    level: 0.95,
  });
});

Deno.test("parseExperiment() reads all keys of an analysis", async () => {
  const analysis = await sectionOf(`
  question: Does a moderator calm people down?
  reference: { moderator: gentle, models.talker.temperature: hot }
  outcomes: [toxicity, share, stance=against, rude, second/why, diversity, distinct-2]
  effects: [moderator, turn, "models.talker.temperature:moderator", " moderator : turn "]
  comments: all
  silences: include
  time: position
  test: paired
  correction: benjamini-hochberg
  model: { toxicity: ordinal, stance=against: linear, second/why: logistic }
  margin: { toxicity: 0.5, diversity: 0.02 }
  slopes: false
  adjust: [models.talker.temperature]
  level: 0.9`);
  assert.deepEqual(analysis, {
    question: "Does a moderator calm people down?",
    reference: { moderator: "gentle", "models.talker.temperature": "hot" },
    outcomes: ["toxicity", "share", "stance=against", "rude", "second/why", "diversity", "distinct-2"],
    effects: [["moderator"], ["turn"], ["models.talker.temperature", "moderator"], ["moderator", "turn"]],
    comments: "all",
    silences: "include",
    time: "position",
    test: "paired",
    correction: "benjamini-hochberg",
    model: { toxicity: "ordinal", "stance=against": "linear", "second/why": "logistic" },
    margin: { toxicity: 0.5, diversity: 0.02 },
    slopes: false,
    adjust: ["models.talker.temperature"],
    level: 0.9,
  });
});

Deno.test("parseExperiment() reads whose comments single outcomes count", async () => {
  const { comments, commentsOf } =
    (await sectionOf("{ comments: { diversity: all, annotation/toxicity: moderators } }"))!;
  assert.deepEqual([comments, commentsOf], [
    "participants",
    { diversity: "all", "annotation/toxicity": "moderators" },
  ]);
});

Deno.test("parseExperiment() reads planned looks, up to the largest number of discussions", async () => {
  assert.deepEqual((await sectionOf("{ looks: [3, 4] }"))!.looks, [3, 4]);
  assert.deepEqual((await sectionOf("{ looks: [50, 100] }"))!.looks, [50, 100]);
});

Deno.test("parseExperiment() finds a reference level by its label or by its value", async () => {
  const referenceIn = async (levels: string, written: string) => {
    const design = `design: { factors: { participants.roles: ${levels} } }\n`;
    const section = `{ reference: { participants.roles: ${written} } }`;
    return (await sectionOf(section, SMALL + design))!.reference["participants.roles"];
  };
  const roles =
    '[{ label: "no", value: [] }, { label: trolls, value: [{ name: troll, count: 1, instructions: x }] }]';
  assert.equal(await referenceIn(roles, "trolls"), "trolls");
  assert.equal(await referenceIn(roles, "[{ instructions: x, count: 1, name: troll }]"), "trolls");
  const temperature = async (levels: string, written: string) => {
    const design = `design: { factors: { models.talker.temperature: ${levels} } }\n`;
    const section = `{ reference: { models.talker.temperature: ${written} } }`;
    return (await sectionOf(section, SMALL + design))!.reference["models.talker.temperature"];
  };
  assert.equal(await temperature("[0.2, 0.9]", "0.9"), "0.9");
  assert.equal(await temperature("[{ label: cold, value: 0.2 }, 0.9]", "0.2"), "cold");
  // Labels are searched before values.
  assert.equal(await temperature('[{ label: "1", value: 2 }, { label: "2", value: 1 }]', "1"), "1");
  const none = await sectionOf("{ reference: { moderator: null } }");
  assert.deepEqual(none!.reference, { moderator: "none" });
});

Deno.test("parseExperiment() accepts an undeclared scale as an outcome if a later pass can have it", async () => {
  const outcomes = "[toxicity, second/toxicity, stance=for, a/b=c/d=e]";
  const later = await sectionOf(`{ outcomes: ${outcomes} }`, SMALL);
  assert.deepEqual(later!.outcomes, ["toxicity", "second/toxicity", "stance=for", "a/b=c/d=e"]);
  const another = await sectionOf("{ outcomes: [second/toxcity, annotation/toxicity] }");
  assert.deepEqual(another!.outcomes, ["second/toxcity", "annotation/toxicity"]);
});

Deno.test("parseExperiment() refuses a factor that would vary the section analysis", async () => {
  const factor = `${SMALL}analysis: { level: 0.9 }\ndesign: { factors: { analysis.level: [0.9, 0.95] } }\n`;
  assert.deepEqual(await problemsOf(factor), [
    'exp.yaml:12:22: design.factors.analysis.level: "analysis" is the same in all discussions: it cannot vary',
  ]);
});

Deno.test("parseExperiment() gives the same discussions and fingerprint with and without an analysis", async () => {
  const plain = await parsed(COMPARED);
  for (const section of ["{}", "{ outcomes: [toxicity], effects: [moderator] }"]) {
    const analysed = await parsed(`${COMPARED}analysis: ${section}\n`);
    assert.notEqual(analysed.analysis, null);
    assert.deepEqual([...planDiscussions(analysed)], [...planDiscussions(plain)]);
    const [a, b] = [analysed, plain].map((experiment) => experimentDocument(experiment));
    assert.deepEqual(a, b);
    assert.equal(experimentFingerprint(a!), experimentFingerprint(b!));
  }
});

const STANCE = { name: "stance", type: "nominal", labels: ["for", "against"], question: "Which?" } as const;

Deno.test("parseAnalysis() reads an analysis file, and the section of an experiment file", () => {
  const options = {
    file: "a.yaml",
    factors: { condition: ["1", "2"] },
    scales: [{ pass: "first", scale: STANCE }],
  };
  const text =
    "{ reference: { condition: 2 }, outcomes: [stance=for, first/stance=against], effects: [condition:turn] }";
  const analysis = parseAnalysis(text, options);
  assert.deepEqual([analysis.reference, analysis.outcomes, analysis.effects, analysis.time], [
    { condition: "2" },
    ["stance=for", "first/stance=against"],
    [["condition", "turn"]],
    "turn",
  ]);
  assert.deepEqual(parseAnalysis(`${SMALL}analysis: ${text}`, options), analysis);
});
