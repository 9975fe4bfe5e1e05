/** What happens to a run as a whole; its discussions have logs of their own. */
import type { Json } from "../json.ts";
import type { AnalysisDesign } from "../experiment/analysis_design.ts";

/** A model that is told from others by its name alone, and where it is asked. */
export type ReachedModel = Readonly<{
  /** Its name in the file. */
  model: string;
  /** SHA-256 of what it is, and of the annotation pass that asks it: equal for those that only names tell apart. */
  spec: string;
  /** What decides who answers, as its adapter tells it; the first part that differs tells two models apart. */
  address: readonly string[];
}>;

/** Everything that is needed to tell later what was run. */
export type RunRecord = Readonly<{
  /**
   * The experiment file: its name is the experiment's, `file` the path that was given, `sha256` of its bytes. `null`
   * where the discussions were held elsewhere and imported: there is no such file, and the name is the folder's.
   */
  experiment: Readonly<{ name: string; file: string | null; sha256: string | null }>;
  /** A hash of all that the discussions depend on: equal fingerprints can share a folder. */
  fingerprint: string;
  /** What the fingerprint is of, so that a difference can be named. */
  resolved: Readonly<Record<string, Json>>;
  /** SHA-256 of every file that the experiment reads, or that was imported: path → hash. */
  sources: Readonly<Record<string, string>>;
  /** What its models consist of, as far as that can be told: part, such as a file's path → its SHA-256. */
  models?: Readonly<Record<string, string>>;
  /** `null` where nothing was drawn here. */
  seed: string | number | null;
  plan: Readonly<{ discussions: number; conditions: number; replications: number }>;
  /** Of this program, of what it ran on and with: name → version. */
  versions: Readonly<Record<string, string>>;
  /** How many sub-folders the discussions are spread over. */
  shards: 0 | 256;
  /**
   * The analysis that the experiment file declared when the run was made, before there was any result: what it says is
   * confirmatory, and it is never replaced. `null` where the file declared none; left out by versions that knew of no
   * such thing, and where the discussions were imported.
   */
  analysis?: AnalysisDesign | null;
  /** Where models are asked that differ in nothing else; left out where there are none. */
  reached?: readonly ReachedModel[];
}>;

/** A run was made: the first event of its log, before any discussion opens. */
export type RunCreated = Readonly<{ type: "RunCreated"; data: RunRecord }>;

/** A run was given more replications. */
export type PlanExtended = Readonly<{
  type: "PlanExtended";
  data: Pick<RunRecord, "experiment" | "plan" | "models">;
}>;

/** Models that differ only in where they are asked are asked elsewhere from now on, or for the first time. */
export type ModelsReached = Readonly<
  { type: "ModelsReached"; data: Readonly<{ reached: readonly ReachedModel[] }> }
>;

/** Everything that can happen to a run as a whole. */
export type RunEvent = RunCreated | PlanExtended | ModelsReached;

/** The current schema version of each event type. */
export const RUN_EVENT_VERSIONS: Readonly<Record<RunEvent["type"], number>> = {
  RunCreated: 1,
  PlanExtended: 1,
  ModelsReached: 1,
};
