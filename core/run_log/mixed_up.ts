/** Models that only their names and addresses tell apart: none may come to be asked where another one was. */
import { isSame, reachedAfter } from "./reached.ts";
import type { ReachedModel } from "./run_event.ts";
import type { RunLog } from "./run_log.ts";

/** Two models whose answers would be mixed. */
export type MixedUp = Readonly<{ model: string; other: string; address: string }>;

/**
 * Looks for a model that would be asked where another one, of which logs say the same, is or was. A server may move;
 * when two change places, each goes on with the other's discussions. Models that began at one address may stay together.
 *
 * @param log The run's log.
 * @param now Where the models are to be asked.
 * @returns The first such model; `null` where there is none.
 */
export function mixedUp(log: RunLog, now: readonly ReachedModel[]): MixedUp | null {
  const all = [...historyOf(log), reachedAfter(log.record.reached, now)];
  const first = (model: ReachedModel) => all.flat().find((one) => isSame(one, model))!;
  for (const one of now) {
    for (const other of all.flat()) {
      if (other.spec !== one.spec || other.model === one.model) continue;
      const part = partThatDiffers(first(one), first(other));
      const address = part === -1 ? undefined : one.address[part];
      if (address !== undefined && address === other.address[part]) {
        return { model: one.model, other: other.model, address };
      }
    }
  }
  return null;
}

function partThatDiffers(one: ReachedModel, other: ReachedModel): number {
  return one.address.findIndex((part, index) => part !== other.address[index]);
}

/** What was recorded, oldest first. */
function historyOf(log: RunLog): (readonly ReachedModel[])[] {
  const history: (readonly ReachedModel[])[] = [];
  for (let at: RunLog | null = log; at !== null; at = at.before) history.unshift(at.record.reached ?? []);
  return history;
}
