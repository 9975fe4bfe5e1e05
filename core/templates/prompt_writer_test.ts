import assert from "node:assert/strict";
import { promptWriter } from "./mod.ts";

Deno.test("comments() separates all comments, even comments that the set renders as an empty text", () => {
  const shown = ["", "a", "", "b\nc"].map((text) => ({ author: "Ann", text }));
  const comment = "{% if text %}{{ indented }}{% endif %}";
  const { comments } = promptWriter({ name: "own", layout: "transcript", separator: "|", comment });
  assert.equal(comments(shown), "|a||b\n  c");
  assert.equal(comments([]), "");
});

Deno.test("PromptWriter.message() writes each system message with its own variables, even after a message with other variables", () => {
  const writer = promptWriter({
    name: "own",
    layout: "transcript",
    comment: "{{ text }}",
    participantSystem: "{{ name }} of {{ persona.town }}{% set role = persona %}, {{ role.town }}",
  });
  const [ada, ben] = [{ name: "Ada", persona: { town: "Ulm" } }, { name: "Ada", persona: { town: "Bern" } }];
  const [ofAda, ofBen] = ["Ada of Ulm, Ulm", "Ada of Bern, Bern"];
  for (const [variables, expected] of [[ada, ofAda], [ben, ofBen], [ada, ofAda], [ben, ofBen]] as const) {
    assert.equal(writer.message("participantSystem", variables), expected);
  }
  assert.equal(writer.message("participantSystem", { ...ada, role: "troll" }), ofAda);
});
