/** Recovers roles: how many participants have which instructions. */
import type { OutsideDiscussion } from "./imported_discussion.ts";
import { instructionsOf } from "./recovered_facts.ts";

/** A role of the experiment file. */
export type RecoveredRole = Readonly<
  { name: string; instructions: string } & ({ count: number } | { probability: number })
>;

/** The name of the instructions that no rule names, if all participants without a rule share them. */
const OTHERS = "user";

const DECIMALS = 4;

/**
 * The names of all distinct instructions: the names from `--role` rules, and otherwise the names that an import gives.
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
 * The roles of discussions. A role has a count if the count is the same in all discussions. Otherwise it has the
 * probability that gives the share of participants in the files. The last role takes all participants that are left.
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
