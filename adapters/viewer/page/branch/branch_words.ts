/** Where a branch begins, and what it changes, in plain words. */
import type { DiscussionSlots } from "../../../../analysis/projections/mod.ts";
import { BRANCH } from "../../../../core/experiment/branch.ts";
import { knownSettings } from "./known_settings.ts";

/**
 * A text such as `after turn 3; changed: moderator gentle`. The first part is missing for branches that an
 * early version of this program made, because their copied slots are not marked. The second part is missing
 * if the experiment file is not known.
 *
 * @param experimentText The experiment file of the branch's run; `null` if it is not known.
 */
export function branchWords(
  { slots, design }: Pick<DiscussionSlots, "slots" | "design">,
  experimentText: string | null,
): string {
  const past = slots.filter(({ isPast }) => isPast === true);
  const turns = past.flatMap(({ turn, by }) => by === "participant" && turn !== null ? [turn + 1] : []);
  const last = turns.reduce((one, other) => Math.max(one, other), 0);
  const level = Object.hasOwn(design.factors, BRANCH.factor) ? design.factors[BRANCH.factor]! : null;
  return [
    ...past.length === 0 ? [] : [last === 0 ? "after the openings" : `after turn ${last}`],
    ...level === null || experimentText === null ? [] : [changeWords(level, experimentText)],
  ].filter((text) => text !== "").join("; ");
}

function changeWords(level: string, experimentText: string): string {
  const branches = knownSettings(experimentText).find(({ name }) => name === BRANCH.factor);
  const settings = branches?.values.find(({ label }) => label === level)?.settings;
  if (settings === undefined) return "";
  if (settings.length === 0) return "nothing changed";
  return `changed: ${settings.map(({ path, value }) => `${path} ${value}`).join(", ")}`;
}
