/**
 * Makes the experiment file of branches. Branches continue discussions of a run. Their file is made from the
 * experiment file of this run.
 */
import type { Json } from "../json.ts";
import type { PastSource } from "../ports/source_reader.ts";
import { withLevels } from "./conditions.ts";
import { recordOf } from "./document.ts";
import { resolvePath } from "./factor_paths.ts";
import { readDesign } from "./factors.ts";
import { type Finding, quoted, type Read } from "./problems.ts";

type File = Readonly<Record<string, unknown>>;

/** The factor of branches, and its levels. */
export const BRANCH = { factor: "branch", unchanged: "unchanged", changed: "changed" } as const;

/** What the branches continue, and how one half of the branches differs from the other half. */
export type BranchPlan = Readonly<{
  past: PastSource;
  name: string;
  /** The levels of the continued discussions: factor → label. */
  factors: Readonly<Record<string, string>>;
  /** The values of the changed branches: dotted path → value. If it is empty, all branches are unchanged. */
  changes: Readonly<Record<string, Json>>;
  replications: number;
}>;

/** The experiment file of the branches. A finding about a change has the path of this change. */
export function branchFile(file: File, plan: BranchPlan): Read<File> {
  const { past, name, factors: labels, changes, replications } = plan;
  const { design, analysis, ...rest } = file;
  const { factors } = readDesign(file);
  const choice = factors.map(({ path, levels }) => levels.findIndex(({ label }) => label === labels[path]));
  const lost = factors.find((_, at) => choice[at] === -1);
  if (lost !== undefined) {
    const message = `the experiment has no level ${quoted(labels[lost.path] ?? "")} of the factor ${
      quoted(lost.path)
    }`;
    return { read: file, findings: [{ path: [], message }] };
  }
  const content = withLevels(rest, factors, choice) as Record<string, unknown>;
  const hasChanges = Object.keys(changes).length > 0;
  const { vary } = recordOf(design);
  const read = {
    ...content,
    name,
    // Branches must not repeat the draws of the discussions that they continue.
    seed: `${content.seed}/fork after turn ${past.at}`,
    discussion: { ...recordOf(content.discussion), past },
    design: {
      ...hasChanges ? { factors: { [BRANCH.factor]: levelsOf(changes) } } : {},
      ...vary === undefined ? {} : { vary },
      replications,
      matched: true,
    },
    ...branchAnalysis(recordOf(analysis), hasChanges),
  };
  return { read, findings: changeFindings(content, changes) };
}

function levelsOf(changes: BranchPlan["changes"]): Json {
  return [{ label: BRANCH.unchanged, set: {} }, { label: BRANCH.changed, set: changes }];
}

function changeFindings(content: File, changes: BranchPlan["changes"]): Finding[] {
  return Object.keys(changes).flatMap((path) => {
    const resolved = resolvePath(path, content);
    return "finding" in resolved ? [{ path: [path], ...resolved.finding }] : [];
  });
}

/**
 * The analysis of branches: compares the declared outcomes. The factors and the looks of the run do not exist between
 * branches.
 */
function branchAnalysis(analysis: File, hasChanges: boolean): File {
  const { outcomes } = analysis;
  if (outcomes === undefined || !hasChanges) return {};
  const ofRun = ["question", "effects", "reference", "adjust", "looks"];
  const rest = Object.fromEntries(Object.entries(analysis).filter(([key]) => !ofRun.includes(key)));
  return {
    analysis: {
      ...rest,
      outcomes,
      effects: [BRANCH.factor],
      reference: { [BRANCH.factor]: BRANCH.unchanged },
    },
  };
}
