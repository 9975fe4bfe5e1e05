import assert from "node:assert/strict";
import { matchOf, parseSearch } from "./parse_search.ts";

const match = (text: string) => {
  const parsed = parseSearch(text);
  return "problem" in parsed ? parsed.problem : matchOf(parsed.terms, ["comments"]);
};

Deno.test("parseSearch() reads words, phrases and beginnings of words", () => {
  assert.equal(match("night buses"), '{comments} : ("night" AND "buses")');
  assert.equal(match('"Night Buses" late'), '{comments} : ("night buses" AND "late")');
  assert.equal(match("bus*"), '{comments} : ("bus" *)');
  assert.equal(match('"at nig"*'), '{comments} : ("at nig" *)');
  assert.equal(match("“at night”"), '{comments} : ("at night")');
});

Deno.test("parseSearch() splits words as texts are split, and searches unspaced scripts as phrases", () => {
  assert.equal(match("e-mail"), '{comments} : ("e mail")');
  assert.equal(match("東京 CAFÉ"), '{comments} : ("東 京" AND "cafe")');
  assert.equal(match("東*"), '{comments} : ("東" *)');
});

Deno.test("parseSearch() reads the syntax of the full-text index as text", () => {
  assert.equal(match('foo"bar'), '{comments} : ("foo" AND "bar")');
  assert.equal(
    match("a NOT b OR NEAR(c d, 2)"),
    '{comments} : ("a" AND "not" AND "b" AND "or" AND "near c" AND "d" AND "2")',
  );
  assert.equal(
    match("comments:x ^y -z {q} +w"),
    '{comments} : ("comments x" AND "y" AND "z" AND "q" AND "w")',
  );
  assert.equal(match("'; DROP TABLE logs; --"), '{comments} : ("drop" AND "table" AND "logs")');
});

Deno.test("parseSearch() says why there is nothing to search for", () => {
  for (const text of ["", "  ", "!?", '""', "*", "🚌", "\0"]) {
    assert.match(match(text), /the query has no word/, text);
  }
  assert.match(match("b*"), /^Cannot search for "b\*": expected at least 2 letters/);
  assert.match(match("a ".repeat(21)), /the query has 21 words, expected at most 20/);
  assert.match(match("x".repeat(501)), /the query has 501 characters, expected at most 500/);
});
