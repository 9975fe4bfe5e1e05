/** Loads a researcher's own rules and model adapters, after checking which of these code files may be run. */
import { dirname, isAbsolute, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ExtensionPath, Extensions } from "../../core/experiment/mod.ts";
import { type ModerationSchedule, moderationSchedules } from "../../core/moderation/mod.ts";
import type { RunReader } from "../../core/ports/mod.ts";
import type { ModelAdapter } from "../../core/ports/model.ts";
import { turnTakingStrategies, type TurnTakingStrategy } from "../../core/turn_taking/mod.ts";
import { BUILT_IN_ADAPTERS } from "../models/mod.ts";
import { inputPath, runAround } from "../stores/mod.ts";
import { nativeSha256 } from "../system.ts";
import { decodeUtf8, reasonOf } from "./file_sources.ts";

/** A code file that may be run, or the reason for its refusal. `left`: the file is not run, so its rules are unknown. */
export type CodeFile =
  | Readonly<{ file: string; text: string }>
  | Readonly<{ refused: string }>
  | "left";

/** Decides whether a file may be run, by its path in the experiment file and its kind. */
export type CodeAccess = (path: string, kind: ExtensionPath["kind"]) => CodeFile;

export const NO_CODE: CodeAccess = () => "left";

/** Allows all code that a user's own file names. Paths are relative to the file's folder. */
function codeIn(folder: string): CodeAccess {
  return (path) => {
    const file = isAbsolute(path) ? path : resolve(folder, path);
    try {
      return { file, text: decodeUtf8(Deno.readFileSync(file)) };
    } catch (error) {
      return { refused: reasonOf(error) };
    }
  };
}

/**
 * Allows the code of a run that the user trusts: only files with the SHA-256 in the run's manifest. Searches the folder of
 * the experiment file, then the run's folder.
 */
export function codeOfRun({ place, manifest }: RunReader): CodeAccess {
  const folder = resolve(place);
  const { experiment: { file: experimentFile }, sources } = manifest;
  const folders = experimentFile === null ? [] : [dirname(resolve(experimentFile)), folder];
  return (path, kind) => {
    const hash = Object.hasOwn(sources, path) ? sources[path]! : null;
    if (hash === null) return { refused: "the run's manifest has no SHA-256 for this file" };
    const copy = inputPath(folder, path, hash);
    const files = folders.map((from) => isAbsolute(path) ? path : resolve(from, path));
    for (const file of [...files, ...(copy === null ? [] : [copy])]) {
      const access = codeIn(folder)(file, kind);
      if (access !== "left" && "text" in access && nativeSha256(access.text) === hash) return access;
    }
    return {
      refused: `there is no such file with the SHA-256 that the run's manifest records, ${hash}; ` +
        `searched in ${folders.map((from) => JSON.stringify(from)).join(" and ")}`,
    };
  };
}

/**
 * Allows the code that a file names, unless the file is in a run's folder. A run's folder can come from another person.
 */
export function codeAskedFor(path: string, trusted: boolean): CodeAccess {
  const run = trusted ? null : runAround(path);
  if (run === null) return codeIn(dirname(path));
  return () => ({
    refused:
      `"${path}" is in the run's folder "${run}". Code from a run's folder can come from another person. ` +
      "Read the code, then give --trust-code",
  });
}

/** What a caller adds to the built-in rules and adapters. */
export type OwnExtensions = Readonly<{
  strategies?: readonly TurnTakingStrategy[];
  schedules?: readonly ModerationSchedule[];
  /** By the name that the experiment uses. */
  adapters?: Readonly<Record<string, ModelAdapter>>;
  /** Whether the files of models must exist. If the caller asks no model, they may be missing. */
  lookForModels?: boolean;
  /** Decides which code files are run; all of them when left out. */
  code?: CodeAccess;
}>;

export type LoadedExtensions = Readonly<{
  known: Extensions;
  adapters: ReadonlyMap<string, ModelAdapter>;
  /** The files that were loaded: path, as the experiment file writes it → text. */
  code: ReadonlyMap<string, string>;
}>;

/** Kind → the function that the file's default export must have. */
const MUST_HAVE = { strategy: "select", schedule: "isDue", adapter: "create" } as const;

/**
 * Loads the code files that an experiment names, and adds them to the built-in rules and adapters. Loading a file runs
 * its code, so the caller decides which files are loaded.
 */
export async function loadExtensions(
  named: readonly ExtensionPath[],
  folder: string,
  own: OwnExtensions = {},
): Promise<LoadedExtensions> {
  const strategies = [...own.strategies ?? []];
  const schedules = [...own.schedules ?? []];
  const adapters = new Map([...BUILT_IN_ADAPTERS, ...Object.entries(own.adapters ?? {})]);
  const unloadable = new Map<string, string>();
  const unloaded = new Set<string>();
  const code = new Map<string, string>();
  const { code: accessTo = codeIn(folder) } = own;
  for (const { kind, path } of named) {
    const access = accessTo(path, kind);
    if (access === "left") {
      unloaded.add(path);
      continue;
    }
    const loaded = "refused" in access ? access.refused : await loadExtension(kind, access.file);
    if (typeof loaded === "string" || "refused" in access) {
      unloadable.set(path, String(loaded));
      continue;
    }
    code.set(path, access.text);
    if (kind === "strategy") strategies.push({ ...loaded as TurnTakingStrategy, name: path });
    else if (kind === "schedule") schedules.push({ ...loaded as ModerationSchedule, name: path });
    else adapters.set(path, loaded as ModelAdapter);
  }
  const from = own.lookForModels ? folder : undefined;
  const known: Extensions = {
    strategies: turnTakingStrategies(strategies),
    schedules: moderationSchedules(schedules),
    adapters: [...adapters.keys()],
    checkModel: (adapter, options) => adapters.get(adapter)?.checkOptions?.(options, from) ?? [],
    serviceOptionsOf: (adapter) => adapters.get(adapter)?.serviceOptions ?? [],
    unloadable,
    unloaded,
  };
  return { known, adapters, code };
}

/** The file's default export, or the reason why it cannot be used. */
async function loadExtension(kind: ExtensionPath["kind"], file: string): Promise<object | string> {
  let loaded: { default?: unknown };
  try {
    loaded = await import(pathToFileURL(file).href);
  } catch (error) {
    // The reason becomes part of a longer sentence.
    return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]!.replace(/\.$/, "");
  }
  const { default: extension } = loaded;
  const needed = MUST_HAVE[kind];
  const isUsable = typeof extension === "object" && extension !== null &&
    typeof (extension as Record<string, unknown>)[needed] === "function";
  return isUsable ? extension : `its default export must be an object with a function "${needed}"`;
}
