/** Recovers roles: how many participants have which instructions. */
import type { OutsideDiscussion } from "./imported_discussion.ts";
import { instructionsOf } from "./recovered_facts.ts";

/** A role of the experiment file. */
export type RecoveredRole = Readonly<
  { name: string; instructions: string } & ({ count: number } | { probability: number })
>;

/**
 * The name of the only instructions to which no rule gives a name. If there are several, each has its own
 * name.
 */
const OTHERS = "user";

const DECIMALS = 4;

/**
 * The names of all distinct instructions. The names come from the rules of `--role`. Without a rule, they are
 * the names that an import gives.
 *
 * @returns Instructions → name, the rarest instructions first.
 */
export function roleNames(
  discussions: readonly OutsideDiscussion[],
  nameOf: (instructions: string) => string,
): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  const named = new Map<string, string>();
  for (const discussion of discussions) {
    for (const participant of discussion.participants) {
      const text = instructionsOf(discussion, participant);
      counts.set(text, (counts.get(text) ?? 0) + 1);
      const { role } = participant;
      if (role !== undefined && role.name !== nameOf(text)) named.set(text, role.name);
    }
  }
  const texts = [...counts].sort(([, a], [, b]) => a - b).map(([text]) => text);
  const others = texts.filter((text) => !named.has(text));
  return new Map(texts.map((text) => {
    const other = others.length === 1 && ![...named.values()].includes(OTHERS) ? OTHERS : nameOf(text);
    return [text, named.get(text) ?? other];
  }));
}

/**
 * The roles of discussions. Roles have counts if the counts of all roles are the same in all discussions.
 * Otherwise they have the probabilities that give their shares of participants in the files. The last role
 * takes all participants that no earlier role takes.
 */
export function rolesOf(
  discussions: readonly OutsideDiscussion[],
  names: ReadonlyMap<string, string>,
): readonly RecoveredRole[] {
  const tallies = [...names].map(([instructions, name]) => ({
    role: { name, instructions },
    counts: discussions.map((discussion) =>
      discussion.participants.filter((one) => instructionsOf(discussion, one) === instructions).length
    ),
  })).filter(({ counts }) => counts.some((count) => count > 0));
  let left = discussions.reduce((sum, { participants }) => sum + participants.length, 0);
  const isFixed = tallies.every(({ counts }) => counts.every((count) => count === counts[0]));
  return tallies.map(({ role, counts }, index) => {
    if (isFixed) return { ...role, count: counts[0]! };
    const total = counts.reduce((sum, count) => sum + count, 0);
    const isLast = index === tallies.length - 1;
    const probability = isLast ? 1 : Number((total / left).toFixed(DECIMALS));
    left -= total;
    return { ...role, probability };
  });
}
