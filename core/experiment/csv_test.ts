import assert from "node:assert/strict";
import { readCsv } from "./csv.ts";

Deno.test("readCsv() reads RFC 4180: quotes, doubled quotes, commas and line breaks in fields", async () => {
  const text = 'name,says\r\n"Lee, Ann","She said ""no"""\r\nBen,"two\r\nlines"\r\n';
  const { value, problems } = await readCsv(text, "p.csv");
  assert.deepEqual(problems, []);
  assert.deepEqual(value, [
    { name: "Lee, Ann", says: 'She said "no"' },
    { name: "Ben", says: "two\r\nlines" },
  ]);
});

Deno.test("readCsv() reads what spreadsheets write: a byte order mark, semicolons, tabs", async () => {
  assert.deepEqual((await readCsv("\ufeffname;age\nA,B;3\n", "p.csv")).value, [{ name: "A,B", age: "3" }]);
  assert.deepEqual((await readCsv("name\tage\nA\t3\n", "p.csv")).value, [{ name: "A", age: "3" }]);
});

Deno.test("readCsv() leaves empty cells and empty lines out", async () => {
  assert.deepEqual((await readCsv("name,age\nA,\n\nB,4\n", "p.csv")).value, [
    { name: "A" },
    { name: "B", age: "4" },
  ]);
});

Deno.test("readCsv() knows the line of a record, even after records of several lines", async () => {
  const { placeOf } = await readCsv('name\nA\n"B\nb"\n\nC\n', "p.csv");
  assert.deepEqual([0, 1, 2].map((row) => placeOf([row]).line), [2, 3, 6]);
});

Deno.test("readCsv() reports every row with too many or too few fields", async () => {
  const { problems } = await readCsv("name,age\nA\nB,1\nC,1,2\n", "p.csv");
  assert.deepEqual(problems.map(({ line, message }) => `${line}: ${message}`), [
    "2: the row has 1 field, but the header has 2",
    "4: the row has 3 fields, but the header has 2",
  ]);
});

Deno.test("readCsv() reports repeated and missing column names, and unclosed quotes", async () => {
  const header = await readCsv("name,name,\nA,B,C\n", "p.csv");
  assert.deepEqual(header.problems.map(({ message }) => message), [
    "a column has no name in the header",
    'the header names the column "name" twice',
  ]);
  const quote = await readCsv('name\nA\n"B\n', "p.csv");
  assert.match(quote.problems[0]!.message, /[Qq]uote/);
  assert.equal(quote.complete, false);
});

Deno.test("readCsv() refuses columns that differ only in case, and removes spaces and a byte order mark around names", async () => {
  const twice = await readCsv("Name,age, NAME \nA,1,B\n", "p.csv");
  assert.deepEqual(twice.problems.map(({ line, message }) => `${line}: ${message}`), [
    '1: the header names the columns "Name" and "NAME": names must differ in more than upper and lower case',
  ]);
  const { columns, value } = await readCsv('\ufeff" NAME ",\u00a0Age\nA,1\n', "p.csv");
  assert.deepEqual([columns, value], [["NAME", "Age"], [{ NAME: "A", Age: "1" }]]);
});
