import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT } from "./analysis_design.ts";
import { analysisByLabel, factorLabels, mergedLabels } from "./factor_labels.ts";
import { experimentDocument, experimentFingerprint } from "./fingerprint.ts";
import { planDiscussions } from "./plan.ts";
import { parsed, problemsOf, SMALL } from "./testing.ts";

const LABELLED = `${SMALL}
moderators: { gentle: { model: talker, schedule: every-turn } }
design:
  factors:
    moderator: { label: Moderation, levels: [none, gentle] }
    length: { label: Length, levels: [{ label: short, set: { discussion.turns: 2 } }, { label: long, set: {} }] }
  vary: { discussion.history: { label: Comments shown, levels: [1, 3] } }
`;
const BARE = LABELLED.replaceAll(/\{ label: [A-Z][a-z ]+, levels: (\[.*\]) \}/g, "$1");

const ANALYSED = `${LABELLED}analysis: { outcomes: [words], `;

async function analysisOf(rest: string) {
  return (await parsed(`${ANALYSED}${rest} }\n`)).analysis!;
}

Deno.test("a label names a factor, and changes neither the discussions nor the fingerprint", async () => {
  assert.notEqual(LABELLED, BARE);
  const [labelled, bare] = [await parsed(LABELLED), await parsed(BARE)];
  assert.deepEqual(factorLabels(labelled), {
    moderator: "Moderation",
    length: "Length",
    "discussion.history": "Comments shown",
  });
  assert.deepEqual(factorLabels(bare), {});
  assert.deepEqual([...planDiscussions(labelled)], [...planDiscussions(bare)]);
  assert.deepEqual(planDiscussions(labelled).at(0).factors, { moderator: "none", length: "short" });
  const [one, other] = [labelled, bare].map((found) => experimentFingerprint(experimentDocument(found)));
  assert.equal(one, other);
});

Deno.test("an analysis names factors by path or label, and keeps their paths", async () => {
  const byLabel = await analysisOf("reference: { Moderation: gentle }, effects: [Length, Length:Moderation]");
  const byPath = await analysisOf("reference: { moderator: gentle }, effects: [length, length:moderator]");
  assert.deepEqual(byLabel, byPath);
  assert.deepEqual(byPath.effects, [["length"], ["length", "moderator"]]);
  assert.deepEqual(byPath.reference, { moderator: "gentle" });
});

Deno.test("parseExperiment() refuses a factor that is named twice, by path and by label, and an unknown factor", async () => {
  const problems = await problemsOf(
    `${ANALYSED}reference: { moderator: none, Moderation: gentle }, effects: [length, Length, Moderatoin] }\n`,
  );
  assert.deepEqual(problems.map((text) => text.replace(/^exp\.yaml:\d+:\d+: /, "")), [
    'analysis.reference.Moderation: "moderator" already has a reference',
    'analysis.effects.1: "Length" is the same as "length"',
    'analysis.effects.2: there is no factor "Moderatoin": expected moderator, length or turn; did you mean "moderator"?',
  ]);
});

Deno.test("parseExperiment() refuses labels that effects cannot name, and labels that two factors have", async () => {
  for (const label of ['"a:b"', "turn", "run", '" "', '"two\\nlines"', "x".repeat(101)]) {
    const [problem] = await problemsOf(LABELLED.replace("label: Moderation", `label: ${label}`));
    assert.match(
      problem!,
      /^exp\.yaml:\d+:\d+: design\.factors\.moderator\.label: .* cannot be the label of a factor/,
    );
  }
  for (const name of ["turn", "run"]) {
    const levels =
      "[{ label: a, set: { discussion.history: 1 } }, { label: b, set: { discussion.history: 2 } }]";
    assert.match(
      (await problemsOf(`${SMALL}design:\n  factors: { ${name}: ${levels} }\n`)).join("\n"),
      new RegExp(`"${name}" cannot be the name of a factor, because reports use it: choose another name`),
    );
  }
  for (const taken of ["Length", "length", "Comments shown"]) {
    const [problem] = await problemsOf(LABELLED.replace("label: Moderation", `label: ${taken}`));
    assert.match(problem!, /\.label: two factors have the name "/);
  }
});

Deno.test("parseExperiment() reports problems inside `{ label, levels }` with their places", async () => {
  const at = async (factor: string) =>
    await problemsOf(`${SMALL}design:\n  factors:\n    discussion.history: ${factor}\n`);
  assert.deepEqual(await at("{ label: H, level: [1] }"), [
    "exp.yaml:13:5: design.factors.discussion.history.levels: is missing: expected a list of levels",
    'exp.yaml:13:37: design.factors.discussion.history.level: unknown key; did you mean "levels"?',
  ]);
  const [wrong] = await at("{ label: H, levels: [1, some] }");
  assert.match(wrong!, /^exp\.yaml:13:49: discussion\.history: .*\(when discussion\.history is some\)/);
  const [none] = await at("{ label: H, levels: [] }");
  assert.match(
    none!,
    /^exp\.yaml:13:45: design\.factors\.discussion\.history\.levels: expected at least one level/,
  );
});

Deno.test("the label of a long text is its first words, and an analysis can name the level by the whole text", async () => {
  const start = "Write one short comment, as the person described would write it";
  const [polite, plain] = [
    `${start}, and never be rude to anyone who disagrees with you.`,
    `${start}.\nUse plain words.`,
  ];
  const written = [polite, plain, "Be brief."].map((text) => `      - ${JSON.stringify(text)}\n`).join("");
  const { conditions, analysis } = await parsed(
    `${SMALL}design:\n  factors:\n    participants.instructions:\n${written}` +
      `analysis: { outcomes: [words], reference: { participants.instructions: ${JSON.stringify(plain)} } }\n`,
  );
  assert.deepEqual(conditions.map(({ label }) => label), [
    "Write one short comment, as the person…",
    "Write one short comment, as the person… (2)",
    "Be brief.",
  ]);
  assert.deepEqual(conditions.map(({ variants }) => variants[0]!.prompt.instructions), [
    polite,
    plain,
    "Be brief.",
  ]);
  assert.deepEqual(analysis!.reference, {
    "participants.instructions": "Write one short comment, as the person… (2)",
  });
});

Deno.test("mergedLabels() takes the first label of a factor, and gives no label to two factors", () => {
  assert.deepEqual(mergedLabels([{}, { a: "One" }, { a: "Two", b: "One", c: "Three" }]), {
    a: "One",
    c: "Three",
  });
});

Deno.test("analysisByLabel() renames factors in references, effects and adjustments, and does not rename turn", () => {
  const analysis = {
    ...ANALYSIS_DEFAULT,
    reference: { a: "x" },
    effects: [["a", "turn"], ["b"]],
    adjust: ["b", "a"],
  };
  const named = analysisByLabel(analysis, { a: "One", turn: "Time" });
  assert.deepEqual([named.reference, named.effects], [{ One: "x" }, [["One", "turn"], ["b"]]]);
  assert.deepEqual(named.adjust, ["b", "One"]);
  assert.ok(!("adjust" in analysisByLabel(ANALYSIS_DEFAULT, {})));
  assert.equal(analysisByLabel(ANALYSIS_DEFAULT, {}).effects, null);
});
