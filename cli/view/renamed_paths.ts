/** Other names for conditions and discussions whose names contain an absolute path. */
import type { PrivateWords } from "../../adapters/stores/archive/private_words.ts";
import { DamagedStream } from "../../core/engine/mod.ts";
import type { DiscussionDesign } from "../../core/events/mod.ts";
import { slugOf } from "../../core/experiment/mod.ts";
import type { RunLogs } from "../shared/logs.ts";

/**
 * Reads the conditions and levels of all discussions, and makes other names for those that contain a path.
 *
 * @param words The private words. The function adds the servers of the discussions' models to them.
 * @returns Text → what replaces it. The texts are levels that contain a path, the names of conditions with
 *   such levels, and the beginnings of names of discussions. Different levels get different replacements.
 */
export async function renamedPaths(
  runs: Iterable<RunLogs>,
  words: PrivateWords,
): Promise<ReadonlyMap<string, string>> {
  const conditions = new Map<string, readonly string[]>();
  for (const logs of runs) {
    for await (const { condition, factors, models } of designsOf(logs)) {
      words.learn(JSON.stringify(models));
      conditions.set(condition, Object.values(factors));
    }
  }
  const levels = new Map<string, string>();
  for (const level of [...conditions.values()].flat()) {
    if (levels.has(level) || ![...words.find(level)].some(({ kind }) => kind === "path")) continue;
    levels.set(level, unlike(words.replace(level), new Set(levels.values())));
  }
  const renamed = new Map(levels);
  for (const [condition, its] of conditions) {
    const long = its.filter((level) => levels.has(level)).sort((one, other) => other.length - one.length);
    if (long.length === 0) continue;
    // A function gives the replacement, because `$&` in a text would bring the path back.
    const name = long.reduce((text, level) => text.replaceAll(level, () => levels.get(level)!), condition);
    renamed.set(condition, name);
    renamed.set(slugOf(condition), slugOf(name));
  }
  return renamed;
}

function unlike(name: string, others: ReadonlySet<string>): string {
  if (!others.has(name)) return name;
  let number = 2;
  while (others.has(`${name} ${number}`)) number++;
  return `${name} ${number}`;
}

async function* designsOf({ run, discussions, events }: RunLogs): AsyncGenerator<DiscussionDesign> {
  for await (const discussion of discussions()) {
    try {
      for await (const { type, data } of events(discussion)) {
        if (type === "DiscussionOpened") yield data as DiscussionDesign;
        break;
      }
    } catch (error) {
      // This damage is not reported here, because the page says where the log is damaged.
      if (!(error instanceof DamagedStream)) throw error;
    }
    run.store.release(discussion);
  }
}
