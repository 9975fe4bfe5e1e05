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

/** The rules and adapters that an experiment file can name: built-in ones and a researcher's own. */
export type Extensions = Readonly<{
  /** By name. The name of a file's strategy is its path, as the experiment file writes it. */
  strategies: TurnTakingStrategies;
  schedules: ModerationSchedules;
  adapters: readonly string[];
  checkModel?: (adapter: string, options: ModelSpec["options"]) => readonly ModelFinding[];
  /** Options that say how a model is reached: they may change between the starts of a run, and no log has them. */
  serviceOptionsOf?: (adapter: string) => readonly string[];
  /** Files that could not be loaded: path → the reason, in words for the user. */
  unloadable?: ReadonlyMap<string, string>;
  /** Files that were not loaded on purpose, so that their rules and adapters are unknown. */
  unloaded?: ReadonlySet<string>;
}>;

/** The built-in rules, and the adapters that are given. */
export function builtInExtensions(adapters: readonly string[]): Extensions {
  return { strategies: turnTakingStrategies(), schedules: moderationSchedules(), adapters };
}

const PATH_LIKE = /[/\\]|\.(?:ts|js|mjs)$/;

export function isExtensionPath(name: string): boolean {
  return PATH_LIKE.test(name);
}
