import assert from "node:assert/strict";
import { Collisions, isLock, pathProblem } from "./archive_format.ts";

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
    ["run/a\u0085", /control character/],
    ["run/a\u202egpj.exe", /direction of writing/],
    ["run/\u2066a", /direction of writing/],
    ["run/a\u200f", /direction of writing/],
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

Deno.test("Collisions finds names that differ only in case or in how accents are written", () => {
  const collisions = new Collisions();
  for (const path of ["run/a", "run/A b", "run/b/x", "run/b/y", "run/ü"]) {
    assert.equal(collisions.add(path), null, path);
  }
  assert.equal(collisions.add("run/a B"), "run/A b");
  assert.equal(collisions.add("run/B/z"), "run/b");
  assert.equal(collisions.add("run/U\u0308"), "run/ü");
});

Deno.test("isLock() recognises the locks of a run, and no other files", () => {
  for (const path of ["run.lock", "run.1-of-2.lock", "run.log.lock", "RUN.LOCK", "run.lock/x"]) {
    assert.ok(isLock(path), path);
  }
  for (const path of ["inputs/run.lock", "run.a/b.lock", "rerun.lock", "run.lock.txt"]) {
    assert.ok(!isLock(path), path);
  }
});
