import assert from "node:assert/strict";
import { moderatorPrompt, type OpenState, participantPrompt } from "../discussion/mod.ts";
import { evolve, initialState } from "../discussion/state.ts";
import { experimentDocument, experimentFingerprint } from "./fingerprint.ts";
import { planDiscussions } from "./plan.ts";
import { parsed, problemsOf, SMALL } from "./testing.ts";

const GERMAN = `name: german
layout: messages
participantSystem: |
  {{ context }}

  Sie sind {{ name }}{% if persona.age %}, {{ persona.age }} Jahre alt{% endif %}.
participant: "{% if first %}Eröffnen Sie das Gespräch.{% else %}Sie sind an der Reihe, {{ name }}.{% endif %}"
moderatorSystem: "Sie moderieren."
moderator: "Bitte moderieren Sie.{% if mayBeSilent %} Sonst nur {{ passWord }}.{% endif %}"
annotatorSystem: "{{ instructions }}"
annotator: "{{ comments }}|{{ scales[0].question }}|{{ scales[0].answers | join(' oder ') }}"
comment: "{{ author }} schreibt: {{ indented }}"
beginning: "Bisher:"
`;

const STUDY = SMALL.replace("turns: 4", "turns: 4\n  templates: german.yaml")
  .replace("participants:", "participants:\n  context: Das ist ein Forum.");

const opened = (design: Parameters<typeof participantPrompt>[0]["design"]) =>
  evolve(initialState, { type: "DiscussionOpened", data: design }) as OpenState;

Deno.test("discussion.templates names a file whose words replace all words of the built-in set", async () => {
  const experiment = await parsed(STUDY, { files: { "german.yaml": GERMAN } });
  const design = planDiscussions(experiment).at(0);
  assert.deepEqual(Object.keys(design.prompt.templates!), ["name", "sha256", "texts"]);
  assert.equal(design.prompt.templates!.name, "german");
  let state = opened(design);
  const [first, second] = design.participants;
  assert.deepEqual(participantPrompt(state, first!), [
    { role: "system", content: `Das ist ein Forum.\n\nSie sind ${first!.name}.` },
    { role: "user", content: "Eröffnen Sie das Gespräch." },
  ]);
  const said = { turn: 0, comment: 0, participant: first!.name, text: "Ja.\nNein." };
  state = evolve(state, { type: "TurnTaken", data: said }) as OpenState;
  assert.deepEqual(participantPrompt(state, first!).slice(1), [
    { role: "user", content: "Bisher:" },
    { role: "assistant", content: "Ja.\nNein." },
    { role: "user", content: `Sie sind an der Reihe, ${first!.name}.` },
  ]);
  assert.equal(
    participantPrompt(state, second!)[1]!.content,
    `${first!.name} schreibt: Ja.\n  Nein.\n\nSie sind an der Reihe, ${second!.name}.`,
  );
});

Deno.test("designs and fingerprints do not name the built-in sets default and dialogue, as in earlier versions", async () => {
  const design = async (text: string) => planDiscussions(await parsed(text)).at(0);
  const old = await design(SMALL);
  assert.deepEqual(await design(SMALL.replace("turns: 4", "turns: 4\n  templates: default")), old);
  assert.deepEqual(
    (await design(SMALL.replace("turns: 4", "turns: 4\n  templates: dialogue"))).prompt,
    (await design(SMALL.replace("turns: 4", "turns: 4\n  layout: dialogue"))).prompt,
  );
});

Deno.test("the words of a template set are part of the fingerprint", async () => {
  const of = async (words: string) =>
    experimentFingerprint(experimentDocument(await parsed(STUDY, { files: { "german.yaml": words } })));
  assert.notEqual(await of(GERMAN), await of(GERMAN.replace("Bisher:", "Schon gesagt:")));
});

Deno.test("discussion.templates can be a factor", async () => {
  const text =
    `${SMALL}design: { factors: { discussion.templates: [default, { label: deutsch, value: german.yaml }] } }\n`;
  const { conditions } = await parsed(text, { files: { "german.yaml": GERMAN } });
  assert.deepEqual(conditions.map(({ label }) => label), ["default", "deutsch"]);
  assert.deepEqual(conditions.map(({ variants: [one] }) => one!.prompt.layout), ["transcript", "dialogue"]);
  assert.deepEqual(conditions.map(({ variants: [one] }) => one!.prompt.templates?.name), [
    undefined,
    "german",
  ]);
});

Deno.test("a template for moderators gets the pass word only if the moderator is allowed to be silent", async () => {
  const text = STUDY.replace(
    "participants:",
    `moderators: { kind: { model: talker, schedule: every-turn } }
moderator: kind
participants:`,
  );
  const { moderator, ...design } = planDiscussions(await parsed(text, { files: { "german.yaml": GERMAN } }))
    .at(0);
  const last = (mayAbstain: boolean) =>
    moderatorPrompt(opened({ ...design, moderator }), moderator!, { mayAbstain }).at(-1)!.content;
  assert.equal(last(true), "Bitte moderieren Sie. Sonst nur PASS.");
  assert.equal(last(false), "Bitte moderieren Sie.");
});

