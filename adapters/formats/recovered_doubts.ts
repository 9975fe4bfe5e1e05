/**
 * Finds the facts that get lost when an experiment file is recovered from discussions of the Python library.
 */
import { canonical } from "../../core/json.ts";
import { quoted } from "../../core/experiment/problems.ts";
import { readPythonPrompt } from "./python_file.ts";
import { NAME_KEY, personasOf, type ToldDiscussion } from "./recovered_facts.ts";

/** A user with such a name is probably a moderator: version 2.1 writes moderators as users. */
const MODERATOR_NAME = /^moderator\b/i;

/**
 * Compares the discussions with the recovered experiment.
 *
 * @param cells The discussions of each recovered condition.
 * @returns Dotted path of the experiment file → sentences about the value there.
 */
export function doubtsOf(
  cells: readonly (readonly ToldDiscussion[])[],
): Readonly<Record<string, readonly string[]>> {
  const told = cells.flat();
  const all = told.map(({ discussion }) => discussion);
  const conditions = [...Map.groupBy(told, ({ told }) => told.condition).values()]
    .map((own) => own.map(({ discussion }) => discussion));
  const personas: string[] = [];
  if (new Set(conditions.map((own) => canonical(personasOf(own).map(canonical).sort()))).size > 1) {
    personas.push(
      "The conditions have different personas. Here, all conditions draw from all personas, so a comparison of " +
        "these personas is lost.",
    );
  }
  const names = new Set(all.flatMap(({ participants }) => participants.map(({ name }) => name)));
  const pool = personasOf(all);
  const numbered = pool.filter((persona) => !names.has(String(persona[NAME_KEY]))).length;
  if (numbered > 0) {
    personas.push(
      `${numbered} of ${pool.length} personas have the name of another persona. Here, a number follows this name, ` +
        "also in prompts.",
    );
  }
  const moderators = [...names].filter((name) => MODERATOR_NAME.test(name));
  if (moderators.length > 0) {
    personas.push(
      `The participant ${
        moderators.map((name) => `"${name}"`).join(", ")
      } seems to be a moderator. Files of version 2.1 do ` +
        "not mark moderators. Move this persona and its instructions to the section moderators.",
    );
  }
  const without = all.filter(({ context }) => context === "").length;
  const moderated = all.filter(({ moderator }) => moderator !== null);
  const others = moderated.flatMap(({ context, origin: { members: { moderator_prompt } } }) => {
    const own = typeof moderator_prompt === "string" ? readPythonPrompt(moderator_prompt).context : context;
    return own === context ? [] : [own];
  });
  const merged = cells.map((cell) => [...new Set(cell.map(({ told }) => told.condition))])
    .filter(({ length }) => length > 1);
  return {
    "participants.personas": personas,
    "participants.context": without === 0 ? [] : [
      `In ${without} of ${all.length} discussions, the participants do not share one context. Their contexts are lost.`,
    ],
    moderators: others.length === 0 ? [] : [
      `In ${others.length} of ${moderated.length} discussions with a moderator, the moderator has another context than ` +
      `the participants, such as ${quoted(others[0]!)}. Here, the moderator has the participants' context.`,
    ],
    design: merged.map((names) =>
      `These conditions differ at most in their models and personas. They are one condition here: ${
        names.join(", ")
      }.`
    ),
  };
}
