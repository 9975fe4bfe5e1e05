/** The facts that a report is made from: facts about runs, and facts about their analysis. */
import type { RunFidelity } from "../fidelity/mod.ts";
import type { DesignFacts, ExecutionFacts, LogsStatus, PeopleWords } from "../projections/mod.ts";
import type { Outcome, OutcomeLooks, RunLooks, TestMethod } from "../outcomes/mod.ts";
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import type { Matched } from "../../core/experiment/matched.ts";
import type { CheckResults } from "../../core/rating/mod.ts";
import type { DiscussionSettings, Experiment, Role } from "../../core/experiment/mod.ts";

/** The facts of a run. Texts come from logs and files, so they can contain any characters. */
export type RunFacts = Readonly<{
  /** The run's name: the name of its folder. */
  run: string;
  /** When the folder was made: ISO 8601, UTC. */
  createdAt: string;
  /**
   * The experiment's name, and its file: its name without folders, hash and text. `null` if discussions were
   * imported.
   */
  experiment: Readonly<{ name: string; file: string; sha256: string; text: string }> | null;
  /** The seed of the run; `null` if the run drew nothing at random. */
  seed: string | null;
  /** The size of the plan; `null` if the discussions were imported. */
  planned: Readonly<{ discussions: number; conditions: number; replications: number }> | null;
  /** Factor → the labels of its levels, in the experiment file's order; empty if the discussions were imported. */
  levels: Readonly<Record<string, readonly string[]>>;
  /** The draws that the conditions of a replicate share; `null` if they are not known. */
  matched: Matched | null;
  /** The personas, openings and roles to draw from; `null` if the experiment cannot be read. */
  drawnFrom: DrawnFrom | null;
  /** Versions of this program and its platform: name → version. */
  versions: Readonly<Record<string, string>>;
  /** The number of imported files and a hash of their contents; `null` if nothing was imported. */
  sources: Readonly<{ files: number; sha256: string }> | null;
  /** The analysis that was declared before the run began; `null` if there is none. */
  analysis: AnalysisDesign | null;
  /** The looks at the run's results; `null` if the run has no intact run log. */
  looks: RunLooks | null;
  /** How many people agreed to take part, and how many of them withdrew. `undefined` if no person was asked. */
  people?: Readonly<{ agreed: number; withdrew: number }>;
  /** How many people spoke or rated, and how many of their texts cannot be read. `undefined` without people. */
  peopleWords?: PeopleWords;
  design: DesignFacts;
  status: LogsStatus;
  execution: ExecutionFacts;
  fidelity: RunFidelity;
  /** The people who annotated, with their checks: one entry for each person and pass. Default: none. */
  raters?: readonly RaterFacts[];
}>;

/** A person who annotated in a pass. `checks`: the checks of this rater, or the reason why they cannot be read. */
export type RaterFacts = Readonly<{ pass: string; rater: string; checks: CheckResults | string }>;

/**
 * The numbers of personas and openings to draw from. Conditions can differ, so each list has every distinct
 * number once.
 */
type DrawnFrom = Readonly<{
  /** How many personas there were to draw from. */
  personas: readonly number[];
  /** How many personas took part in every discussion. */
  pinned: readonly number[];
  /** How many openings there were to draw from. */
  openings: readonly number[];
  roles: readonly Role[];
  /** Whether conditions have different roles. */
  rolesDiffer: boolean;
}>;

export type TestName = TestMethod;

/** The facts about an outcome that the texts of a report need. */
export type OutcomeFacts =
  & Pick<Outcome, "name" | "declared" | "unit" | "scale" | "missing">
  & Readonly<{
    count: number;
    /** The tests of effects on the outcome; empty if there is nothing to test. */
    tests: readonly TestName[];
    /** Whether any of these tests could be computed. */
    tested: boolean;
  }>;

/** Where the analysis comes from. */
export type AnalysisSource =
  /** The experiment file. The analysis has been in the run log since this time: ISO 8601, UTC. */
  | Readonly<{ from: "experiment"; since: string }>
  /** The run's folder. But the logs do not show that the analysis is as old as the run, for these `reasons`. */
  | Readonly<{ from: "unshown"; reasons: readonly string[] }>
  /** A file that was given when the report was made. */
  | Readonly<{ from: "afterwards"; file: string }>
  | Readonly<{ from: "nowhere" }>;

export type AnalysisFacts = Readonly<{
  design: AnalysisDesign;
  source: AnalysisSource;
  outcomes: readonly OutcomeFacts[];
  /** Number of tests of declared effects on declared outcomes. They are corrected together. */
  family: number;
  /** How many of these tests are not confirmatory because the sample changed after their results were seen. */
  sampleChanged: number;
  /** Declared outcome → what looks mean for its tests. */
  looks: ReadonlyMap<string, OutcomeLooks>;
  discussions: number;
  /** The numbers of bootstrap resamples that intervals of means use. Empty if there are no such intervals. */
  resamples: readonly number[];
}>;

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
