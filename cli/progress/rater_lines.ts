/** Shows how far raters are. A few raters are shown by name; of many raters, only the numbers are shown. */
import type { RaterProgress } from "../../adapters/people/rater_progress.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatCount } from "../terminal/numbers.ts";

/** At most this many raters are named. */
const NAMED_MAX = 6;

/** What a rater does now. */
const STATES = ["finished", "rating", "not begun", "not agreed yet", "refused", "withdrew"] as const;

/** The raters as parts of a line; empty without raters. */
export function raterParts(raters: readonly RaterProgress[]): readonly string[] {
  if (raters.length <= NAMED_MAX) return raters.map(raterPart);
  const counts = STATES.map((state) =>
    [state, raters.filter((rater) => stateOf(rater) === state).length] as const
  )
    .filter(([, count]) => count > 0).map(([state, count]) => `${formatCount(count)} ${state}`);
  const [rated, of] = [
    raters.reduce((sum, { rated }) => sum + rated, 0),
    raters.reduce((sum, { of }) => sum + of, 0),
  ];
  return [...counts, `${formatCount(rated)}/${formatCount(of)} items of those who began`];
}

function raterPart(rater: RaterProgress): string {
  const state = stateOf(rater);
  const { rated, of } = rater;
  const figures = of === 0 ? "" : ` ${formatCount(rated)}/${formatCount(of)}`;
  return `${neutralise(rater.rater)}${figures}${state === "rating" ? "" : ` ${state}`}`;
}

function stateOf({ standing, of, isFinished }: RaterProgress): typeof STATES[number] {
  if (standing === "withdrew") return "withdrew";
  if (standing === "declined") return "refused";
  if (standing === "not-asked") return "not agreed yet";
  if (of === 0) return "not begun";
  return isFinished ? "finished" : "rating";
}
