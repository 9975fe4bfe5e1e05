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

/**
 * A provider of models. If an entry names it, the entry need not have the adapter and some of the options.
 */
export type ModelProvider = Readonly<{
  adapter: string;
  /** Returns the provider's values for the options that the entry does not give. */
  optionsBeside: (given: ModelSpec["options"]) => ModelSpec["options"];
  /** Lists the settings of the entry that the provider does not support. */
  check?: (entry: Readonly<Record<string, unknown>>) => readonly ModelFinding[];
}>;

/** The rules and adapters that an experiment file can name. They are built in, or files of a researcher. */
export type Extensions = Readonly<{
  /**
   * Name → strategy. The name of a strategy from a file is the path of this file, as the experiment writes
   * it.
   */
  strategies: TurnTakingStrategies;
  schedules: ModerationSchedules;
  adapters: readonly string[];
  /** Name → provider. */
  providers?: ReadonlyMap<string, ModelProvider>;
  checkModel?: (adapter: string, options: ModelSpec["options"]) => readonly ModelFinding[];
  /** Lists the keys of an entry that the adapter cannot use. The keys of options are not checked here. */
  checkEntry?: (adapter: string, entry: Readonly<Record<string, unknown>>) => readonly ModelFinding[];
  /**
   * Names of options that say how a model is reached. They may change between the starts of a run. So the
   * logs of discussions do not have them.
   */
  serviceOptionsOf?: (adapter: string) => readonly string[];
  /** Path of a file that could not be loaded → the reason, as a text for the user. */
  unloadable?: ReadonlyMap<string, string>;
  /** Paths of files that were left out on purpose. So their rules and adapters are not known. */
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
