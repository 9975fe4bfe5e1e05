/** Sentences of a methods section on how discussions were held. */
import { moderationSchedules, scheduleClause } from "../../../core/moderation/mod.ts";
import { speakerClause, turnTakingStrategies } from "../../../core/turn_taking/mod.ts";
import type { DesignFacts, DistinctValues, ModelUse, Use } from "../../projections/mod.ts";
import type { Moderator } from "../../../core/events/mod.ts";
import { IMPORTED_MODEL, IMPORTED_RULE, UNKNOWN_MODEL } from "../../../core/discussion/mod.ts";
import { factorsOf, factorTexts, whereClause } from "../conditions.ts";
import type { RunFacts } from "../facts.ts";
import { formatCount, plural } from "../numbers.ts";
import { howMany, joined, named, NAMED_MAX, namedValues, shortened } from "../words.ts";
import { isDrawn, ruleOfRole, samplingText } from "./design_tables.ts";

const STRATEGIES = turnTakingStrategies();
const SCHEDULES = moderationSchedules();

/** Characters of a text that is quoted in a sentence. */
const QUOTED_MAX = 400;

/** A text in quotation marks, of bounded length and on one line. */
export function quoted(text: string): string {
  return `“${shortened(text.replace(/\s+/g, " ").trim(), QUOTED_MAX)}”`;
}

/** How the discussions of a run were held: sentences that are true to its file and its logs. */
export function heldSentences(run: RunFacts): readonly string[] {
  return run.design.imported === null ? ownSentences(run) : importedSentences(run);
}

function ownSentences(run: RunFacts): readonly string[] {
  const { design, versions, experiment, seed } = run;
  const how = [
    ...(experiment === null ? [] : [`experiment ${experiment.name}`]),
    ...(seed === null ? [] : [`seed ${seed}`]),
  ];
  const version = versions.syndisco === undefined ? "" : ` ${versions.syndisco}`;
  return [
    `${plural(design.discussions, "discussion")} ${
      design.discussions === 1 ? "was" : "were"
    } held by simulated ` +
    `participants with SynDisco${version}${how.length === 0 ? "" : ` (${how.join(", ")})`}.`,
    ...(design.discussions === 0 ? [] : discussionSentences(run)),
  ];
}

/** What is known of discussions, where there are some. */
function discussionSentences(run: RunFacts): readonly string[] {
  const { design, planned, matched } = run;
  return [
    ...(design.forked === 0
      ? []
      : [`Of these, ${formatCount(design.forked)} went on from a copy of another one.`]),
    ...conditionSentences(run),
    ...(planned === null || planned.conditions < 2 || matched === null ? [] : [
      matched
        ? "The conditions of a replicate shared their random draws of personas, roles, openings and speakers."
        : "Every discussion had random draws of personas, roles, openings and speakers of its own.",
    ]),
    ...[...design.varied].map(([path, labels]) =>
      `For each ${matched === false ? "discussion" : "replicate"}, ${path} was drawn among ${
        namedValues(labels)
      }.`
    ),
    participantSentence(run),
    ...roleSentences(run),
    openingSentence(run),
    `Participants had ${counted(design.turns, "turn")}${depends(design.turns)}.`,
    ...turnTakingSentences(design),
    `Prompts showed ${choice(design.history, shownText)}${depends(design.history)}.`,
    `${choice(design.passWords, silenceText)} counted as silence.`,
    ...moderatorSentences(design),
    ...modelSentences(design),
  ];
}

function conditionSentences(run: RunFacts): readonly string[] {
  const { design, planned } = run;
  const factors = factorTexts(factorsOf([run]));
  const count = planned?.conditions ?? design.conditions.values.length;
  const replicates = planned === null
    ? ""
    : `, planned with ${plural(planned.replications, "replicate")} each`;
  if (count < 2) return [`They are of one condition${replicates.replace(" each", "")}.`];
  const levels = factors.length === 1
    ? `the levels of ${factors[0]}`
    : factors.length === 0
    ? ""
    : `the combinations of ${joined(factors)}`;
  return [`They are of ${plural(count, "condition")}${levels === "" ? "" : `, ${levels}`}${replicates}.`];
}

