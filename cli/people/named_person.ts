/**
 * Finds the person whom a user means. Whole names are long: the name of a seat begins with the name of its
 * discussion.
 */

/** The person who is meant. If no person or several persons fit, `candidates` has all that fit. */
export type NamedPerson =
  | Readonly<{
    person: string;
    /** Whether the user gave the whole name, letter by letter. */
    isWhole: boolean;
  }>
  | Readonly<{ candidates: readonly string[] }>;

/** Signs that can stand between a discussion and a participant. */
const BETWEEN = /[\s/:#|\\]+/gu;

/**
 * Finds a person by the whole name. If no name fits, tries in this order: the whole name in another letter
 * case or with other signs between discussion and participant; the participant's name alone; the beginning of
 * one of these names.
 */
export function namedPerson(given: string, people: Iterable<string>): NamedPerson {
  const known = [...people];
  if (known.includes(given)) return { person: given, isWhole: true };
  const wanted = plain(given);
  const fits: readonly ((name: string) => boolean)[] = [
    (name) => name === wanted,
    (name) => participantIn(name) === wanted,
    (name) => name.startsWith(wanted),
    (name) => participantIn(name).startsWith(wanted),
  ];
  for (const fit of wanted === "" ? [] : fits) {
    const candidates = known.filter((person) => fit(plain(person))).sort();
    const [person, ...others] = candidates;
    if (person !== undefined) return others.length === 0 ? { person, isWhole: false } : { candidates };
  }
  return { candidates: [] };
}

function plain(name: string): string {
  return name.normalize("NFC").toLowerCase().trim().replaceAll(BETWEEN, "/");
}

/** The name after the discussion. */
function participantIn(name: string): string {
  return name.slice(name.indexOf("/") + 1);
}
