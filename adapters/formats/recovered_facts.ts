/** What files of the Python library show about the experiment that made them. */
import { canonical, type Json } from "../../core/json.ts";
import type { Participant } from "../../core/events/mod.ts";
import type { ToldCondition } from "./condition_rule.ts";
import { HARDCODED } from "./python_file.ts";
import type { OutsideDiscussion } from "./imported_discussion.ts";

/** A discussion of a file, and its condition. */
export type ToldDiscussion = Readonly<{ discussion: OutsideDiscussion; told: ToldCondition }>;

/** The attributes of a persona, its name first. */
export type RecoveredPersona = Readonly<Record<string, Json>>;

/** The key for the name in the library's persona files. */
export const NAME_KEY = "username";

/** All distinct personas. If personas with equal names differ, a number after the name distinguishes them. */
export function personasOf(discussions: readonly OutsideDiscussion[]): readonly RecoveredPersona[] {
  const found = new Map<string, RecoveredPersona>();
  const names = new Set<string>();
  for (const { name, persona } of discussions.flatMap(({ participants }) => participants)) {
    const { [NAME_KEY]: _, name: __, talkativeness: ___, ...attributes } = persona;
    const key = canonical([name, attributes]);
    if (found.has(key)) continue;
    const free = freeName(name, names);
    names.add(comparable(free));
    found.set(key, { [NAME_KEY]: free, ...attributes });
  }
  return [...found.values()];
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let number = 2; taken.has(comparable(free)); number++) free = `${name} (${number})`;
  return free;
}

function comparable(name: string): string {
  return name.normalize("NFC").toLowerCase();
}

/** A comment of an opening: a text that any participant can say, or a text with its author. */
type OpeningComment = string | Readonly<{ author: string; text: string }>;

/**
 * All distinct openings. If all authors are participants, the authors are left out, because the library draws
 * them at random.
 */
export function openingsOf(
  discussions: readonly OutsideDiscussion[],
): readonly (readonly OpeningComment[])[] {
  const authorsDrawn = discussions.every(({ slots, participants }) =>
    slots.every(({ by, name }) => by !== "opening" || participants.some((one) => one.name === name))
  );
  const openings = discussions.map(({ slots }) =>
    slots.filter(({ by }) => by === "opening")
      .map(({ name, text }): OpeningComment => authorsDrawn ? text : { author: name, text })
  );
  return [...new Map(openings.map((opening) => [JSON.stringify(opening), opening])).values()]
    .filter((opening) => opening.length > 0);
}

/** Model → the number of its replies. The most common model comes first. */
export function modelsOf(discussions: readonly OutsideDiscussion[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { participants, moderator, slots } of discussions) {
    const models = new Map(participants.map(({ name, model }) => [name, model]));
    if (moderator !== null) models.set(moderator.name, moderator.model);
    for (const { by, name } of slots) {
      const model = by === "opening" ? HARDCODED : models.get(name);
      if (model !== undefined && model !== HARDCODED) counts.set(model, (counts.get(model) ?? 0) + 1);
    }
  }
  return new Map([...counts].sort(([, a], [, b]) => b - a));
}

/** The instructions of a participant's role; without a role, the instructions of the discussion. */
export function instructionsOf({ instructions }: OutsideDiscussion, { role }: Participant): string {
  return role?.instructions ?? instructions;
}

/**
 * Whether each persona that takes part again in a condition has the same instructions again. `false` if no
 * persona takes part again.
 */
export function keepInstructions(conditions: readonly (readonly OutsideDiscussion[])[]): boolean {
  let isRepeated = false;
  const keeps = conditions.every((discussions) => {
    const held = new Map<string, string>();
    return discussions.every((discussion) =>
      discussion.participants.every((participant) => {
        const instructions = instructionsOf(discussion, participant);
        const known = held.get(participant.name);
        held.set(participant.name, instructions);
        if (known !== undefined) isRepeated = true;
        return known === undefined || known === instructions;
      })
    );
  });
  return keeps && isRepeated;
}

/** A strategy for the experiment file, and how the speakers' order supports it. */
export type RecoveredTurnTaking = Readonly<{ rule: Json; reason: string }>;

/**
 * A turn is an answer if the second-to-last speaker has it. A rate of answers counts as a rule if it is more
 * than this many standard errors above chance.
 */
const ANSWERS_SIGNIFICANT = 3;

const DECIMALS = 2;

/** Finds the strategy that fits the order of speakers. The files do not name it. */
export function turnTakingOf(discussions: readonly OutsideDiscussion[]): RecoveredTurnTaking {
  const orders = discussions.map(({ participants, slots }) => {
    const names = participants.map(({ name }) => name);
    return {
      names,
      speakers: slots.filter(({ by }) => by === "participant").map(({ name }) => names.indexOf(name)),
    };
  });
  const inOrder = orders.every(({ names, speakers }) =>
    speakers.every((speaker, at) => at === 0 || speaker === (speakers[at - 1]! + 1) % names.length)
  );
  if (inOrder) {
    const randomFirst = orders.some(({ speakers }) => (speakers[0] ?? 0) !== 0);
    return {
      rule: { strategy: "round-robin", randomFirst },
      reason: "In all files, participants speak one after the other.",
    };
  }
  let answers = 0;
  let turns = 0;
  let expected = 0;
  for (const { names, speakers } of orders) {
    for (let at = 2; at < speakers.length; at++) {
      turns++;
      if (speakers[at] === speakers[at - 2]) answers++;
      expected += 1 / Math.max(1, names.length - 1);
    }
  }
  if (turns === 0) return { rule: "random", reason: "The files are too short to show a rule." };
  const rate = answers / turns;
  const chance = expected / turns;
  const error = Math.sqrt(chance * (1 - chance) / turns);
  const figures = `The second-to-last speaker has ${answers} of ${turns} turns (${percent(rate)}); ` +
    `${percent(chance)} would be chance.`;
  if (rate - chance <= ANSWERS_SIGNIFICANT * error) return { rule: "random", reason: figures };
  const probability = Number(((rate - chance) / (1 - chance)).toFixed(DECIMALS));
  return { rule: { strategy: "respond", probability }, reason: figures };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
