/** Loads a researcher's own rules and model adapters. */
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { ExtensionPath, Extensions } from "../../core/experiment/mod.ts";
import { type ModerationSchedule, moderationSchedules } from "../../core/moderation/mod.ts";
import type { ModelAdapter } from "../../core/ports/model.ts";
import { turnTakingStrategies, type TurnTakingStrategy } from "../../core/turn_taking/mod.ts";
import { BUILT_IN_ADAPTERS, BUILT_IN_PROVIDERS } from "../models/mod.ts";
import { closureOf, type CodeClosure } from "../code/mod.ts";
import { type CodeAccess, codeIn } from "./code_access.ts";

/** Allows no code. */
export const NO_CODE: CodeAccess = () => Promise.resolve({ left: "the command runs no code" });

/** What a caller adds to the built-in rules and adapters. */
export type OwnExtensions = Readonly<{
  strategies?: readonly TurnTakingStrategy[];
  schedules?: readonly ModerationSchedule[];
  /** By the name that the experiment uses. */
  adapters?: Readonly<Record<string, ModelAdapter>>;
  /** Whether the files of models must exist. If the caller asks no model, they may be missing. */
  lookForModels?: boolean;
  /** Decides which code files are run. Without it, all of them are run. */
  code?: CodeAccess;
}>;

export type LoadedExtensions = Readonly<{
  known: Extensions;
  adapters: ReadonlyMap<string, ModelAdapter>;
  /** The code that was loaded: path, as the experiment file writes it → code. */
  code: ReadonlyMap<string, CodeClosure>;
  /** The code that was not run: path → reason. */
  left: ReadonlyMap<string, string>;
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
  const left = new Map<string, string>();
  const code = new Map<string, CodeClosure>();
  const { code: accessTo = codeIn(folder) } = own;
  for (const { kind, path } of named) {
    const access = await accessTo(path, kind);
    if ("left" in access) {
      left.set(path, access.left);
      continue;
    }
    const loaded = "refused" in access ? access.refused : await loadExtension(kind, access.closure);
    if (typeof loaded === "string" || "refused" in access) {
      unloadable.set(path, String(loaded));
      continue;
    }
    code.set(path, access.closure);
    if (kind === "strategy") strategies.push({ ...loaded as TurnTakingStrategy, name: path });
    else if (kind === "schedule") schedules.push({ ...loaded as ModerationSchedule, name: path });
    else adapters.set(path, loaded as ModelAdapter);
  }
  const from = own.lookForModels ? folder : undefined;
  const known: Extensions = {
    strategies: turnTakingStrategies(strategies),
    schedules: moderationSchedules(schedules),
    adapters: [...adapters.keys()],
    providers: BUILT_IN_PROVIDERS,
    checkModel: (adapter, options) => adapters.get(adapter)?.checkOptions?.(options, from) ?? [],
    checkEntry: (adapter, entry) => adapters.get(adapter)?.checkEntry?.(entry) ?? [],
    serviceOptionsOf: (adapter) => adapters.get(adapter)?.serviceOptions ?? [],
    unloadable,
    unloaded: new Set(left.keys()),
  };
  return { known, adapters, code, left };
}

/** File → the SHA-256 of the text that this process imported from it. The runtime reads each URL only once. */
const IMPORTED = new Map<string, string>();

/**
 * The URL that imports the code as it is now; `null` if a file that the code imports was edited after it was
 * loaded.
 */
function urlOf({ folder, main, files }: CodeClosure): string | null {
  const imported = [...files].map(([path, { sha256 }]) => ({
    file: join(folder, path),
    sha256,
    isMain: path === main,
    isEdited: (IMPORTED.get(join(folder, path)) ?? sha256) !== sha256,
  }));
  if (imported.some(({ isMain, isEdited }) => isEdited && !isMain)) return null;
  for (const { file, sha256, isEdited } of imported) if (!isEdited) IMPORTED.set(file, sha256);
  const edited = imported.find(({ isEdited }) => isEdited);
  return pathToFileURL(join(folder, main)).href + (edited === undefined ? "" : `?sha256=${edited.sha256}`);
}

/** The file's default export, or the reason why it cannot be used. */
async function loadExtension(kind: ExtensionPath["kind"], closure: CodeClosure): Promise<object | string> {
  const file = join(closure.folder, closure.main);
  const url = urlOf(closure);
  if (url === null) {
    return "a file that it imports changed after the program had loaded it. Start the program again";
  }
  let loaded: { default?: unknown };
  try {
    loaded = await import(url);
    // The import read the files again, after they were hashed.
    if ((await closureOf(file)).sha256 !== closure.sha256) {
      return "its code changed while it was loaded. Give the command again";
    }
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
