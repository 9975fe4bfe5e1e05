/** What an experiment can name besides what it defines itself. */
import { type ModerationSchedules, moderationSchedules } from "../moderation/mod.ts";
import { type TurnTakingStrategies, turnTakingStrategies } from "../turn_taking/mod.ts";
import type { ModelSpec } from "../events/models.ts";
import type { Path } from "./problems.ts";

/** What a model adapter finds wrong with its options. */
export type ModelFinding = Readonly<{
  /** From the model's entry on. */
  path: Path;
  message: string;
}>;

/** The rules and adapters that experiment files can name, built in or a researcher's own. */
export type Extensions = Readonly<{
  /** By name; those of a file by its path as the experiment file writes it. */
  strategies: TurnTakingStrategies;
  schedules: ModerationSchedules;
  adapters: readonly string[];
  /** Checks the options of a model whose adapter is known. */
  checkModel?: (adapter: string, options: ModelSpec["options"]) => readonly ModelFinding[];
  /**
   * The options of an adapter that say how a model is reached, not what it is. They may change while a run is gone on
   * with, and stand in no log.
   */
  serviceOptionsOf?: (adapter: string) => readonly string[];
  /** Paths that the experiment names and that could not be loaded → why, in words for the user. */
  unloadable?: ReadonlyMap<string, string>;
  /** Paths that the experiment names and that were not loaded on purpose: what such rules and adapters say is not known. */
  unloaded?: ReadonlySet<string>;
}>;

/** The built-in rules, and the adapters that are given. */
export function builtInExtensions(adapters: readonly string[]): Extensions {
  return { strategies: turnTakingStrategies(), schedules: moderationSchedules(), adapters };
}

const PATH_LIKE = /[/\\]|\.(?:ts|js|mjs)$/;

/** Whether a name is the path of a file of the researcher's own. */
export function isExtensionPath(name: string): boolean {
  return PATH_LIKE.test(name);
}
