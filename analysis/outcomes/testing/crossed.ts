/** Discussions of a matched design whose comparisons are known from elsewhere. */
import type { Observation } from "../mod.ts";
import { judgementsOf, observationWith } from "./observations.ts";

/** Five replicates of two crossed factors, four comments a discussion: the data of `compare_outcomes_reference.R`. */
export const CROSSED: readonly Observation[] = [0, 1, 2, 3, 4].flatMap((r) =>
  [0, 1].flatMap((gentle) =>
    [0, 1].map((big) => {
      const values = [0, 1, 2, 3].map((turn) =>
        (r * 7 + gentle * 3 + big * 5 + r * gentle * big) % 6 +
        (turn * turn * 5 + r * 3 + gentle * 2 + big) % 4 + (3 + 0.5 * turn) * gentle
      );
      return observationWith({
        factors: { moderator: gentle ? "gentle" : "none", model: big ? "big" : "small" },
        replicate: r + 1,
        seed: `r${r}`,
        judgements: [judgementsOf("toxicity", values)],
        diversity: ((r * 5 + big * 2) % 7 + 3 * gentle) / 10,
      }, 4);
    })
  )
);
