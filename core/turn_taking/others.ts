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

/**
 * The chances of all participants where one of some is drawn.
 *
 * @param view What was said so far.
 * @param drawn The indices of those who can be drawn, at least one.
 * @param weightOf How likely each of them is, up to a factor; equally likely where it is left out or zero for all.
 * @returns In the participants' order, summing to one.
 */
export function chancesAmong(
  { participants }: TurnTakingView,
  drawn: readonly number[],
  weightOf: (index: number) => number = () => 1,
): readonly number[] {
  const sum = drawn.reduce((total, index) => total + weightOf(index), 0);
  const chance = (index: number) => sum > 0 ? weightOf(index) / sum : 1 / drawn.length;
  return participants.map((_, index) => drawn.includes(index) ? chance(index) : 0);
}
