/** Recovers an experiment from discussions of the Python library. */
import { canonical, type Json } from "../../core/json.ts";
import type { Sha256 } from "../../core/sha256.ts";
import { syndiscoPythonSet } from "../../core/templates/mod.ts";
import type { ToldCondition } from "./condition_rule.ts";
import { isSilence, type OutsideDiscussion } from "./imported_discussion.ts";
import { instructionsName } from "./python_discussion.ts";
import {
  mostCommon,
  recoverConditions,
  type RecoveredFactor,
  type Settings,
} from "./recovered_conditions.ts";
import {
  instructionsOf,
  keepInstructions,
  modelsOf,
  NAME_KEY,
  openingsOf,
  personasOf,
  type ToldDiscussion,
  turnTakingOf,
} from "./recovered_facts.ts";
import { doubtsOf } from "./recovered_doubts.ts";
import { recoveredText } from "./recovered_text.ts";
import { type NamedModerators, nameModerators } from "./recovered_moderators.ts";
import { roleNames, rolesOf } from "./recovered_roles.ts";

/** An experiment that was recovered from files. */
export type RecoveredExperiment = Readonly<{
  /** The text of the experiment file. */
  text: string;
  discussions: number;
  /** Factor → the labels of its levels. */
  factors: Readonly<Record<string, readonly string[]>>;
  personas: number;
  openings: number;
  /** The names of the original models. */
  models: readonly string[];
  /** Sentences about what the experiment file cannot express. The text has them as comments. */
  doubts: readonly string[];
}>;

/** The name of the model that replaces all original models. */
const MODEL = "repeated";

const SEED = 42;

const CONTEXT = "participants.context";
const ROLES = "participants.roles";
const COUNT = "participants.count";
const TURNS = "discussion.turns";
const HISTORY = "discussion.history";
const MODERATOR = "moderator";

/**
 * Recovers the experiment: its personas, roles, openings, moderators, turns and turn-taking, and its conditions as factors.
 * The names of the original models appear only in comments of the file.
 *
 * @param discussions At least one.
 */
export function recoverExperiment(
  discussions: readonly ToldDiscussion[],
  { name, sha256 }: Readonly<{ name: string; sha256: Sha256 }>,
): RecoveredExperiment {
  const all = discussions.map(({ discussion }) => discussion);
  const conditions = Map.groupBy(discussions, ({ told }) => told.condition);
  const instructions = new Map(
    [...conditions].map(([condition, own]) => [condition, distinctInstructions(own)] as const),
  );
  const histories = all.map(({ history }) => history).filter((history) => history > 0);
  const history = histories.length === 0 ? 0 : mostCommon(histories);
  const settings = discussions.map(({ discussion, told }) => ({
    told,
    settings: settingsOf(
      // Some files do not show the history. They get the most common one.
      discussion.history === 0 ? { ...discussion, history } : discussion,
      instructions.get(told.condition)!,
    ),
  }));
  const { common, factors, exceptions } = recoverConditions(settings);
  const roles = roleNames(all, (text) => instructionsName(text, sha256));
  const moderators = nameModerators(factors, common[MODERATOR]!);
  const written = (path: string, value: Json): Json => {
    if (path === MODERATOR) return moderators.nameOf(value);
    if (path !== ROLES) return value;
    const own = discussions.filter(({ told }) =>
      canonical(instructions.get(told.condition)) === canonical(value)
    );
    return rolesOf(own.map(({ discussion }) => discussion), roles);
  };
  const own = (path: string) => written(path, common[path]!);
  const hasRoles = roles.size > 1;
  const openings = openingsOf(all);
  const personas = personasOf(all);
  const turnTaking = turnTakingOf(all);
  const cells = cellsOf(discussions, factors);
  const isMatched = sharesDraws(cells);
  const isModeratorSet = factors.some(({ levels }) => levels.some(({ set }) => MODERATOR in set));
  const file = {
    name,
    seed: SEED,
    models: { [MODEL]: { adapter: "scripted" } },
    discussion: {
      templates: syndiscoPythonSet.name,
      turns: common[TURNS]!,
      ...(common[HISTORY] === 0 ? {} : { history: common[HISTORY]! }),
      turnTaking: turnTaking.rule,
      ...passWordOf(all),
    },
    ...(moderators.byName.size === 0 ? {} : { moderators: moderatorsOf(moderators) }),
    ...(common[MODERATOR] === null || isModeratorSet ? {} : { moderator: own(MODERATOR) }),
    design: {
      ...(factors.length === 0
        ? {}
        : { factors: Object.fromEntries(factors.map((factor) => levelsOf(factor, written))) }),
      replications: replicationsOf(cells),
      ...(isMatched ? {} : { matched: false }),
    },
    participants: {
      model: MODEL,
      count: common[COUNT]!,
      context: common[CONTEXT]!,
      instructions: hasRoles ? "" : [...roles.keys()].join(""),
      ...(hasRoles ? { roles: own(ROLES) } : {}),
      personas,
    },
    ...(openings.length === 0 ? {} : { openings }),
  };
  const doubts = doubtsOf(cells);
  return {
    text: recoveredText(file, notesOf(discussions, { exceptions, turnTaking: turnTaking.reason, doubts })),
    discussions: discussions.length,
    factors: Object.fromEntries(factors.map(({ name, levels }) => [name, levels.map(({ label }) => label)])),
    personas: personas.length,
    openings: openings.length,
    models: [...modelsOf(all).keys()],
    doubts: Object.values(doubts).flat(),
  };
}