/** The problems of an experiment with the German set, after a change of the set. */
const afterChange = (from: string, to: string, text = STUDY) =>
  problemsOf(text, { files: { "german.yaml": GERMAN.replace(from, to) } });

Deno.test("an unknown variable is a problem at its place in the file", async () => {
  assert.deepEqual(await afterChange("Sie sind {{ name }}", "Sie sind {{ nam }}"), [
    'german.yaml:6:15: participantSystem: there is no variable "nam" in this template; did you mean "name"?',
  ]);
  assert.deepEqual(await afterChange("{% if mayBeSilent %}", "{% if silent %}"), [
    'german.yaml:9:40: moderator: there is no variable "silent" in this template: ' +
    "expected name, persona, attributes, instructions, context, participants, passWord, comments, first or mayBeSilent",
  ]);
});

Deno.test("a mistake in Jinja is a problem at its place in the file", async () => {
  assert.deepEqual(await afterChange("{% endif %}.", "."), [
    "german.yaml:6:22: participantSystem: the block is not closed",
  ]);
  assert.deepEqual(await afterChange("name: german", "nam: german"), [
    "german.yaml:1:1: name: is missing: expected a name: one line of 1 to 200 visible characters without spaces " +
    "around it",
    'german.yaml:1:1: nam: unknown key; did you mean "name"?',
  ]);
  assert.deepEqual(await afterChange("name: german", "name: default"), [
    'german.yaml:1:7: name: "default" is a built-in set: give yours another name',
  ]);
});

Deno.test("a value that some drawn participants lack is a problem, because every prompt is rendered", async () => {
  const text = STUDY.replace("{ name: Anna }", "{ name: Anna, age: 3 }");
  assert.deepEqual(
    await afterChange(
      "{% if persona.age %}, {{ persona.age }} Jahre alt{% endif %}",
      "{{ persona.age }}",
      text,
    ),
    [
      'german.yaml:6:22: participantSystem: {{ persona.age }} has no value for "Cid"',
    ],
  );
});

Deno.test("a value that one persona lacks is a problem, even if the first discussions do not draw it", async () => {
  const aged = Array.from({ length: 30 }, (_, index) => `{ name: P${index}, age: 3 }`).join(", ");
  const text = STUDY.replace("[{ name: Anna }", `[${aged}, { name: Anna, age: 3 }`)
    .replace("{ name: Ben }", "{ name: Ben, age: 3 }")
    .replace(
      "  personas:",
      "  count: 1\n  roles: [{ name: troll, probability: 0.1, instructions: Provoke. }]\n  personas:",
    );
  const age = "{% if persona.age %}, {{ persona.age }} Jahre alt{% endif %}";
  assert.deepEqual(await afterChange(age, "{{ persona.age }}", text), [
    'german.yaml:6:22: participantSystem: {{ persona.age }} has no value for "Cid"',
  ]);
  // Each persona can get the role in any discussion.
  assert.deepEqual(await afterChange(age, "{% if role.name %}{{ persona.job }}{% endif %}", text), [
    'german.yaml:6:40: participantSystem: {{ persona.job }} has no value for "P0"',
  ]);
});

Deno.test("a template set that lacks a template is a problem if a prompt needs this template", async () => {
  assert.deepEqual(await afterChange('beginning: "Bisher:"\n', ""), [
    'german.yaml:1:1: beginning: the set has no template "beginning": add it',
  ]);
  assert.deepEqual(await afterChange('moderatorSystem: "Sie moderieren."\n', ""), []);
});

Deno.test("an unknown template set is a problem", async () => {
  assert.deepEqual(await problemsOf(SMALL.replace("turns: 4", "turns: 4\n  templates: dialoge")), [
    'exp.yaml:11:14: discussion.templates: there is no built-in template set "dialoge": expected default, dialogue or syndisco-python, ' +
    'or the path of your own (.yaml); did you mean "dialogue"?',
  ]);
  assert.match(
    (await problemsOf(STUDY))[0]!,
    /^exp\.yaml:12:14: discussion\.templates: cannot read "german\.yaml": /,
  );
  assert.deepEqual(
    await problemsOf(SMALL.replace("turns: 4", "turns: 4\n  templates: default\n  layout: dialogue")),
    ['exp.yaml:12:3: discussion.layout: the template set "default" has its own layout: remove this key'],
  );
});

Deno.test("annotation.templates names a file whose words replace the words of the annotation", async () => {
  const text = `${STUDY}annotation:
  annotators: { model: talker, instructions: Bewerten Sie. }
  templates: german.yaml
  scales: { ton: { type: nominal, labels: [ruhig, laut], question: Welcher Ton? } }
`;
  const { annotation, sources } = await parsed(text, { files: { "german.yaml": GERMAN } });
  assert.equal(annotation!.design.prompt.templates!.name, "german");
  assert.deepEqual([...sources.keys()], ["german.yaml"]);
  assert.deepEqual(await afterChange("scales[0].question", "scales[0].qestion", text), [
    'german.yaml:11:28: annotator: {{ scales[0].qestion }} has no value for "talker"',
  ]);
});
