import assert from "node:assert/strict";
import { PrivateWords } from "../../adapters/stores/archive/private_words.ts";
import { Cleaner } from "./clean_texts.ts";

/** A path that is put together, so that this file names none. */
const PATH = ["", "home", "planted-user", "notes.txt"].join("/");

Deno.test("Cleaner replaces private words in all texts and names of members, and counts them", () => {
  const clean = new Cleaner(new PrivateWords({ users: ["planted-user"], hosts: [], folders: [] }));
  const value = { persona: { [PATH]: [1, PATH, { by: "planted-user" }], age: 30, none: null } };
  const text = JSON.stringify(clean.deep(value));
  assert.ok(!text.includes("planted-user"), text);
  assert.ok(text.includes('[1,"') && text.includes('"age":30,"none":null'), text);
  assert.equal(clean.replaced, 3);
});

Deno.test("Cleaner keeps all words if none are private", () => {
  const value = { persona: [PATH] };
  assert.deepEqual(new Cleaner(null).deep(value), value);
});
