/** Texts about the participants of a run, for the methods section. */
import type { RunFacts } from "../facts.ts";
import { formatCount, plural } from "../numbers.ts";
import { howMany, joined, named, quoted } from "../words.ts";
import { isAll, ruleOfRole } from "./design_tables.ts";

/** Says how many personas took part, and from how many they were drawn. */
export function personasText(
  { design: { names, places, participants, branches }, drawnFrom, planned }: RunFacts,
): string {
  const found = `${howMany(names, planned === null ? "name" : "persona")} filled ${
    plural(places, "participant slot")
  }`;
  if (branches !== null) return `${found}; the participants of the continued discussions`;
  if (planned === null) return found;
  if (drawnFrom === null) return `${found}; the number of personas to draw from is not known`;
  const { personas, pinned } = drawnFrom;
  const areAllPinned = pinned.length === 1 && isAll(participants, pinned[0]!);
  if (areAllPinned || personas.every((count) => count === 0)) {
    return `${found}; the same participants in every discussion`;
  }
  const always = pinned.some((count) => count > 0)
    ? `, plus ${joined(pinned.map(formatCount), "or")} in every discussion`
    : "";
  return `${found}; drawn from ${joined(personas.map(formatCount), "or")} personas${always}`;
}

/** Names the roles of participants, and says how they were given. */
export function rolesText({ design: { roles, places, branches }, drawnFrom }: RunFacts): string {
  if (branches === null && drawnFrom !== null && drawnFrom.roles.length > 0) {
    const given = drawnFrom.roles.map((role) =>
      `${role.name} (${ruleOfRole(role)}; ${quoted(role.instructions)})`
    );
    return `given at random${drawnFrom.rolesDiffer ? ", not the same ones in all discussions" : ""}: ${
      named(given)
    }`;
  }
  return named(
    roles.values.map(({ value, count }) =>
      `${value.setting.name} (${formatCount(count)} of ${formatCount(places)})`
    ),
    roles.complete,
  );
}
