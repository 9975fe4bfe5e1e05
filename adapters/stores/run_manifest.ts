/** What a run folder says about its run, in `manifest.json`. */
import type { Json } from "../../core/discussion/mod.ts";
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { RunFolderError } from "./run_folder_error.ts";
import type { Shards } from "./stream_files.ts";

/** The only format so far. */
export const MANIFEST_FORMAT = 1;

/** Everything that is needed to tell later what was run. Written when the run is made, and when it is made larger. */
export type RunManifest = Readonly<{
  format: 1;
  /** ISO 8601 time, UTC. */
  createdAt: string;
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
  shards: Shards;
  /**
   * The analysis that the experiment file declared when the run was made, before there was any result: what it says is
   * confirmatory, and it is never replaced. `null` where the file declared none; left out by versions that knew of no
   * such thing, and where the discussions were imported.
   */
  analysis?: AnalysisDesign | null;
}>;

/** What a run's caller knows; format and time are added. */
export type ManifestDraft = Omit<RunManifest, "format" | "createdAt">;

/** The versions of everything between this program and the machine. */
export function platformVersions(): Record<string, string> {
  const { deno, v8, typescript } = Deno.version;
  return { deno, v8, typescript, os: Deno.build.os, arch: Deno.build.arch };
}

/**
 * Reads a manifest.
 *
 * @param text The content of `manifest.json`.
 * @param path Where it is, for messages.
 * @throws {RunFolderError} When it is damaged, or a newer version of this program wrote it.
 */
export function parseManifest(text: string, path: string): RunManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged(path, "it is not JSON", cause);
  }
  if (!isRecord(value)) throw damaged(path, "it is not an object");
  if (typeof value.format === "number" && value.format > MANIFEST_FORMAT) {
    throw new RunFolderError(
      "newer-format",
      `Cannot read "${path}": a newer version of this program made it (format ${value.format}). ` +
        `Use that version for this run`,
    );
  }
  const wrong = Object.entries(SHAPE).find(([key, isRight]) =>
    !isRight((value as Record<string, unknown>)[key])
  );
  if (wrong !== undefined) throw damaged(path, `its "${wrong[0]}" is not what this program writes`);
  return value as RunManifest;
}

function damaged(path: string, how: string, cause?: unknown): RunFolderError {
  return new RunFolderError(
    "damaged-manifest",
    `Cannot read "${path}": ${how}. Restore it from a copy; the discussions beside it are not touched`,
    { cause },
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a list holds such values, and nothing else. */
const listsOf = (isRight: (value: unknown) => boolean) => (value: unknown) =>
  Array.isArray(value) && value.every(isRight);
const isText = (value: unknown) => typeof value === "string";
const areTexts = (value: unknown) => isRecord(value) && Object.values(value).every(isText);

function isOneOf<T extends string>(known: Readonly<Record<T, true>>): (value: unknown) => boolean {
  return (value) => typeof value === "string" && Object.hasOwn(known, value);
}

const isTest = isOneOf<NonNullable<AnalysisDesign["test"]>>({
  "mixed-model": true,
  paired: true,
  permutation: true,
});

const ANALYSIS_SHAPE: Readonly<Record<keyof AnalysisDesign, (value: unknown) => boolean>> = {
  question: (value) => value === null || isText(value),
  reference: areTexts,
  outcomes: listsOf(isText),
  effects: (value) => value === null || listsOf(listsOf(isText))(value),
  comments: isOneOf<AnalysisDesign["comments"]>({ participants: true, moderators: true, all: true }),
  silences: isOneOf<AnalysisDesign["silences"]>({ exclude: true, include: true }),
  time: isOneOf<AnalysisDesign["time"]>({ turn: true, position: true }),
  test: (value) => value === null || isTest(value),
  correction: isOneOf<AnalysisDesign["correction"]>({ holm: true, "benjamini-hochberg": true, none: true }),
  level: (value) => typeof value === "number" && value > 0.5 && value < 1,
};

const isAnalysis = (value: unknown) =>
  isRecord(value) && Object.entries(ANALYSIS_SHAPE).every(([key, isRight]) => isRight(value[key]));

const SHAPE: Readonly<Record<keyof RunManifest, (value: unknown) => boolean>> = {
  format: (value) => value === MANIFEST_FORMAT,
  createdAt: isText,
  experiment: (value) =>
    isRecord(value) && isText(value.name) &&
    (areTexts(value) && "file" in value && "sha256" in value || value.file === null && value.sha256 === null),
  fingerprint: isText,
  resolved: isRecord,
  sources: areTexts,
  models: (value) => value === undefined || areTexts(value),
  seed: (value) => value === null || isText(value) || typeof value === "number",
  plan: (value) =>
    isRecord(value) &&
    ["discussions", "conditions", "replications"].every((key) => Number.isSafeInteger(value[key])),
  versions: areTexts,
  shards: (value) => value === 0 || value === 256,
  analysis: (value) => value === undefined || value === null || isAnalysis(value),
};
