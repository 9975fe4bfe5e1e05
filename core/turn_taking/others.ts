/** Who may speak next at all. */
import type { TurnTakingView } from "./strategy.ts";

/**
 * The indices of everybody but the last speaker. A lone participant may go on alone.
 *
 * @param view What was said so far.
 * @returns At least one index, ascending.
 */
export function othersThanLast(view: TurnTakingView): readonly number[] {
  const all = view.participants.map((_, index) => index);
  return all.length === 1 ? all : all.filter((index) => index !== view.last);
}
