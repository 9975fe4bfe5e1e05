import assert from "node:assert/strict";
import { recordFinding } from "./run_record.ts";

Deno.test("recordFinding() names every repair, and does not count repairs as deviations", () => {
  const repairs = [
    { at: "2026-01-01T00:00:00.000Z", discussions: ["a"] },
    { at: "2026-01-02T00:00:00.000Z", discussions: ["a", "b", "c", "d"] },
  ];
  const log = {
    kind: "kept",
    hashes: new Set(["1"]),
    ends: new Map([["a", [1, "2"] as const]]),
    repairs,
  } as const;
  const heads = { discussions: 4, unnamed: [], foreign: [] };
  const { observed, expected, basis } = recordFinding({ log, problems: [] }, heads);
  assert.deepEqual([observed!.count, expected], [5, 5]);
  assert.match(
    basis,
    /; a repair of 2026-01-01T00:00:00\.000Z shortened 1 log: a; a repair of 2026-01-02T00:00:00\.000Z shortened 4 logs: a, b, c, …$/,
  );
});