type Findings = Readonly<{
  exceptions: Readonly<Record<string, number>>;
  turnTaking: string;
  doubts: ReturnType<typeof doubtsOf>;
}>;

/** Dotted path of a value → what the reader of the file should know about it. */
function notesOf(
  discussions: readonly ToldDiscussion[],
  { exceptions, turnTaking, doubts }: Findings,
): Readonly<Record<string, string>> {
  const all = discussions.map(({ discussion }) => discussion);
  const conditions = [...Map.groupBy(discussions, ({ told }) => told.condition)];
  const held = conditions.map(([condition, { length }]) => `${length} of ${condition}`).join(", ");
  const models = [...modelsOf(all)].map(([model, replies]) => `${model} (${replies} replies)`).join(", ");
  const number = discussions.length === 1 ? "1 discussion" : `${discussions.length} discussions`;
  const notes: Record<string, string> = {
    name: `Recovered from ${number} of the Python library. The comments say what their files ` +
      "do not show.",
    seed: "The files do not show the original seed.",
    models:
      `Replace the scripted model by yours. ${models === "" ? "" : `The original models: ${models}. `}` +
      "The files show neither sampling nor the length of replies.",
    "discussion.turnTaking": `The files do not name the strategy. ${turnTaking}`,
    "design.replications": `The numbers of discussions in the files: ${held}.`,
    "design.matched": "The original conditions had different participants or openings.",
  };
  if (all.every(({ history }) => history === 0)) {
    notes[TURNS] = "The files do not show how many comments a prompt showed.";
  }
  if (keepInstructions(conditions.map(([, own]) => own.map(({ discussion }) => discussion)))) {
    notes[ROLES] =
      "In the files, a persona has the same role in all discussions of its condition. Here, roles are " +
      "drawn for each discussion.";
  }
  const add = (path: string, text: string) => {
    notes[path] = notes[path] === undefined ? text : `${notes[path]} ${text}`;
  };
  for (const [path, count] of Object.entries(exceptions)) {
    add(
      path,
      `${count} of ${discussions.length} discussions differ from most discussions of their condition.`,
    );
  }
  for (const [path, sentences] of Object.entries(doubts)) {
    for (const sentence of sentences) add(path, sentence);
  }
  return notes;
}

