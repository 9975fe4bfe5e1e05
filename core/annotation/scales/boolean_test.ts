import assert from "node:assert/strict";
import { readValue, type Scale, scaleTypeOf } from "./mod.ts";

const FRAGE: Scale = {
  name: "frage",
  type: "boolean",
  question: "Ist das eine Frage?",
  labels: { yes: "Ja", no: "Nein" },
};

Deno.test("a boolean scale with labels reads its words for yes and no, and also true and false in JSON", () => {
  assert.deepEqual(scaleTypeOf(FRAGE).answers!(FRAGE), ["Ja", "Nein"]);
  for (const reply of ["ja", "**Ja**", "JA.", "true"]) {
    assert.deepEqual(readValue(FRAGE, reply), { value: true });
  }
  for (const reply of ["nein", "Nein!", "false"]) assert.deepEqual(readValue(FRAGE, reply), { value: false });
  assert.ok("problem" in readValue(FRAGE, "yes"));
});
