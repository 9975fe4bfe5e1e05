/** Shows the links of people, and writes them to a file. */
import { chmodSync, writeFileSync } from "node:fs";
import { stringify } from "npm:csv-stringify@6.9.0/sync";
import type { PeopleOptions } from "../../adapters/local/mod.ts";
import type { PersonLink } from "../../adapters/people/persons.ts";
import { neutralise } from "../terminal/neutralise.ts";

/** At most this many links are shown. A file has all of them. */
const LINKS_SHOWN_MAX = 20;

/**
 * The options that show people's links, for the commands that ask people.
 *
 * @param file The file for all links; `undefined` to write none.
 * @param say Shows a text to the user.
 */
export function peopleOptions(file: string | undefined, say: (text: string) => void): PeopleOptions {
  return {
    say: (text) => say(`people ${neutralise(text)}`),
    links(links) {
      if (file !== undefined) writeLinks(file, links);
      say(linksText(links, file));
    },
  };
}

/**
 * Writes all links to a file. Anyone who has a link can answer as its person, so only the user can read the
 * file.
 */
function writeLinks(file: string, links: readonly PersonLink[]): void {
  const rows = links.map(({ person: { person, ...rest }, link }) => ({
    person,
    role: rest.kind === "seat" ? rest.role : "annotator",
    link,
  }));
  writeFileSync(file, stringify(rows, { header: true, columns: ["person", "role", "link"] }), {
    mode: 0o600,
  });
  chmodSync(file, 0o600);
}

function linksText(links: readonly PersonLink[], file: string | undefined): string {
  if (links.length === 0) return "people get no links: everybody has withdrawn";
  const shown = links.slice(0, LINKS_SHOWN_MAX).map(({ person, link }) =>
    `  ${link}  ${neutralise(person.person)}`
  );
  const rest = links.length - shown.length;
  const more = rest === 0
    ? []
    : [`  … and ${rest} more${file === undefined ? ": --people-links FILE writes all of them" : ""}`];
  const written = file === undefined ? [] : [`  written to ${neutralise(file)}`];
  return ["people answer at these links, on this machine only:", ...shown, ...more, ...written].join("\n");
}
