/** A valid file's content, as what the discussions of one condition share. */
import type { Moderator } from "../events/discussion_design.ts";
import { PROMPT_VERSION } from "../discussion/prompt.ts";
import type { DiscussionSettings, ModelSetup, Role } from "./experiment.ts";
import type { Extensions } from "./extensions.ts";
import { modelSetup } from "./model_setup.ts";
import { NO_MODERATOR, type Referred } from "./references.ts";
import { type ReadRule, readSchedule, readTurnTaking } from "./rules.ts";
import type { ExperimentFile } from "./schema.ts";

/**
 * Makes the settings of a file in which nothing was found wrong.
 *
 * @param file The content with its defaults filled in.
 * @param referred What it refers to.
 */
export function settingsOf(file: ExperimentFile, referred: Referred): DiscussionSettings {
  const { participants, discussion } = file;
  const personas = referred.personas(participants.personas).items;
  const byName = new Map(personas.map((persona) => [persona.name, persona]));
  const pinned = participants.pinned.map((name) => byName.get(name)!);
  return {
    participantModels: [participants.model].flat(),
    pinned,
    others: pinned.length === 0 ? personas : personas.filter((persona) => !pinned.includes(persona)),
    count: participants.count ?? personas.length,
    roles: participants.roles as readonly Role[],
    openings: file.openings === undefined ? [] : referred.openings(file.openings).items,
    turns: discussion.turns,
    history: discussion.history === "all" ? null : discussion.history,
    turnTaking: specOf(readTurnTaking(discussion.turnTaking, referred.extensions)),
    passWord: discussion.passWord,
    prompt: {
      layout: discussion.layout,
      version: PROMPT_VERSION,
      context: participants.context,
      instructions: participants.instructions,
    },
    moderator: moderatorOf(file, referred),
    models: modelsOf(file, referred.extensions),
  };
}

/** The setups of all models of a file in which nothing was found wrong. */
export function modelsOf(
  { models }: Pick<ExperimentFile, "models">,
  extensions: Extensions,
): Record<string, ModelSetup> {
  const setups = Object.entries(models).map(([name, entry]) => {
    const { temperature, topP, maxTokens, stop } = entry;
    const sampling = {
      ...(temperature === undefined ? {} : { temperature }),
      ...(topP === undefined ? {} : { topP }),
      ...(maxTokens === undefined ? {} : { maxTokens }),
      ...(stop === undefined ? {} : { stop: [stop].flat() }),
    };
    return [name, modelSetup(entry, sampling, extensions)] as const;
  });
  return Object.fromEntries(setups);
}

function moderatorOf(
  { moderator: key, moderators }: ExperimentFile,
  { extensions }: Referred,
): Moderator | null {
  if (key === null || key === NO_MODERATOR) return null;
  const { name, model, persona, instructions, schedule } = moderators[key]!;
  return {
    name,
    model,
    persona: persona as Moderator["persona"],
    instructions,
    schedule: specOf(readSchedule(schedule, extensions)),
  };
}

function specOf({ spec }: ReadRule): NonNullable<ReadRule["spec"]> {
  if (spec === null) throw new TypeError("Cannot make settings: the file was not checked before");
  return spec;
}
