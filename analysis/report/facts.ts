/** The facts that a report is made from: of runs and of their analysis. */
import type { RunFidelity } from "../fidelity/mod.ts";
import type { DesignFacts, ExecutionFacts, LogsStatus } from "../projections/mod.ts";
import type { Outcome } from "../outcomes/mod.ts";
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import type { DiscussionSettings, Experiment, Role } from "../../core/experiment/mod.ts";

/** The facts of a run. Its texts come from logs and files, and can say anything. */
export type RunFacts = Readonly<{
  /** The run's name: the name of its folder. */
  run: string;
  /** ISO 8601 time, UTC, at which the folder was made. */
  createdAt: string;
  /** The experiment file, by its name without folders, and verbatim; `null` where the discussions were imported. */
  experiment: Readonly<{ name: string; file: string; sha256: string; text: string }> | null;
  /** `null` where nothing was drawn here. */
  seed: string | null;
  /** What was planned; `null` where the discussions were imported. */
  planned: Readonly<{ discussions: number; conditions: number; replications: number }> | null;
  /** Factor → the labels of its levels, in the experiment file's order; none where the discussions were imported. */
  levels: Readonly<Record<string, readonly string[]>>;
  /** Whether the conditions of a replicate share their draws; `null` where that is not known. */
  matched: boolean | null;
  /** What there was to draw from; `null` where the experiment cannot be read any more as it was run. */
  drawnFrom: DrawnFrom | null;
  /** Of this program, and of what it ran on: name → version. */
  versions: Readonly<Record<string, string>>;
  /** The imported files, and a hash over their contents, in whatever order they were read; `null` where nothing was imported. */
  sources: Readonly<{ files: number; sha256: string }> | null;
  /** The analysis that was declared before the run began; `null` where none was. */
  analysis: AnalysisDesign | null;
  design: DesignFacts;
  status: LogsStatus;
  execution: ExecutionFacts;
  fidelity: RunFidelity;
}>;

/** What there was to draw from; lists hold each figure once, since conditions can differ. */
type DrawnFrom = Readonly<{
  /** Personas of those who were not in every discussion. */
  personas: readonly number[];
  /** Personas that took part in every discussion. */
  pinned: readonly number[];
  openings: readonly number[];
  roles: readonly Role[];
  /** Whether discussions differ in the roles that there are. */
  rolesDiffer: boolean;
}>;

/** How effects are tested. */
export type TestName = NonNullable<AnalysisDesign["test"]>;

/** An outcome, as far as texts about it go. */
export type OutcomeFacts =
  & Pick<Outcome, "name" | "declared" | "unit" | "scale" | "missing">
  & Readonly<{
    /** How many values there are. */
    count: number;
    /** How its effects are tested; none where there is nothing to test. */
    tests: readonly TestName[];
    /** Whether any of these tests could be computed. */
    tested: boolean;
  }>;

/** Where the design of an analysis comes from. */
export type AnalysisSource =
  /** The experiment file: the run's log has held it since that time, ISO 8601 in UTC. */
  | Readonly<{ from: "experiment"; since: string }>
  /** The run's folder, of which it cannot be shown that it has held it since the run was made: why, for each run. */
  | Readonly<{ from: "unshown"; reasons: readonly string[] }>
  /** A file that was given when the report was made. */
  | Readonly<{ from: "afterwards"; file: string }>
  /** Nothing was declared. */
  | Readonly<{ from: "nowhere" }>;

/** The facts of the analysis. */
export type AnalysisFacts = Readonly<{
  design: AnalysisDesign;
  source: AnalysisSource;
  outcomes: readonly OutcomeFacts[];
  /** Tests of declared effects on declared outcomes, which were corrected together. */
  family: number;
  /** Discussions that the analysis is of. */
  discussions: number;
  /** Resamples of the bootstrap that intervals of means come from; `null` where there are none. */
  resamples: number | null;
}>;

/** What there was to draw from. */
export function drawnFrom({ conditions }: Experiment): DrawnFrom {
  const settings = conditions.flatMap(({ variants }) => variants);
  const sizes = (of: (settings: DiscussionSettings) => number) =>
    [...new Set(settings.map(of))].sort((a, b) => a - b);
  const roles = new Map<string, Role>();
  for (const role of settings.flatMap((one) => one.roles)) roles.set(JSON.stringify(role), role);
  return {
    personas: sizes(({ others }) => others.length),
    pinned: sizes(({ pinned }) => pinned.length),
    openings: sizes(({ openings }) => openings.length),
    roles: [...roles.values()],
    rolesDiffer: new Set(settings.map(({ roles }) => JSON.stringify(roles))).size > 1,
  };
}
