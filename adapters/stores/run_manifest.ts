/** The manifest of a run, `manifest.json`. */
import type { AnalysisDesign } from "../../core/experiment/analysis_design.ts";
import { headOf, type RunLog, type RunRecord } from "../../core/run_log/mod.ts";
import { RunFolderError } from "./store_errors.ts";

/** The only format so far. */
export const MANIFEST_FORMAT = 1;

/** What was run, in one file for people. When the run has a log, it follows from the log. */
export type RunManifest =
  & RunRecord
  & Readonly<{
    format: 1;
    /** ISO 8601 time, UTC. */
    createdAt: string;
    /** The hash of the log's last event when this was written; absent when the run has no log. */
    runLog?: string;
  }>;

/** The manifest that follows from a run's log. */
export function manifestOf(log: RunLog): RunManifest {
  return { format: MANIFEST_FORMAT, createdAt: log.createdAt, ...log.record, runLog: headOf(log) };
}

/** The versions of everything between this program and the machine. */
export function platformVersions(): Record<string, string> {
  const { deno, v8, typescript } = Deno.version;
  return { deno, v8, typescript, os: Deno.build.os, arch: Deno.build.arch };
}

/** Parses a manifest. */
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

const isReached = (value: unknown) =>
  isRecord(value) && isText(value.model) && isText(value.spec) && listsOf(isText)(value.address);

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
  reached: (value) => value === undefined || listsOf(isReached)(value),
  runLog: (value) => value === undefined || isText(value),
};
