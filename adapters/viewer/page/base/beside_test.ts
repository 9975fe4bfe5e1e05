import assert from "node:assert/strict";
import { type Beside, besideOf, besideRoute } from "./beside.ts";
import { formatRoute, parseRoute } from "./router.ts";

Deno.test("besideOf() reads what besideRoute() writes, with any names", () => {
  const all: readonly Beside[] = [
    { kind: "replicate", run: "a/b", replicate: 3 },
    { kind: "condition", run: "r", condition: "x=1&y" },
    { kind: "named", discussions: [{ run: "a/b", discussion: "c%2F d" }, { run: "r", discussion: "é" }] },
  ];
  for (const beside of all) {
    assert.deepEqual(besideOf(parseRoute(formatRoute(besideRoute(beside))).query), beside);
  }
});

Deno.test("besideOf() gives the first replicate of a run for an address that it cannot read", () => {
  assert.deepEqual(besideOf({ run: ["r"], replicate: ["-2"] }), {
    kind: "replicate",
    run: "r",
    replicate: 1,
  });
  assert.equal(besideOf({}), null);
  assert.deepEqual(besideOf({ with: ["a/%", "no-slash"] }), {
    kind: "named",
    discussions: [{ run: "a", discussion: "%" }],
  });
});