function distinctInstructions(discussions: readonly ToldDiscussion[]): readonly string[] {
  return [
    ...new Set(
      discussions.flatMap(({ discussion }) =>
        discussion.participants.map((participant) => instructionsOf(discussion, participant))
      ),
    ),
  ].sort();
}

function settingsOf(discussion: OutsideDiscussion, instructions: readonly string[]): Settings {
  const { participants, moderator, slots, history, context } = discussion;
  return {
    [TURNS]: slots.filter(({ by }) => by === "participant").length,
    [HISTORY]: history,
    [COUNT]: participants.length,
    [CONTEXT]: context,
    [ROLES]: instructions,
    [MODERATOR]: moderator === null
      ? null
      : { name: moderator.name, persona: moderator.persona, instructions: moderator.instructions },
  };
}

/**
 * A factor in the form of the experiment file. If it only chooses the moderator, its name there is the path
 * `moderator`.
 */
function levelsOf(
  { name, levels }: RecoveredFactor,
  written: (path: string, value: Json) => Json,
): readonly [string, Json] {
  const isModerator = levels.every(({ set }) => Object.keys(set).join() === MODERATOR);
  if (!isModerator || (name !== MODERATOR && name !== "condition")) {
    return [
      name,
      levels.map(({ label, set }) => ({
        label,
        set: Object.fromEntries(Object.entries(set).map(([path, value]) => [path, written(path, value)])),
      })),
    ];
  }
  return [
    MODERATOR,
    levels.map(({ label, set }) => {
      const value = written(MODERATOR, set[MODERATOR]!);
      return value === label ? label : { label, value };
    }),
  ];
}

function moderatorsOf({ byName }: NamedModerators): Json {
  return Object.fromEntries(
    [...byName].map(([key, { name, persona, instructions }]) => {
      const { [NAME_KEY]: _, ...attributes } = persona;
      return [key, { model: MODEL, name, schedule: "every-turn", persona: attributes, instructions }];
    }),
  );
}

/**
 * The pass word: the most common text of silent slots that is not empty; without such a text, no pass word.
 */
function passWordOf(discussions: readonly OutsideDiscussion[]): Readonly<{ passWord?: string }> {
  const silent = discussions.flatMap(({ slots }) =>
    slots.filter(({ by, text }) => by !== "opening" && isSilence(text)).map(({ text }) => text.trim())
  ).filter((text) => text !== "");
  return silent.length === 0 ? {} : { passWord: mostCommon(silent) };
}

/** The largest number of discussions that the same models had in one condition. */
function replicationsOf(cells: readonly (readonly ToldDiscussion[])[]): number {
  const groups = cells.flatMap((cell) => [
    ...Map.groupBy(cell, ({ discussion }) => canonical([...modelsOf([discussion]).keys()].sort())).values(),
  ]);
  return Math.max(...groups.map(({ length }) => length));
}

/** Whether all conditions have discussions with the same participants and openings. */
function sharesDraws(cells: readonly (readonly ToldDiscussion[])[]): boolean {
  const draws = cells.map((cell) => {
    const drawn = cell.map(({ discussion: { participants, slots } }) =>
      canonical([
        participants.map(({ name }) => name).sort(),
        slots.filter(({ by }) => by === "opening").map(({ text }) => text),
      ])
    );
    // Equal draws count once, because conditions can have different numbers of discussions.
    return canonical([...new Set(drawn)].sort());
  });
  return new Set(draws).size === 1;
}

/** The discussions of each recovered condition. */
function cellsOf(
  discussions: readonly ToldDiscussion[],
  recovered: readonly RecoveredFactor[],
): readonly (readonly ToldDiscussion[])[] {
  const labelsOf = ({ condition, factors }: ToldCondition) =>
    recovered.map(({ name, levels }) => {
      const level = factors[name] ?? condition;
      return levels.find(({ names }) => names.includes(level))?.label ?? level;
    });
  return [...Map.groupBy(discussions, ({ told }) => canonical(labelsOf(told))).values()];
}
