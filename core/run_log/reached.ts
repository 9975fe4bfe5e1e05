/** Models that only their names and addresses tell apart: where they are asked. */
import type { ReachedModel } from "./run_event.ts";

/**
 * Where models are asked, after some of them have moved.
 *
 * @param before Where they were asked.
 * @param now Those that moved, or are new.
 */
export function reachedAfter(
  before: readonly ReachedModel[] = [],
  now: readonly ReachedModel[],
): readonly ReachedModel[] {
  const moved = before.map((one) => now.find((other) => isSame(one, other)) ?? one);
  return [...moved, ...now.filter((one) => !before.some((other) => isSame(one, other)))];
}

/** Whether both are the same model, wherever it is asked. */
export function isSame(one: ReachedModel, other: ReachedModel): boolean {
  return one.model === other.model && one.spec === other.spec;
}
