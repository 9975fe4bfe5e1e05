/** Finds what gets lost when an experiment file is recovered from the Python library's logs of its discussions. */
import { canonical } from "../../core/json.ts";
import { quoted } from "../../core/experiment/problems.ts";
import { readPythonPrompt } from "./python_file.ts";
import { NAME_KEY, personasOf, type ToldDiscussion } from "./recovered_facts.ts";

/** Files of the library's version 2.1 list the moderator among the users. */
const MODERATOR_NAME = /^moderator\b/i;

/**
 * Compares the discussions of the recovered conditions.
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
      `${numbered} of ${pool.length} personas have the name of another persona. Here, a number follows it, also in ` +
        "prompts.",
    );
  }
  const moderators = [...names].filter((name) => MODERATOR_NAME.test(name));
  if (moderators.length > 0) {
    personas.push(
      `The participant ${
        moderators.map((name) => `"${name}"`).join(", ")
      } seems to be a moderator, which files of ` +
        "version 2.1 do not mark. Move this persona and its instructions to the section moderators.",
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
      `the participants, such as ${quoted(others[0]!)}. Here, the moderator has theirs.`,
    ],
    design: merged.map((names) =>
      `These conditions differ at most in their models and personas, and are one condition here: ${
        names.join(", ")
      }.`
    ),
  };
}
