import assert from "node:assert/strict";
import { readPersonas } from "./personas.ts";

Deno.test("readPersonas() keeps all attributes except the name, in the file's order", () => {
  const { items, findings } = readPersonas([{
    zeal: "high",
    name: "Anna",
    age: 34,
    traits: ["calm", "witty"],
  }]);
  assert.deepEqual(findings, []);
  assert.deepEqual(items, [{
    name: "Anna",
    attributes: { zeal: "high", age: 34, traits: ["calm", "witty"] },
  }]);
  assert.deepEqual(Object.keys(items[0]!.attributes), ["zeal", "age", "traits"]);
});

Deno.test("readPersonas() reads the name from the key username of the Python library's files", () => {
  assert.deepEqual(readPersonas([{ username: "kim", age: 20 }]).items, [{
    name: "kim",
    attributes: { age: 20 },
  }]);
  assert.deepEqual(readPersonas([{ name: "Kim", username: "k1" }]).items, [
    { name: "Kim", attributes: { username: "k1" } },
  ]);
});

Deno.test("readPersonas() reads talkativeness in a CSV file as a number, and other numbers as texts", () => {
  const { items } = readPersonas([{ name: "A", talkativeness: "0.5", age: "07" }]);
  assert.deepEqual(items[0]!.attributes, { talkativeness: 0.5, age: "07" });
});

Deno.test("readPersonas() reports all problems", () => {
  const { findings } = readPersonas([
    { name: "Anna" },
    { name: "anna", talkativeness: -1 },
    { age: 3 },
    "Ben",
    { username: " Cid" },
    { name: "two\nlines" },
    { name: "D", score: NaN },
  ]);
  assert.deepEqual(findings.map(({ path, message }) => `${path.join(".")}: ${message}`), [
    "1.talkativeness: expected a number of at least 0, found -1",
    '1.name: another persona has the name "Anna": names must differ in more than upper and lower case',
    "2.name: is missing: expected a name: one line of 1 to 200 visible characters without spaces around it",
    '3: expected a persona: keys and values, with a name, found the text "Ben"',
    '4.username: expected a name: one line of 1 to 200 visible characters without spaces around it, found the text " Cid"',
    '5.name: expected a name: one line of 1 to 200 visible characters without spaces around it, found the text "two\\nlines"',
    "6.score: expected finite numbers, found NaN",
  ]);
});

Deno.test("readPersonas() accepts names of all scripts, even with one letter", () => {
  const names = ["Ω", "Zoë van Dijk", "王", "नमस्ते", "O'Neil", "user_1"];
  // These names need an invisible joiner: Persian, Sinhala, an emoji of three people.
  names.push("مهدی\u200cزاده", "ශ්\u200dරී", "👨\u200d👩\u200d👧");
  assert.deepEqual(readPersonas(names.map((name) => ({ name }))).findings, []);
});

Deno.test("readPersonas() refuses names with invisible characters that their spelling does not need", () => {
  for (const name of ["a\u202eb", "a\u00adb", "a\u0000b", "a\u2028b", "\u200da", "a\u200d"]) {
    assert.equal(readPersonas([{ name }]).findings.length, 1, JSON.stringify(name));
  }
});

Deno.test("readPersonas() refuses an empty list, and a value that is not a list", () => {
  assert.match(readPersonas({ name: "A" }).findings[0]!.message, /expected a list of personas/);
  assert.match(readPersonas([]).findings[0]!.message, /no persona/);
});

Deno.test("readPersonas() ignores the case of column names", () => {
  const rows = [{ NAME: "Anna", Age: "30", Talkativeness: "2" }, { NAME: "Bob", Age: "40" }];
  assert.deepEqual(readPersonas(rows, ["NAME", "Age", "Talkativeness"]), {
    items: [
      { name: "Anna", attributes: { Age: "30", talkativeness: 2 } },
      { name: "Bob", attributes: { Age: "40" } },
    ],
    findings: [],
  });
  const [kim] = readPersonas([{ UserName: "kim" }], ["UserName"]).items;
  assert.equal(kim!.name, "kim");
});

Deno.test("readPersonas() lists the columns of a table without a name column", () => {
  assert.deepEqual(readPersonas([{ Nom: "Anna", age: "30" }], ["Nom", "age"]).findings, [{
    path: [],
    message: 'the table has no column name or username: its columns are "Nom", "age"',
  }]);
  assert.deepEqual(
    readPersonas([{ age: "30" }], ["Name", "age"]).findings.map(({ message }) => message.slice(0, 10)),
    ["is missing"],
  );
});

Deno.test("readPersonas() suggests name or username for a key that differs only in case", () => {
  assert.deepEqual(readPersonas([{ NAME: "Anna" }, { UserName: "bob" }]).findings, [
    { path: [0, "NAME"], part: "key", message: "this key must be in lower case", suggestion: "name" },
    { path: [1, "UserName"], part: "key", message: "this key must be in lower case", suggestion: "username" },
  ]);
});
