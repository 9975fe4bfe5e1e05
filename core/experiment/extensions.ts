/** The rules and adapters that an experiment file can name. */
import { type ModerationSchedules, moderationSchedules } from "../moderation/mod.ts";
import { type TurnTakingStrategies, turnTakingStrategies } from "../turn_taking/mod.ts";
import type { ModelSpec } from "../events/models.ts";
import type { Path } from "./problems.ts";

/** A wrong option, as a model adapter reports it. */
export type ModelFinding = Readonly<{
  path: Path;
  message: string;
}>;

/** A provider of models: the adapter that reaches it, and the options that an entry of the file may leave out. */
export type ModelProvider = Readonly<{
  adapter: string;
  /** Returns the options that the entry does not give. */
  optionsBeside: (given: ModelSpec["options"]) => ModelSpec["options"];
  /** Lists what the entry sets and the provider does not do. */
  check?: (entry: Readonly<Record<string, unknown>>) => readonly ModelFinding[];
}>;

/** The rules and adapters that an experiment file can name: built-in ones and a researcher's own. */
export type Extensions = Readonly<{
  /** By name. A strategy from a file has the file's path as its name, as the experiment file writes the path. */
  strategies: TurnTakingStrategies;
  schedules: ModerationSchedules;
  adapters: readonly string[];
  /** By name. */
  providers?: ReadonlyMap<string, ModelProvider>;
  checkModel?: (adapter: string, options: ModelSpec["options"]) => readonly ModelFinding[];
  /** Lists the keys of an entry, outside of the options, that the adapter cannot use. */
  checkEntry?: (adapter: string, entry: Readonly<Record<string, unknown>>) => readonly ModelFinding[];
  /** Options that say how a model is reached. They may change between the starts of a run, so logs of discussions leave them out. */
  serviceOptionsOf?: (adapter: string) => readonly string[];
  /** Files that could not be loaded: path → the reason, in words for the user. */
  unloadable?: ReadonlyMap<string, string>;
  /** Files that were not loaded on purpose, so that their rules and adapters are unknown. */
  unloaded?: ReadonlySet<string>;
}>;

/** The built-in rules, with the given adapters. */
export function builtInExtensions(adapters: readonly string[]): Extensions {
  return { strategies: turnTakingStrategies(), schedules: moderationSchedules(), adapters };
}

const PATH_LIKE = /[/\\]|\.(?:ts|js|mjs)$/;

export function isExtensionPath(name: string): boolean {
  return PATH_LIKE.test(name);
}
