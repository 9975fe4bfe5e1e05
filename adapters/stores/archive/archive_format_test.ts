import assert from "node:assert/strict";
import { pathProblem } from "./archive_format.ts";

Deno.test("pathProblem() refuses paths that lead out of a folder or cannot be written", () => {
  const cases: readonly [path: string, problem: RegExp][] = [
    ["", /empty/],
    ["/etc/passwd", /absolute/],
    ["C:/run/a", /absolute/],
    ["c:a", /absolute/],
    ["run/../a", /leads out/],
    ["..", /leads out/],
    ["run/./a", /empty part/],
    ["run//a", /empty part/],
    ["run\\..\\a", /backslash/],
    ["run/a\nb", /control character/],
    ["run/a\u0000", /control character/],
    ["run/\ufffd", /Unicode/],
    [`run/${"я".repeat(128)}`, /255 bytes/],
    ["run/a".repeat(300), /1024 bytes/],
  ];
  for (const [path, problem] of cases) assert.match(pathProblem(path, "linux") ?? "none", problem, path);
});

Deno.test("pathProblem() allows names of any language, and names that only Windows refuses", () => {
  for (
    const path of [
      "пилот/discussions/con.r0001.jsonl",
      "a b/'ü'.txt",
      "run/12:30.txt",
      "run/..a/a..",
      "run/.x",
    ]
  ) {
    assert.equal(pathProblem(path, "linux"), null, path);
  }
  for (const path of ["run/con.r0001.jsonl", "run/NUL", "run/a:b", "run/a.", "run/a ", "run/a?"]) {
    assert.match(pathProblem(path, "windows") ?? "none", /^Windows/, path);
  }
  assert.equal(pathProblem("run/console.jsonl", "windows"), null);
});