function participantSentence({ design, drawnFrom }: RunFacts): string {
  const held = `Each discussion had ${counted(design.participants, "participant")}${
    depends(design.participants)
  }`;
  if (drawnFrom === null) return `${held}.`;
  const isAllPinned = drawnFrom.pinned.length === 1 && isAll(design.participants, drawnFrom.pinned[0]!);
  if (isAllPinned || drawnFrom.personas.every((count) => count === 0)) {
    return `${held}, who took part in every discussion.`;
  }
  const pool = `drawn from ${joined(drawnFrom.personas.map(formatCount), "or")} personas`;
  const pinned = joined(drawnFrom.pinned.map(formatCount), "or");
  return pinned === "0"
    ? `${held}, ${pool}.`
    : `${held}; ${pinned} of them took part in every discussion, and the others were ${pool}.`;
}

function roleSentences({ design, drawnFrom }: RunFacts): readonly string[] {
  if (drawnFrom !== null && drawnFrom.roles.length > 0) {
    const roles = drawnFrom.roles.map((role) =>
      `${role.name} (${ruleOfRole(role)}; ${quoted(role.instructions)})`
    );
    const which = drawnFrom.rolesDiffer ? ", not the same ones in all discussions," : "";
    return [`Roles${which} were given at random: ${named(roles)}.`];
  }
  const { values, complete } = design.roles;
  if (values.length === 0) return [];
  const roles = values.map(({ value, count }) =>
    `${value.setting.name} (${formatCount(count)} of ${formatCount(design.places)})`
  );
  return [`Some participants had a role: ${named(roles, complete)}.`];
}

function openingSentence({ design, drawnFrom }: RunFacts): string {
  if (isAll(design.openings, 0)) return "The participants began without an opening comment.";
  const from = drawnFrom === null
    ? ""
    : `, drawn from ${joined(drawnFrom.openings.map(formatCount), "or")} openings`;
  return `A discussion began with ${counted(design.openings, "opening comment")}${from}.`;
}

function turnTakingSentences(design: DesignFacts): readonly string[] {
  const sentences = design.turnTaking.values.map((use) => {
    const clause = speakerClause(use.value.setting, STRATEGIES.get(use.value.setting.name));
    const where = whereUsed(use, design.turnTaking, design);
    return where === "" ? `${capital(clause)}.` : `${where}, ${clause}.`;
  });
  return shownSentences(sentences, "rule");
}

function moderatorSentences(design: DesignFacts): readonly string[] {
  const sentences = design.moderators.values.flatMap((use) => {
    const { setting } = use.value;
    return setting === null ? [] : [moderatorSentence(setting, whereUsed(use, design.moderators, design))];
  });
  return sentences.length === 0 ? ["There was no moderator."] : shownSentences(sentences, "moderator");
}

/** Where a setting was in use: by conditions, or in how many discussions where conditions do not tell. */
function whereUsed<T>(
  { value: { conditions }, count }: DistinctValues<Use<T>>["values"][number],
  { values }: DistinctValues<Use<T>>,
  design: DesignFacts,
): string {
  return isDrawn(values.map(({ value }) => value.conditions))
    ? `In ${formatCount(count)} of ${plural(design.discussions, "discussion")}`
    : whereClause(conditions, design);
}

/** A sentence for each of some things, as long as there are not too many of them. */
function shownSentences(sentences: readonly string[], noun: string): readonly string[] {
  const rest = sentences.length - NAMED_MAX;
  return rest > 0
    ? [...sentences.slice(0, NAMED_MAX), `There were ${plural(rest, `more ${noun}`)} besides.`]
    : sentences;
}

function moderatorSentence({ instructions, schedule }: Moderator, where: string): string {
  const there = where === "" ? "A moderator" : `${where}, a moderator`;
  return `${there} was asked ${
    scheduleClause(schedule, SCHEDULES.get(schedule.name))
  }, with the instructions ${quoted(instructions)}.`;
}

/** Who was played by what; those who were played by the same are named together. */
function modelSentences({ models }: DesignFacts): readonly string[] {
  const played = new Map<string, string[]>();
  for (const [as, who] of [["participant", "participants"], ["moderator", "moderators"]] as const) {
    const used = models.values.filter(({ value }) => value.setting.as === as)
      .map(({ value }) => modelText(value.setting));
    if (used.length === 0) continue;
    const by = named([...new Set(used)], models.complete);
    played.set(by, [...played.get(by) ?? [], who]);
  }
  return [...played].map(([by, who]) => `${capital(joined(who))} were played by ${by}.`);
}

