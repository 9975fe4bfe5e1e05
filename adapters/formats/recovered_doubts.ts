/** Finds what a recovered experiment cannot say as the files do. */
import { canonical } from "../../core/json.ts";
import type { OutsideDiscussion } from "./imported_discussion.ts";
import { personasOf } from "./recovered_facts.ts";

/** Files of the library's version 2.1 list the moderator among the users. */
const MODERATOR_NAME = /^moderator\b/i;

/**
 * Compares the discussions of the recovered conditions.
 *
 * @param cells The discussions of each recovered condition, grouped by the condition that the files name.
 * @returns Dotted path of the experiment file → sentences about the value there.
 */
export function doubtsOf(
  cells: readonly ReadonlyMap<string, readonly OutsideDiscussion[]>[],
): Readonly<Record<string, readonly string[]>> {
  const conditions = cells.flatMap((cell) => [...cell.values()]);
  const all = conditions.flat();
  const personas: string[] = [];
  if (new Set(conditions.map((own) => canonical(personasOf(own).map(canonical).sort()))).size > 1) {
    personas.push(
      "The conditions have different personas. Here, all conditions draw from all personas, so a comparison of " +
        "these personas is lost.",
    );
  }
  const known = new Map<string, Set<string>>();
  for (const { name, persona } of all.flatMap(({ participants }) => participants)) {
    known.set(name, (known.get(name) ?? new Set()).add(canonical(persona)));
  }
  const several = [...known.values()].filter(({ size }) => size > 1).length;
  if (several > 0) {
    personas.push(
      `${several} of ${known.size} names belong to several personas. Here, a number follows such a name, also in prompts.`,
    );
  }
  const moderators = [...known.keys()].filter((name) => MODERATOR_NAME.test(name));
  if (moderators.length > 0) {
    personas.push(
      `The participant ${
        moderators.map((name) => `"${name}"`).join(", ")
      } seems to be a moderator, which files of ` +
        "version 2.1 do not mark. Move this persona and its instructions to the section moderators.",
    );
  }
  const without = all.filter(({ context }) => context === "").length;
  const merged = cells.filter(({ size }) => size > 1).map((cell) => [...cell.keys()].join(", "));
  return {
    "participants.personas": personas,
    "participants.context": without === 0 ? [] : [
      `In ${without} of ${all.length} discussions, the participants have different contexts or none. These contexts are lost.`,
    ],
    design: merged.map((names) =>
      `These conditions differ at most in their models and personas, and are one condition here: ${names}.`
    ),
  };
}
