import assert from "node:assert/strict";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { loadExperiment } from "../../adapters/local/mod.ts";
import { templateWarnings, warningsText } from "./template_warnings.ts";

const GREEK = {
  name: "greek",
  participantSystem: "{{ context }} Είσαι ο {{ name }}. {{ instructions }}",
  participant: "{{ comments }} Είναι η σειρά σου.",
  moderatorSystem: "{{ context }} Συντονίζεις. {{ instructions }}",
  moderator: "{{ comments }} Τι λες;",
  annotatorSystem: "{{ instructions }}",
  annotator: "{{ comments }} {{ scales[0].question }}",
  comment: "{{ author }}: {{ text }}",
  beginning: "…",
};

const TEXTS = { context: "Συζήτηση.", instructions: "Γράψε." };

/** The warnings about an experiment whose prompts are in Greek, with these changes. */
async function warningsOf(
  { set = {}, participants = TEXTS, moderator = "Ηρεμία.", annotators = "Βαθμολόγησε.", history = 3 }:
    Readonly<{
      set?: Readonly<Record<string, string>>;
      participants?: object;
      moderator?: string | undefined;
      annotators?: string | undefined;
      history?: number;
    }>,
): Promise<readonly string[]> {
  const experiment = {
    name: "greek",
    seed: 1,
    models: { m: { adapter: "scripted" } },
    participants: { model: "m", personas: [{ name: "Άννα" }], ...participants },
    moderators: { host: { model: "m", schedule: "every-turn", ...moderator && { instructions: moderator } } },
    discussion: { turns: 2, history, templates: "set.json" },
    design: { factors: { moderator: ["none", "host"] } },
    annotation: {
      annotators: { model: "m", ...annotators && { instructions: annotators } },
      templates: "set.json",
      scales: { tone: { type: "boolean", question: "Τόνος;" } },
    },
  };
  let found: readonly string[] = [];
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/set.json`, JSON.stringify({ ...GREEK, ...set }));
    await Deno.writeTextFile(`${folder}/e.json`, JSON.stringify(experiment));
    found = templateWarnings(await loadExperiment(`${folder}/e.json`));
  });
  return found;
}

const ENGLISH = (paths: string) =>
  `the template set "greek" does not look English, but its prompts show the English defaults of ${paths}. ` +
  "Write these texts in the file";

Deno.test("templateWarnings() finds nothing if all texts are in the language of the set", async () => {
  assert.deepEqual(await warningsOf({}), []);
});

Deno.test("templateWarnings() lists the English defaults in the prompts of another language once", async () => {
  assert.deepEqual(await warningsOf({ participants: {}, moderator: "", annotators: "" }), [
    ENGLISH(
      "participants.context, participants.instructions, moderators.<name>.instructions, annotation.annotators.instructions",
    ),
  ]);
});

for (
  const [paths, change] of [
    ["participants.context", { participants: { instructions: "Γράψε." } }],
    ["participants.instructions", { participants: { context: "Συζήτηση." } }],
    ["moderators.<name>.instructions", { moderator: "" }],
    ["annotation.annotators.instructions", { annotators: "" }],
  ] as const
) {
  Deno.test(`templateWarnings() finds the English default of ${paths}`, async () => {
    assert.deepEqual(await warningsOf(change), [ENGLISH(paths)]);
  });
}

Deno.test("templateWarnings() ignores a default that no template shows, and ignores sets with English words", async () => {
  const participants = { context: "Συζήτηση." };
  const participantSystem = "{{ context }} Είσαι ο {{ name }}.";
  assert.deepEqual(await warningsOf({ participants, set: { participantSystem } }), []);
  assert.deepEqual(await warningsOf({ participants, set: { participantSystem: "You are {{ name }}." } }), []);
});

for (const kind of ["participant", "moderator", "annotator"]) {
  Deno.test(`templateWarnings() finds that the template ${kind} shows no comments`, async () => {
    const [warning, ...others] = await warningsOf({ set: { [kind]: "Τι λες;" } });
    assert.match(
      warning!,
      new RegExp(`^the template ${kind} of the set "greek" does not use {{ comments }}`),
    );
    assert.deepEqual(others, []);
  });
}

Deno.test("templateWarnings() accepts a template without comments if they are messages, or if none are shown", async () => {
  const set = { participant: "Τι λες;", moderator: "Τι λες;" };
  assert.deepEqual(await warningsOf({ set: { ...set, layout: "messages" } }), []);
  assert.deepEqual(await warningsOf({ set, history: 0 }), []);
});

Deno.test("warningsText() writes one line for each warning", () => {
  assert.equal(warningsText(["one", "two\n"]), "warning: one\nwarning: two\\n\n");
  assert.equal(warningsText([]), "");
});
