/** Finds the person whom a user means. A person's own name is long: a seat has the name of its discussion. */

/** The person who is meant; without one, those who can be meant. */
export type NamedPerson =
  | Readonly<{ person: string; /** Whether this is the whole name, letter by letter. */ isWhole: boolean }>
  | Readonly<{ candidates: readonly string[] }>;

/** Signs that can stand between a discussion and a participant. */
const BETWEEN = /[\s/:#|\\]+/gu;

/**
 * Finds a person by the whole name, else by the name in other letter case or with other signs between discussion and
 * participant, else by the participant's name alone, else by the beginning of any of these.
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
