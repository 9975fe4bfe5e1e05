/** Compares twelve outcomes of 1,000 discussions of 30 comments in three conditions. The target is two seconds. */
import { ANALYSIS_DEFAULT } from "../../core/experiment/analysis_design.ts";
import { compareOutcomes } from "./mod.ts";
import { observationsWith } from "./testing/mod.ts";

const [DISCUSSIONS, COMMENTS] = [1000, 30];
const scales = ["toxicity", "insult", "relevance", "politeness"];

for (const matched of [false, true]) {
  const observations = observationsWith({
    seed: "bench",
    factors: { moderator: ["none", "gentle", "strict"] },
    replications: Math.ceil(DISCUSSIONS / 3),
    comments: COMMENTS,
    scales,
    matched,
    measured: true,
  });
  Deno.bench(
    `compareOutcomes(): ${matched ? "matched" : "independent"} discussions, one outcome declared`,
    () => {
      compareOutcomes(observations, { ...ANALYSIS_DEFAULT, outcomes: ["toxicity"] }, {
        seed: "42",
        declared: "before",
      });
    },
  );
}
