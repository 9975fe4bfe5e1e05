import assert from "node:assert/strict";
import { promptWriter } from "./mod.ts";

Deno.test("comments() separates all comments, also those that a set writes as nothing", () => {
  const shown = ["", "a", "", "b\nc"].map((text) => ({ author: "Ann", text }));
  const comment = "{% if text %}{{ indented }}{% endif %}";
  const { comments } = promptWriter({ name: "own", layout: "transcript", separator: "|", comment });
  assert.equal(comments(shown), "|a||b\n  c");
  assert.equal(comments([]), "");
});
