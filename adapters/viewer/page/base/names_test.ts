import assert from "node:assert/strict";
import { shortName } from "./names.tsx";

Deno.test("shortName() leaves out the condition and the end of the hash", () => {
  assert.equal(shortName("gentle.r0001.ca6cd4619935b49e"), "r0001.ca6cd461");
  assert.equal(shortName("version-1.5.r0012.ca6cd4619935b49e.f2"), "r0012.ca6cd461.f2");
});

Deno.test("shortName() keeps names of another form", () => {
  for (const name of ["d000001", "council, 3 May", "r0001"]) assert.equal(shortName(name), name);
  assert.equal(shortName("none.r0001"), "r0001");
});
