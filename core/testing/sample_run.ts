import type { RunDescription } from "../ports/mod.ts";
import { portableSha256 } from "../sha256.ts";

/** The description of a run that tests open. */
export function sampleRun(fingerprint = "f1", turns = 14): RunDescription {
  const experimentText = "name: sample # verbatim,\r\n  with comments\n";
  return {
    experimentText,
    nowMs: Date.UTC(2026, 0, 1),
    manifest: {
      experiment: { name: "sample", file: "exp.yaml", sha256: portableSha256(experimentText) },
      fingerprint,
      resolved: { name: "sample", discussion: { turns, history: 3 } },
      sources: {},
      seed: "42",
      plan: { discussions: 4, conditions: 2, replications: 2 },
      versions: { syndisco: "0.0.0" },
      shards: 0,
    },
  };
}
