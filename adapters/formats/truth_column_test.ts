import assert from "node:assert/strict";
import { FormatError } from "./format_error.ts";
import { TruthColumn, truthOf } from "./columns.ts";

const TRUTHS: readonly (readonly [truth: boolean | null | undefined, values: readonly unknown[]])[] = [
  [true, [
    true,
    1,
    "1",
    "1.0",
    "1.",
    "true",
    "True",
    "TRUE",
    "t",
    "T",
    "yes",
    "YES",
    "y",
    "Y",
    "on",
    " yes ",
  ]],
  [false, [false, 0, "0", "0.0", "0.", "false", "False", "FALSE", "f", "F", "no", "No", "n", "N", "off"]],
  [null, [null, undefined, "", " ", "nan", "NaN", "None", "null", "NA", "<NA>", "\\N"]],
  [undefined, [2, -1, "2", "01", "10", "0.5", "x", "✓", "maybe", "wahr", "ja", "Kim", "not", "yes!", [], {}, [
    true,
  ]]],
];

for (const [truth, values] of TRUTHS) {
  Deno.test(`truthOf() reads ${values.map(String).join(", ")} as ${truth}`, () => {
    for (const value of values) assert.equal(truthOf(value), truth, String(value));
  });
}

Deno.test("TruthColumn reads an empty cell as no, but refuses it if another cell says no", () => {
  const column = new TruthColumn("is_mod", "isModerator");
  assert.deepEqual([column.read("", 2), column.read("yes", 3)], [null, true]);
  assert.equal(column.whereEmpty(2), false);
  assert.equal(column.read("no", 4), false);
  assert.throws(() => column.whereEmpty(2), (error) => {
    assert.ok(error instanceof FormatError);
    assert.equal(error.message, "its is_mod is empty, which can mean yes or no, since line 4 says no");
    return error.line === 2;
  });
});

Deno.test("TruthColumn reports an unknown value, its line and a remedy", () => {
  assert.throws(() => new TruthColumn("moderator", "isModerator").read("Kim", 7), (error) => {
    assert.ok(error instanceof FormatError);
    assert.match(
      error.message,
      /^the column "moderator" holds "Kim", which is neither yes nor no\. .*--map isModerator=$/,
    );
    return error.line === 7;
  });
});
