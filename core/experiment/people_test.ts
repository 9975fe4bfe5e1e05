import assert from "node:assert/strict";
import { memorySources } from "../ports/mod.ts";
import { portableSha256 } from "../sha256.ts";
import { readDocument } from "./document.ts";
import { builtInExtensions } from "./extensions.ts";
import { experimentDocument } from "./fingerprint.ts";
import { parseAnnotation } from "./section_files.ts";
import { parsed, problemsOf, RATED, SMALL } from "./testing.ts";

const files = { "consent.md": "I agree.\n", "thanks.txt": "Thank you." };
const consent = { file: "consent.md", text: "I agree.\n", sha256: portableSha256("I agree.\n") };
const WITH_TEXTS = `${SMALL}people: { consent: consent.md, debriefing: thanks.txt }\n`;

Deno.test("the section people names the files of consent and debriefing, and their texts are not changed", async () => {
  const { people } = await parsed(WITH_TEXTS, { files });
  assert.deepEqual(people.consent, consent);
  assert.equal(people.debriefing!.text, "Thank you.");
  assert.deepEqual((await parsed(SMALL)).people, {
    consent: null,
    debriefing: null,
    rating: { instructions: null, repeat: 0.05, known: [], quiz: [] },
  });
});

Deno.test("an annotation file has the section people, too", async () => {
  const { people } = await parseAnnotation(
    readDocument(`${RATED}people: { consent: consent.md }\n`, "a.yaml"),
    {
      sources: memorySources(files),
      extensions: builtInExtensions(["scripted"]),
      seed: "s",
    },
  );
  assert.deepEqual([people.consent, people.debriefing], [consent, null]);
});

Deno.test("the fingerprint of an experiment does not depend on the text for consent", async () => {
  const [before, after] = [
    await parsed(WITH_TEXTS, { files }),
    await parsed(WITH_TEXTS, { files: { ...files, "consent.md": "I agree to more." } }),
  ];
  assert.deepEqual(experimentDocument(before!), experimentDocument(after!));
  assert.deepEqual(experimentDocument(before!), experimentDocument(await parsed(SMALL)));
});

Deno.test("parse() names wrong values and unreadable files of people", async () => {
  const problems = (people: string, beside = files as Record<string, string>) =>
    problemsOf(`${SMALL}people: ${people}\n`, { files: beside });
  assert.deepEqual(await problems("{ consent: gone.md }"), [
    'exp.yaml:11:20: people.consent: cannot read "gone.md": there is no file "gone.md"',
  ]);
  assert.deepEqual(await problems("{ consent: consent.pdf, debriefing: 3 }"), [
    'exp.yaml:11:20: people.consent: cannot read "consent.pdf": its name does not end in .md or .txt',
    "exp.yaml:11:45: people.debriefing: expected a text, found 3",
  ]);
  assert.deepEqual(await problems("{ consent: empty.md }", { "empty.md": " \n" }), [
    'exp.yaml:11:20: people.consent: cannot read "empty.md": it is empty',
  ]);
  assert.deepEqual(await problems("[]"), [
    "exp.yaml:11:9: people: expected keys and values, found an empty list",
  ]);
  assert.deepEqual(await problems("{ concent: consent.md }"), [
    'exp.yaml:11:11: people.concent: unknown key; did you mean "consent"?',
  ]);
});

Deno.test("the texts that people read cannot vary between discussions", async () => {
  const text = `${WITH_TEXTS}design: { factors: { people.consent: [a.md, b.md] } }\n`;
  assert.match(
    (await problemsOf(text, { files })).join(),
    /"people" is the same in all discussions: it cannot vary/,
  );
});
