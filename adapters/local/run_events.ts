/**
 * The events in the log of a run that say what processes have done. They contain no address, no user, and no absolute
 * path.
 */
import { basename, isAbsolute } from "node:path";
import type { RunOutcome } from "../../core/engine/mod.ts";
import type { ModelSetup } from "../../core/experiment/mod.ts";
import type { Json } from "../../core/json.ts";
import type { RunEnded, RunStarted } from "../../core/run_log/mod.ts";
import { VERSION } from "../../core/version.ts";
import type { RunPart } from "../../core/ports/mod.ts";
import { platformVersions } from "../system.ts";
import { hashesOf, inputsOf, recordedCode } from "./inputs.ts";
import type { LoadedFile } from "./load_experiment.ts";

/** What a process begins to do. */
type Start = Readonly<{
  command: string;
  part?: RunPart | undefined;
  /** The options by name. Those that are `undefined` were not given. */
  options: Readonly<Record<string, Json | undefined>>;
  models: Iterable<readonly [name: string, setup: Pick<ModelSetup, "adapter" | "options">]>;
  /** The experiment file or annotation file of the process. */
  file: Pick<LoadedFile, "files" | "code">;
  /** The name and the SHA-256 of the copy of the annotation file in the run's folder. */
  copy?: Readonly<Record<string, string>>;
}>;

/** The versions of this program and its platform. */
export function ownVersions(): Readonly<Record<string, string>> {
  return { syndisco: VERSION, ...platformVersions() };
}

/** The event of a process that begins. */
export function runStarted({ command, part, options, models, file, copy = {} }: Start): RunStarted {
  const given = Object.entries(options).filter((entry): entry is [string, Json] => entry[1] !== undefined);
  return {
    type: "RunStarted",
    data: {
      command,
      ...(part === undefined ? {} : { part }),
      options: Object.fromEntries(given),
      models: Object.fromEntries([...models].map(([name, setup]) => [name, serviceOf(setup)])),
      versions: ownVersions(),
      code: recordedCode(file),
      sources: { ...hashesOf(inputsOf(file)), ...copy },
    },
  };
}

/** The adapter, and the name by which it knows the model, if any. */
function serviceOf({ adapter, options: { model } }: Pick<ModelSetup, "adapter" | "options">): string {
  const parts = [adapter, ...(typeof model === "string" ? [model] : [])];
  return parts.map(withoutFolder).join(" ");
}

/** Removes the folder of an absolute path, because it can name a user. */
function withoutFolder(path: string): string {
  return isAbsolute(path) ? basename(path) : path;
}

/** What a process has done. */
type End = Readonly<{
  command: string;
  outcome: Pick<RunOutcome, "ended" | "setAside" | "cutShort">;
  /** The planned number of discussions. Commands that read it from the logs leave it out. */
  planned?: number;
  /** The outcome of the annotation pass of a run. */
  annotation?: Pick<RunOutcome, "setAside" | "cutShort"> | null;
}>;

/** The event of a process that ends. */
export function runEnded({ command, outcome, planned, annotation }: End): RunEnded {
  const reason = reasonOf(outcome, planned) ?? annotationReasonOf(annotation ?? null);
  return {
    type: "RunEnded",
    data: {
      command,
      outcome: reason === null ? "complete" : "incomplete",
      reason,
      discussions: { ended: outcome.ended, failed: outcome.setAside },
    },
  };
}

/**
 * Why a process ended before all work was done; `null` if all was done. The reason is one of a few fixed texts, never
 * the message of an error, because messages can contain addresses and paths.
 */
function reasonOf(
  { ended, setAside, cutShort }: End["outcome"],
  planned: number = ended,
): string | null {
  if (cutShort?.by === "caller") return "it was stopped";
  if (cutShort?.by === "budget") return `a limit was reached: ${cutShort.limit}`;
  if (cutShort?.by === "failure") return "all requests failed";
  if (setAside > 0) return "some discussions failed";
  return ended < planned ? "some discussions were skipped, since others like them failed" : null;
}

function annotationReasonOf(annotation: NonNullable<End["annotation"]> | null): string | null {
  const reason = annotation && reasonOf({ ...annotation, ended: 0 });
  return reason && `annotation: ${reason}`;
}
