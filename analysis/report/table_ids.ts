/** Names of tables, which are those of their files too. */

/** The longest part of a name. */
const PART_MAX = 40;

/** Makes names that differ: the names of outcomes, passes and factors can hold anything. */
export class TableIds {
  readonly #given = new Set<string>();
  readonly #prefix: string;

  /** @param prefix What all of them begin with: the section's name. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /**
   * The next name.
   *
   * @param parts What it is made of, in any script.
   * @returns Lower-case letters of a–z, digits and single hyphens; a number at the end tells equal names apart.
   */
  next(...parts: readonly string[]): string {
    const words = [this.#prefix, ...parts.map(slugOf)].filter((part) => part !== "").join("-");
    let id = words;
    for (let copy = 2; this.#given.has(id); copy++) id = `${words}-${copy}`;
    this.#given.add(id);
    return id;
  }
}

/** Distinct keys of columns for names of any kind: letters of a–z, digits and underscores. */
export function columnKeys(names: readonly string[]): readonly string[] {
  const ids = new TableIds("");
  return names.map((name) =>
    ids.next(name === "" || slugOf(name) === "" ? "unnamed" : name).replaceAll("-", "_")
  );
}

function slugOf(text: string): string {
  return text.normalize("NFKD").toLowerCase().replace(/\p{M}/gu, "").replace(/[^a-z0-9]+/g, "-")
    .slice(0, PART_MAX).replace(/^-+|-+$/g, "");
}
