import assert from "node:assert/strict";
import { experimentDocument, experimentFingerprint } from "./fingerprint.ts";
import { planDiscussions } from "./plan.ts";
import { parsed, problemsOf, SMALL } from "./testing.ts";

const MODERATED = SMALL + "moderators: { gentle: { model: talker, schedule: every-turn } }\n";

function withBranch(...levels: readonly string[]): string {
  return `${MODERATED}design:\n  factors:\n    branch:\n${
    levels.map((level) => `      - ${level}\n`).join("")
  }`;
}

const UNCHANGED = "{ label: unchanged, set: {} }";

Deno.test("a level with `set` sets several values, and all other values are as in the file", async () => {
  const text = withBranch(UNCHANGED, "{ label: changed, set: { moderator: gentle, discussion.history: 1 } }");
  const { factors, conditions, content } = await parsed(text);
  assert.deepEqual(factors.map(({ path, levels }) => [path, levels]), [["branch", [
    { label: "unchanged", value: { moderator: null, "discussion.history": null } },
    { label: "changed", value: { moderator: "gentle", "discussion.history": 1 } },
  ]]]);
  assert.deepEqual(conditions.map(({ label, factors }) => [label, factors]), [
    ["unchanged", { branch: "unchanged" }],
    ["changed", { branch: "changed" }],
  ]);
  const designs = [...planDiscussions(await parsed(text))];
  assert.deepEqual(designs.map(({ moderator, history }) => [moderator?.name ?? null, history]), [
    [null, 3],
    ["Moderator", 1],
  ]);
  assert.deepEqual(content.moderator, null);
});

Deno.test("if only some levels set a value, the fingerprint depends on this value in the file, too", async () => {
  const fingerprint = async (text: string) => experimentFingerprint(experimentDocument(await parsed(text)));
  const text = withBranch("{ label: changed, set: { discussion.history: 1 } }", UNCHANGED);
  assert.notEqual(
    await fingerprint(text),
    await fingerprint(text.replace("turns: 4\n", "turns: 4\n  history: 2\n")),
  );
});

Deno.test("parseExperiment() refuses wrong levels with `set`", async () => {
  const [first] = await problemsOf(withBranch(UNCHANGED, "{ label: changed, set: { moderato: gentle } }"));
  assert.match(first!, /exp\.yaml:16:.*"moderato".*; did you mean "moderator"\?/);
  const [second] = await problemsOf(withBranch(UNCHANGED, "{ label: changed, value: 1 }"));
  assert.match(second!, /^exp\.yaml:16:\d+: design\.factors\.branch\.1/);
  const [third] = await problemsOf(withBranch(UNCHANGED, "{ label: changed, set: { moderator: nice } }"));
  assert.match(
    third!,
    /^exp\.yaml:16:\d+: moderator: there is no moderator "nice".*\(when branch is changed\)/,
  );
  const [fourth] = await problemsOf(
    withBranch(UNCHANGED, "{ label: changed, set: { discussion: { turns: 2 }, discussion.turns: 3 } }"),
  );
  assert.match(fourth!, /"discussion\.turns" and "discussion" overlap/);
  const [fifth] = await problemsOf(withBranch(UNCHANGED, '{ label: " ", set: { discussion.turns: 3 } }'));
  assert.match(fifth!, /" " cannot be the label of a level: write \{ label: …, set: … \}/);
});