/** A model with all that is known of it: `qwen (Qwen2.5-7B through openai; temperature 0.8)`. */
export function modelText({ name, spec }: Pick<ModelUse, "name" | "spec">): string {
  const { adapter, options } = spec;
  if (adapter === IMPORTED_MODEL.adapter) return name;
  const through = typeof options.model === "string"
    ? `${options.model} through ${adapter}`
    : `adapter ${adapter}`;
  const rest = Object.entries(options).filter(([key]) => key !== "model")
    .map(([key, value]) => `${key} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  const sampling = samplingText(spec);
  const parts = [
    through,
    ...(sampling === "" ? [] : [sampling]),
    ...(rest.length === 0 ? [] : [rest.join(", ")]),
  ];
  return `${name} (${shortened(parts.join("; "), QUOTED_MAX)})`;
}

function importedSentences(run: RunFacts): readonly string[] {
  const { design, versions } = run;
  const { formats, files, discussions } = design.imported!;
  const version = versions.syndisco === undefined ? "" : ` ${versions.syndisco}`;
  const models = design.models.values.filter(({ value }) =>
    value.setting.as !== "annotator" && value.setting.name !== UNKNOWN_MODEL
  )
    .map(({ value }) => modelText(value.setting));
  const known = [
    ...(design.turnTaking.values.some(({ value }) => value.setting.name === IMPORTED_RULE.name)
      ? ["the rule by which speakers were chosen", "when a moderator was asked"]
      : []),
    "how replies were sampled",
  ];
  const shown = design.history.values.filter(({ value }) => value.setting !== 0);
  return [
    `${plural(discussions, "discussion")} that had been held elsewhere ${
      discussions === 1 ? "was" : "were"
    } imported with SynDisco${version} from ${howMany(files, "file")} of the format ${namedValues(formats)}.`,
    ...conditionSentences(run),
    `Each discussion had ${counted(design.participants, "participant")} and ${counted(design.turns, "turn")}${
      depends(design.turns)
    }, silent ones included, after ${counted(design.openings, "opening comment")}.`,
    ...roleSentences(run),
    ...importedModerators(design),
    ...(models.length === 0
      ? []
      : [`The files name the models ${named([...new Set(models)], design.models.complete)}.`]),
    ...(shown.length === 0 ? [] : [
      `Where the files tell it, prompts showed ${
        choice({ values: shown, complete: design.history.complete }, shownText)
      }.`,
    ]),
    `The files do not tell ${joined(known)}.`,
  ];
}

function importedModerators(design: DesignFacts): readonly string[] {
  const without = design.moderators.values.find(({ value }) => value.setting === null);
  const moderated = design.discussions - (without?.count ?? 0);
  return moderated === 0 ? ["There was no moderator."] : [
    `A moderator took part in ${formatCount(moderated)} of ${plural(design.discussions, "discussion")}.`,
  ];
}

/** Different values as alternatives. */
function choice<T>(
  { values, complete }: DistinctValues<Use<T>>,
  textOf: (value: T) => string = String,
): string {
  const settings = values.map(({ value }) => value.setting);
  if (settings.every((setting) => typeof setting === "number")) {
    settings.sort((a, b) => Number(a) - Number(b));
  }
  const texts = [...new Set(settings.map(textOf))];
  return complete ? joined(texts, "or") : named(texts, complete);
}

/** Different numbers of something as alternatives: `1 or 2 turns`. */
function counted(uses: DistinctValues<Use<number>>, noun: string): string {
  return `${choice(uses, formatCount)} ${isAll(uses, 1) ? noun : `${noun}s`}`;
}

/** Whether it is the condition, or a draw, that decides among values. */
function depends({ values }: DistinctValues<Use<unknown>>): string {
  if (values.length < 2) return "";
  return isDrawn(values.map(({ value }) => value.conditions)) ? "" : ", depending on the condition";
}

function isAll<T>({ values }: DistinctValues<Use<T>>, wanted: T): boolean {
  return values.every(({ value }) => value.setting === wanted);
}

function shownText(history: number | null): string {
  if (history === null) return "all comments so far";
  return history === 0
    ? "no earlier comment"
    : history === 1
    ? "the last comment"
    : `the last ${history} comments`;
}

function silenceText(word: string): string {
  return word === "" ? "An empty reply" : `An empty reply or ${word}`;
}

function capital(clause: string): string {
  return clause[0]!.toUpperCase() + clause.slice(1);
}
