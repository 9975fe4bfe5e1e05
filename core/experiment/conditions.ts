/** Conditions: the combinations of levels, each with the settings of its discussions. */
import { withValueAt } from "./factor_paths.ts";
import type { ReadDesign, ReadFactor } from "./factors.ts";
import type { Condition, DiscussionSettings, Role } from "./experiment.ts";
import { type Finding, quoted } from "./problems.ts";
import type { Moderator, PromptSpec } from "../events/mod.ts";
import { namedTemplates } from "../templates/mod.ts";
import { PROMPT_VERSION } from "../discussion/prompt.ts";
import { modelsOf } from "./models.ts";
import { pastName, pastSourceIn } from "./past.ts";
import { NO_MODERATOR } from "./references.ts";
import type { Referred } from "./sources.ts";
import { type ReadRule, readSchedule, readTurnTaking } from "./rules.ts";
import type { ExperimentContent } from "./schema.ts";

/** For each factor, the index of one of its levels. */
export type Choice = readonly number[];

/** A factor. Only the number of its levels is used here. */
type Levels = Readonly<{ levels: readonly unknown[] }>;

export function combinationCount(factors: readonly Levels[]): number {
  return factors.reduce((product, { levels }) => product * levels.length, 1);
}

/** All combinations of levels. From one to the next, the level of the last factor changes first. */
export function* combinations(factors: readonly Levels[]): Generator<Choice> {
  const total = combinationCount(factors);
  for (let index = 0; index < total; index++) {
    let rest = index;
    const choice: number[] = [];
    for (const { levels } of factors.toReversed()) {
      choice.unshift(rest % levels.length);
      rest = Math.floor(rest / levels.length);
    }
    yield choice;
  }
}

export function withLevels(file: unknown, factors: readonly ReadFactor[], choice: Choice): unknown {
  const parts = factors.flatMap(({ parts }, at) =>
    parts.map(({ steps, values }) => ({ steps, value: values[choice[at]!] }))
  );
  return parts.reduce(
    (content, { steps, value }) => value === undefined ? content : withValueAt(content, steps, value),
    file,
  );
}

const ONLY_CONDITION = "base";

/**
 * Makes the conditions. `settings` has one entry for each of `combinations([...factors, ...vary])`, in this
 * order.
 */
export function conditionsOf(
  design: ReadDesign,
  settings: readonly DiscussionSettings[],
): readonly Condition[] {
  const variants = combinationCount(design.vary);
  return labelled(design).map(({ label, factors }, at) => ({
    label,
    factors,
    variants: settings.slice(at * variants, (at + 1) * variants),
  }));
}

/** Refuses two conditions with the same label. Levels with a `+` in their labels can cause this. */
export function conditionFindings(design: ReadDesign): readonly Finding[] {
  const seen = new Set<string>();
  const twice = labelled(design).map(({ label }) => label).find((label) =>
    seen.size === seen.add(label).size
  );
  if (twice === undefined) return [];
  const message = `two conditions would have the label ${quoted(twice)}: give levels labels without "+"`;
  return [{ path: ["design", "factors"], part: "key", message }];
}

function labelled({ factors }: ReadDesign): Pick<Condition, "label" | "factors">[] {
  return [...combinations(factors)].map((choice) => {
    const labels = factors.map(({ path, levels }, at) => [path, levels[choice[at]!]!.label] as const);
    return { label: labelOf(labels.map(([, level]) => level)), factors: Object.fromEntries(labels) };
  });
}

function labelOf(levels: readonly string[]): string {
  return levels.length === 0 ? ONLY_CONDITION : levels.join("+");
}

/**
 * The labels of all conditions in the order of the plan.
 *
 * @param factors The labels of each factor's levels.
 */
export function conditionLabels(factors: readonly (readonly string[])[]): readonly string[] {
  return [...combinations(factors.map((levels) => ({ levels })))].map((choice) =>
    labelOf(choice.map((level, at) => factors[at]![level]!))
  );
}

export function settingsOf(file: ExperimentContent, referred: Referred): DiscussionSettings {
  const { participants, discussion } = file;
  const personas = referred.personas(participants.personas).items;
  const byName = new Map(personas.map((persona) => [persona.name, persona]));
  const pinned = participants.pinned.map((name) => byName.get(name)!);
  return {
    participantModels: [participants.model].flat(),
    pinnedModel: participants.pinnedModel ?? null,
    pinned,
    others: pinned.length === 0 ? personas : personas.filter((persona) => !pinned.includes(persona)),
    count: participants.count ?? personas.length,
    roles: participants.roles as readonly Role[],
    openings: file.openings === undefined ? [] : referred.openings(file.openings).items,
    turns: discussion.turns,
    history: discussion.history === "all" ? null : discussion.history,
    turnTaking: specOf(readTurnTaking(discussion.turnTaking, referred.extensions)),
    interventions: discussion.interventions ?? [],
    past: continuedPast(file, referred),
    passWord: discussion.passWord,
    prompt: {
      ...templatesIn(file, referred),
      version: PROMPT_VERSION,
      context: participants.context,
      instructions: participants.instructions,
    },
    moderator: moderatorOf(file, referred),
    models: modelsOf(file.models, referred.extensions),
  };
}

function templatesIn(
  { discussion: { layout, templates } }: ExperimentContent,
  referred: Referred,
): Pick<PromptSpec, "layout" | "templates"> {
  const set = templates === undefined ? null : referred.templates(templates).set;
  if (set === null) return { layout };
  const named = namedTemplates(set);
  return {
    layout: set.layout === "messages" ? "dialogue" : "transcript",
    ...(named === undefined ? {} : { templates: named }),
  };
}

function continuedPast(file: ExperimentContent, { pasts }: Referred): DiscussionSettings["past"] {
  const source = pastSourceIn(file);
  if (source === null) return null;
  const read = pasts.get(pastName(source));
  if (read === undefined || "unreadable" in read) return null;
  return read.pasts.map((past) => ({ ...past, origin: { ...past.origin, run: source.run } }));
}

function moderatorOf(
  { moderator: key, moderators }: ExperimentContent,
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
  if (spec === null) throw new TypeError("Cannot make settings: the file was not checked");
  return spec;
}
