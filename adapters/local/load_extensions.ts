/** Loading of a researcher's own rules and model adapters: one file each, named by its path. */
import { pathToFileURL } from "node:url";
import { type ExtensionPath, extensionPathsOf, type Extensions } from "../../core/experiment/mod.ts";
import { type ModerationSchedule, moderationSchedules } from "../../core/moderation/mod.ts";
import type { ModelAdapter } from "../../core/ports/model_adapter.ts";
import { turnTakingStrategies, type TurnTakingStrategy } from "../../core/turn_taking/mod.ts";
import { BUILT_IN_ADAPTERS } from "../models/built_in_adapters.ts";
import { type CodeAccess, codeIn } from "./code_access.ts";

/** What a caller adds to the built-in rules and adapters. */
export type OwnExtensions = Readonly<{
  strategies?: readonly TurnTakingStrategy[];
  schedules?: readonly ModerationSchedule[];
  /** By the name that the experiment uses. */
  adapters?: Readonly<Record<string, ModelAdapter>>;
  /** Whether the files that models consist of must be there; they need not where no model is going to be asked. */
  lookForModels?: boolean;
  /** Which of the files that the experiment names as code are run; all of them where it is left out. */
  code?: CodeAccess;
}>;

/** Everything that an experiment can name, loaded. */
export type LoadedExtensions = Readonly<{
  /** What the experiment is checked against. */
  known: Extensions;
  adapters: ReadonlyMap<string, ModelAdapter>;
  /** The files that were loaded: path, as the experiment file writes it → its text. */
  code: ReadonlyMap<string, string>;
}>;

/** What the default export of a file must have for each kind. */
const MUST_HAVE = { strategy: "select", schedule: "isDue", adapter: "create" } as const;

/**
 * Loads the files that an experiment names, and puts them beside what is built in and what the caller adds. Loading a
 * file runs it, so the caller decides which files are loaded.
 *
 * @param text The experiment file's content.
 * @param folder The experiment file's folder; paths are relative to it.
 * @param own What the caller adds.
 */
export async function loadExtensions(
  text: string,
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
  for (const { kind, path } of extensionPathsOf(text)) {
    const access = accessTo(path);
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

/** The file's default export, or why it cannot be used. */
async function loadExtension(kind: ExtensionPath["kind"], file: string): Promise<object | string> {
  let loaded: { default?: unknown };
  try {
    loaded = await import(pathToFileURL(file).href);
  } catch (error) {
    // What it is put into goes on after it.
    return (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]!.replace(/\.$/, "");
  }
  const { default: extension } = loaded;
  const needed = MUST_HAVE[kind];
  const isUsable = typeof extension === "object" && extension !== null &&
    typeof (extension as Record<string, unknown>)[needed] === "function";
  return isUsable ? extension : `its default export must be an object with a function "${needed}"`;
}
