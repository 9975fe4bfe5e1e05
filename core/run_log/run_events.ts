/** The events of a run's log: their types, shapes and versions. */
import {
  type AnalysisDesign,
  COMMENT_MODELS,
  CORRECTIONS,
  EFFECT_TESTS,
  SILENCES,
  TIMES,
  WHOSE_COMMENTS,
} from "../events/analysis_design.ts";
import { DamagedLine } from "../events/event_type.ts";
import type { LogEnd } from "../events/log_end.ts";
import { count, hash, jsonRecord } from "../events/shapes.ts";
import type { Json } from "../json.ts";
import { z } from "../zod.ts";
import type { ReachedModel } from "./reached_models.ts";
import type { RecordedCode } from "./recorded_code.ts";

/** The record of a run: its experiment, seed, plan, models, versions and declared analysis. */
export type RunRecord = Readonly<{
  /**
   * The experiment's name, and the name and SHA-256 of its file. Imported discussions have no experiment
   * file: `name` is then the name of the folder, and `file` and `sha256` are `null`. In logs of older
   * versions, `file` is the path that the user gave.
   */
  experiment: Readonly<{ name: string; file: string | null; sha256: string | null }>;
  /**
   * A hash of everything that the discussions depend on. To resume a run, the experiment must have the same
   * fingerprint.
   */
  fingerprint: string;
  /** The content whose hash is the fingerprint. With it, an error can name the differences. */
  resolved: Readonly<Record<string, Json>>;
  /**
   * Path → SHA-256 of every file that the experiment reads, or that was imported. The path is written as in
   * the experiment file. For code, it is the path of the copy in the run's folder.
   */
  sources: Readonly<Record<string, string>>;
  /** Path of a code file as in the experiment file → the code. Missing in logs of older versions. */
  code?: Readonly<Record<string, RecordedCode>>;
  /**
   * Part of a model → its identity, such as the path of a file → its SHA-256. Only for parts that adapters
   * can identify.
   */
  models?: Readonly<Record<string, string>>;
  /** The seed of all random draws; `null` if this run has none. */
  seed: string | number | null;
  plan: Readonly<{ discussions: number; conditions: number; replications: number }>;
  /** Versions of this program, its platform and its packages: name → version. */
  versions: Readonly<Record<string, string>>;
  /** The number of sub-folders for the logs of discussions; 0 if there are none. */
  shards: 0 | 256;
  /**
   * The analysis that the experiment file declared when the run was made, before there were any results. It
   * is the confirmatory analysis, and is never replaced. `null` if the file declared none. Missing for
   * imported discussions, and in logs of versions without declared analyses.
   */
  analysis?: AnalysisDesign | null;
  /** Path of a factor → its label in the experiment file. Missing if no factor has a label. */
  factorLabels?: Readonly<Record<string, string>>;
  /**
   * The addresses of models that have the same adapter and options as another model. Missing if there are no
   * such models.
   */
  reached?: readonly ReachedModel[];
}>;

/** A run was made: the first event of its log, before any discussion opens. */
export type RunCreated = Readonly<{ type: "RunCreated"; data: RunRecord }>;

/** A run was given more replications. */
export type PlanExtended = Readonly<{
  type: "PlanExtended";
  data: Pick<RunRecord, "experiment" | "plan" | "models">;
}>;

/** Models with the same adapter and options got new addresses, or the run uses such models for the first time. */
export type ModelsReached = Readonly<
  { type: "ModelsReached"; data: Readonly<{ reached: readonly ReachedModel[] }> }
>;

/**
 * A process began to work on the run. The event names no host and no user, because no line of the log can be changed later
 * to remove such names.
 */
export type RunStarted = Readonly<{
  type: "RunStarted";
  data: Readonly<{
    /** The command of the process, such as `run` or `annotate`. */
    command: string;
    /**
     * The part of the run that the process works on. `index` is 1-based. Missing if it works on the whole
     * run.
     */
    part?: Readonly<{ index: number; count: number }>;
    /** The options that were given, by name. */
    options: Readonly<Record<string, Json>>;
    /**
     * Model's name in the experiment or annotation file → its adapter. If the adapter has another name for
     * the model, this name follows after a space: `small` → `openai qwen3:4b`.
     */
    models: Readonly<Record<string, string>>;
    /** Versions of this program, its platform and its packages: name → version. */
    versions: Readonly<Record<string, string>>;
    /** Path of a code file, as in the file that names it → the loaded code. */
    code: Readonly<Record<string, RecordedCode>>;
    /**
     * The files that the process read: path → SHA-256. The paths are written as in `sources` of the run's record. If the
     * process adds annotations, the run's copy of the annotation file is among them.
     */
    sources?: Readonly<Record<string, string>>;
  }>;
}>;

/** A process ended its work. A killed process does not record this event. */
export type RunEnded = Readonly<{
  type: "RunEnded";
  data: Readonly<{
    command: string;
    /** `complete` if everything that was planned has ended. */
    outcome: "complete" | "incomplete";
    /** Why the outcome is incomplete, as a text for people; `null` if it is complete. */
    reason: string | null;
    /** How many discussions have ended, in this start or before it, and how many failed in this process. */
    discussions: Readonly<{ ended: number; failed: number }>;
  }>;
}>;

/** The ends of discussions' logs. If a discussion has several entries, the latest one counts. */
export type LogsRecorded = Readonly<{
  type: "LogsRecorded";
  data: Readonly<{
    logs: Readonly<Record<string, LogEnd>>;
    /** `repair` if a repair moved the damaged end of the logs to other files. */
    cause?: "repair";
  }>;
}>;

