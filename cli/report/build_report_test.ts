import assert from "node:assert/strict";
import { ANALYSIS_DEFAULT } from "../../core/experiment/mod.ts";
import { buildReport } from "./build_report.ts";

Deno.test("buildReport() fails once if both the comparisons and the descriptions fail", async () => {
  const read = { runs: [], observations: null, order: {}, paths: {}, logs: new Map() } as never;
  const analysis = { design: ANALYSIS_DEFAULT, source: { from: "nowhere" } } as const;
  await assert.rejects(buildReport(read, analysis), TypeError);
});
