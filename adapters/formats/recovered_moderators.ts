/** Names the moderators of a recovered experiment. */
import { canonical, type Json } from "../../core/json.ts";
import { NAME_LENGTH_MAX } from "../../core/names.ts";
import type { RecoveredFactor } from "./recovered_conditions.ts";

/** A moderator as the files show it. */
export type RecoveredModerator = Readonly<{
  name: string;
  persona: Readonly<Record<string, Json>>;
  instructions: string;
}>;

/** The name of a moderator whom all conditions share. */
const ONLY = "moderator";

const NONE = "none";

/** The moderators by name, and the name of each. */
export type NamedModerators = Readonly<{
  byName: ReadonlyMap<string, RecoveredModerator>;
  /** The name of a moderator; `none` for `null`. */
  nameOf: (moderator: Json) => string;
}>;

/**
 * Names each moderator after its level. "-" replaces the characters that names in the experiment file cannot
 * have.
 *
 * @param common The moderator of most discussions; `null` if most have none.
 */
export function nameModerators(factors: readonly RecoveredFactor[], common: Json): NamedModerators {
  const byName = new Map<string, RecoveredModerator>();
  const names = new Map([[canonical(null), NONE]]);
  const add = (moderator: Json | undefined, wanted: string) => {
    if (moderator === undefined || names.has(canonical(moderator))) return;
    const plain = plainName(wanted);
    let name = plain;
    for (let number = 2; name === NONE || byName.has(name); number++) name = `${plain}-${number}`;
    names.set(canonical(moderator), name);
    byName.set(name, moderator as RecoveredModerator);
  };
  for (const { levels } of factors) {
    for (const { label, set } of levels) add(set.moderator, label);
  }
  add(common, ONLY);
  return { byName, nameOf: (moderator) => names.get(canonical(moderator))! };
}

/** Names are this many characters shorter than the limit, so that a number fits after each. */
const NUMBER_LENGTH_MAX = 5;

function plainName(label: string): string {
  const plain = label.replaceAll(/[^\p{L}\p{M}\p{N}_. -]+/gu, "-")
    .slice(0, NAME_LENGTH_MAX - NUMBER_LENGTH_MAX)
    .replaceAll(/^[^\p{L}\p{N}_]+|[ -]+$/gu, "");
  return plain === "" ? ONLY : plain;
}