/** A user saw results. */
export type ResultsViewed = Readonly<{
  type: "ResultsViewed";
  data: Readonly<{
    /** The command that showed the results, such as `report`. */
    command: string;
    /** The outcomes that were shown; `null` for all. */
    outcomes: readonly string[] | null;
    /** How many discussions had ended, and how many were planned. */
    finished: number;
    planned: number;
  }>;
}>;

/**
 * A person agreed to take part. The run records this before it stores anything else about the person.
 * `person` is a participant as `<discussion>/<participant>`, or an annotator's name.
 */
export type ConsentGiven = Readonly<{
  type: "ConsentGiven";
  data: Readonly<{
    person: string;
    /** SHA-256 (hex) of the text that the person agreed to. The run keeps a copy of this text. */
    sha256: string;
  }>;
}>;

/**
 * A person withdrew. Before this event, the key of this person's words was deleted. The words can be read
 * only in a copy of the run that still has this key.
 */
export type PersonWithdrew = Readonly<{ type: "PersonWithdrew"; data: Readonly<{ person: string }> }>;

/** Everything that can happen to a run as a whole. */
export type RunEvent =
  | RunCreated
  | PlanExtended
  | ModelsReached
  | RunStarted
  | RunEnded
  | LogsRecorded
  | ResultsViewed
  | ConsentGiven
  | PersonWithdrew;

/** The current schema version of each event type. */
export const RUN_EVENT_VERSIONS: Readonly<Record<RunEvent["type"], number>> = {
  RunCreated: 1,
  PlanExtended: 1,
  ModelsReached: 1,
  RunStarted: 1,
  RunEnded: 1,
  LogsRecorded: 1,
  ResultsViewed: 1,
  ConsentGiven: 1,
  PersonWithdrew: 1,
};

const texts = z.record(z.string(), z.string());

const analysis = z.object({
  question: z.string().nullable(),
  reference: texts,
  outcomes: z.array(z.string()),
  effects: z.array(z.array(z.string())).nullable(),
  adjust: z.array(z.string()).optional(),
  comments: z.enum(WHOSE_COMMENTS),
  commentsOf: z.record(z.string(), z.enum(WHOSE_COMMENTS)).optional(),
  silences: z.enum(SILENCES),
  time: z.enum(TIMES),
  test: z.enum(EFFECT_TESTS).nullable(),
  correction: z.enum(CORRECTIONS),
  level: z.number().gt(0.5).lt(1),
  looks: z.array(count).optional(),
  margin: z.record(z.string(), z.number().gt(0)).optional(),
  model: z.record(z.string(), z.enum(COMMENT_MODELS)).optional(),
  slopes: z.boolean().optional(),
});

const code = z.record(
  z.string(),
  z.object({ sha256: z.string(), copy: z.string(), imports: z.array(z.string()).optional() }),
);

const experiment = z.union([
  z.object({ name: z.string(), file: z.string(), sha256: z.string() }),
  z.object({ name: z.string(), file: z.null(), sha256: z.null() }),
]);

const plan = z.object({ discussions: z.int(), conditions: z.int(), replications: z.int() });

const reached = z.array(
  z.object({ model: z.string(), spec: z.string(), address: z.array(z.string()) }),
);

/** The shape of a run's record, in the log and in the manifest. */
export const recordSchema = z.object({
  experiment,
  fingerprint: z.string(),
  resolved: z.record(z.string(), z.any()),
  sources: texts,
  code: code.optional(),
  models: texts.optional(),
  seed: z.union([z.string(), z.number()]).nullable(),
  plan,
  versions: texts,
  shards: z.literal([0, 256]),
  analysis: analysis.nullish(),
  factorLabels: texts.optional(),
  reached: reached.optional(),
});

/** The shape of a log's recorded end. */
export const logEndSchema = z.tuple([count, z.string()]);

/** The shape of each event's data. The data can have further members. */
const SHAPES: { readonly [T in RunEvent["type"]]: z.ZodType<Extract<RunEvent, { type: T }>["data"]> } = {
  RunCreated: recordSchema,
  PlanExtended: z.object({ experiment, plan, models: texts.optional() }),
  ModelsReached: z.object({ reached }),
  RunStarted: z.object({
    command: z.string(),
    part: z.object({ index: count, count }).optional(),
    options: jsonRecord,
    models: texts,
    versions: texts,
    code,
    sources: texts.optional(),
  }),
  RunEnded: z.object({
    command: z.string(),
    outcome: z.enum(["complete", "incomplete"]),
    reason: z.string().nullable(),
    discussions: z.object({ ended: count, failed: count }),
  }),
  LogsRecorded: z.object({ logs: z.record(z.string(), logEndSchema), cause: z.literal("repair").optional() }),
  ResultsViewed: z.object({
    command: z.string(),
    outcomes: z.array(z.string()).nullable(),
    finished: count,
    planned: count,
  }),
  ConsentGiven: z.object({ person: z.string(), sha256: hash }),
  PersonWithdrew: z.object({ person: z.string() }),
};

/**
 * Refuses an event with members that are missing or wrong.
 *
 * @throws {DamagedLine} Of kind `wrong-shape`.
 */
export function demandShape({ type, data }: RunEvent, seq: number): void {
  const issue = SHAPES[type].safeParse(data).error?.issues[0];
  if (issue === undefined) return;
  const place = ["data", ...issue.path].join(".");
  throw new DamagedLine("wrong-shape", `line ${seq + 1} is not a ${type}: ${place}: ${issue.message}`);
}
