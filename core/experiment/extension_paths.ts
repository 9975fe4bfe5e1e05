/** Finds the code files of a researcher that an experiment names: strategies, schedules and adapters. */
import { withLevels } from "./conditions.ts";
import { readDesign } from "./factors.ts";
import { isRecord, recordOf, type SourceDocument } from "./document.ts";
import { isExtensionPath } from "./extensions.ts";
import { turnTakingStrategies } from "../turn_taking/mod.ts";
import { valueAt } from "./schema_findings.ts";

/** A code file that an experiment names. */
export type ExtensionPath = Readonly<{
  kind: "strategy" | "schedule" | "adapter";
  path: string;
}>;

/** The code files that an experiment file names, so that they can be loaded before the file is checked. */
export function extensionPathsOf({ value: file }: SourceDocument): readonly ExtensionPath[] {
  if (!isRecord(file)) return [];
  const found = new Map<string, ExtensionPath>();
  const add = (kind: ExtensionPath["kind"], path: unknown) => {
    if (typeof path === "string" && isExtensionPath(path)) found.set(`${kind} ${path}`, { kind, path });
  };
  for (const content of variationsOf(file)) {
    const { models, moderators } = recordOf(content);
    for (const model of Object.values(recordOf(models))) add("adapter", valueAt(model, ["adapter"]));
    addStrategies(valueAt(content, ["discussion", "turnTaking"]), add);
    for (const moderator of Object.values(recordOf(moderators))) {
      const schedule = valueAt(moderator, ["schedule"]);
      add("schedule", isRecord(schedule) ? schedule.schedule : schedule);
    }
  }
  return [...found.values()];
}

/**
 * The options of built-in strategies that name another strategy. The options of other strategies are not
 * known before their code is loaded.
 */
const STRATEGY_OPTIONS: ReadonlySet<string> = new Set(
  [...turnTakingStrategies().values()].flatMap(({ strategyOptions = [] }) => strategyOptions),
);

function addStrategies(turnTaking: unknown, add: (kind: "strategy", path: unknown) => void): void {
  add("strategy", isRecord(turnTaking) ? turnTaking.strategy : turnTaking);
  if (!isRecord(turnTaking)) return;
  for (const option of STRATEGY_OPTIONS) {
    if (turnTaking[option] !== undefined) addStrategies(turnTaking[option], add);
  }
}

function* variationsOf(file: Record<string, unknown>): Generator<unknown> {
  yield file;
  const { factors, vary } = readDesign(file);
  for (const factor of [...factors, ...vary]) {
    for (const level of factor.levels.keys()) yield withLevels(file, [factor], [level]);
  }
}
