/** Discussions of several runs that repeat each other, so that they are not independent. */
import type { Observation } from "./observation.ts";

/** A run that repeats discussions of an earlier run. */
export type Repeat = Readonly<{
  run: string;
  /** The first earlier run that has these discussions. */
  of: string;
  /** The number of discussions. */
  discussions: number;
}>;

/** The fields that show which discussions repeat each other. */
export type Repeatable = Pick<Observation, "run" | "discussion" | "seed">;

/**
 * Finds runs that repeat each other: their discussions have the same names and the same seeds. Such discussions
 * make the same draws, and models that honour seeds give them the same comments.
 */
export function repeatsIn(discussions: readonly Repeatable[]): readonly Repeat[] {
  if (discussions.every(({ run }) => run === discussions[0]!.run)) return [];
  const firstRunOf = new Map<string, string>();
  const found = new Map<string, { run: string; of: string; discussions: number }>();
  for (const { run, discussion, seed } of discussions) {
    const key = JSON.stringify([discussion, seed]);
    const first = firstRunOf.get(key);
    if (first === undefined) firstRunOf.set(key, run);
    else if (first !== run) {
      const pair = JSON.stringify([run, first]);
      const repeat = found.get(pair) ?? { run, of: first, discussions: 0 };
      repeat.discussions++;
      found.set(pair, repeat);
    }
  }
  return [...found.values()];
}
