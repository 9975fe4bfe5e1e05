/** Roles of imported participants, told by what their prompts instruct them to. */
import type { Participant } from "../../core/events/mod.ts";
import type { Sha256 } from "../../core/sha256.ts";

/** Participants whose instructions contain a text have a role. */
export type RoleRule = Readonly<{ name: string; contains: string }>;

const HASH_LENGTH = 8;

/**
 * The instructions that all share, and the roles of those whose instructions are others.
 *
 * A rule's name is a role's name. Of those whom no rule names, nobody has a role where all have the same instructions;
 * where they differ, each has one that is named by the hash of what it instructs, so that equal instructions are the
 * same role in all discussions.
 *
 * @param instructions Those of every participant.
 * @param rules The rules; the first that applies counts.
 * @param sha256 The hash function.
 */
export function rolesOf(
  instructions: readonly string[],
  rules: readonly RoleRule[],
  sha256: Sha256,
): Readonly<{ shared: string; roles: readonly Participant["role"][] }> {
  const named = instructions.map((text) => rules.find(({ contains }) => text.includes(contains))?.name);
  const others = new Set(instructions.filter((_, index) => named[index] === undefined));
  const shared = others.size === 1 ? [...others][0]! : "";
  const roles = instructions.map((text, index) => {
    const name = named[index];
    if (name !== undefined) return { name, instructions: text };
    if (others.size === 1) return undefined;
    return { name: `instructions-${sha256(text).slice(0, HASH_LENGTH)}`, instructions: text };
  });
  return { shared, roles };
}
