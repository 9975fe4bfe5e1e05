import assert from "node:assert/strict";
import { hasTerms, matchedParts, searchTerms } from "./matches.ts";

Deno.test("searchTerms() reads words, phrases and beginnings of words", () => {
  assert.deepEqual(searchTerms('night "last bus" ride* "'), ["night", "last bus", "ride"]);
  assert.deepEqual(searchTerms("  "), []);
});

Deno.test("hasTerms() needs every term, ignores case, and takes special characters as they are", () => {
  assert.equal(hasTerms("The last BUS leaves", ["bus", "last"]), true);
  assert.equal(hasTerms("The last bus", ["bus", "tram"]), false);
  assert.equal(hasTerms("1+1", ["1.1"]), false);
  assert.equal(hasTerms(null, ["bus"]), false);
  assert.equal(hasTerms("bus", []), false);
});

Deno.test("matchedParts() cuts a text at its matches and loses nothing of it", () => {
  assert.deepEqual(matchedParts("Bus and minibus (bus)", ["bus", "minibus"]), [
    { text: "Bus", isHit: true },
    { text: " and ", isHit: false },
    { text: "minibus", isHit: true },
    { text: " (", isHit: false },
    { text: "bus", isHit: true },
    { text: ")", isHit: false },
  ]);
  assert.deepEqual(matchedParts("", ["a"]), [{ text: "", isHit: false }]);
});
