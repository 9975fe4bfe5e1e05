/** Texts about branches, which continue discussions of another run. */
import type { BranchFacts } from "../../projections/mod.ts";
import type { Block } from "../document.ts";
import type { RunFacts } from "../facts.ts";
import { formatCount } from "../numbers.ts";
import { callout } from "../tables.ts";
import { howMany, joined, namedValues } from "../words.ts";

/** Names the discussions that branches continue, such as `3 discussions of the run pilot, after turn 5`. */
export function branchesOf({ runs, pasts, turns }: BranchFacts): string {
  const after = turns.values.map(({ value }) => value).sort((a, b) => a - b);
  const [first] = after;
  const where = after.length === 1 && first === 0
    ? "after the opening comments"
    : `after turn ${joined(after.map(formatCount), "or")}`;
  const run = runs.values.length === 1 ? "the run" : "the runs";
  return `${howMany(pasts, "discussion")} of ${run} ${namedValues(runs)}, ${where}`;
}

/** A sentence for a paper: which discussions the branches continue, and which part was analysed. */
export function branchSentence(branches: BranchFacts): string {
  return `They are branches: they continue ${
    branchesOf(branches)
  }, and only what came after that was analysed.`;
}

/** Notes on branches; none if the run has no branches. */
export function branchNotes({ design }: RunFacts): readonly Block[] {
  const { branches, discussions } = design;
  if (branches === null) return [];
  const which = branches.discussions === discussions
    ? "The discussions are"
    : `${formatCount(branches.discussions)} of the discussions are`;
  const text =
    `${which} branches. They continue ${
      branchesOf(branches)
    }. Conditions of one replicate continue the same ` +
    "discussion. Outcomes, conduct and requests count only what came after this past, and no annotator was asked about it.";
  return [callout("note", "Branches", text), ...sharedNote(design)];
}

/** A caution for replicates that share a past: they are not a sample of independent discussions. */
function sharedNote({ branches, conditions }: RunFacts["design"]): readonly Block[] {
  const most = Math.max(...branches!.pasts.values.map(({ count }) => count));
  if (most <= conditions.values.length) return [];
  const text =
    `Several replicates continue the same discussion (up to ${
      formatCount(most)
    } branches of one). Tests and ` +
    "intervals take replicates as independent, so they speak about these discussions, not about others.";
  return [callout("caution", "Replicates with the same past", text)];
}
