/** Gives different authors of a discussion different names. */
import { quoted } from "../../core/experiment/problems.ts";

/** A row's author. `authorId` is empty when the row has none. */
type RowAuthor = Readonly<{ author: string; authorId: string }>;

/**
 * Texts that platforms and programs write instead of the name of an author who left the platform. People can
 * be called Nan, Null or None, so these words count only in the spelling that programs print.
 */
const LEFT = [
  /^(?:\/?u\/)?[[(<{]\s*(?:(?:account|user)\s+)?(?:deleted|removed)(?:\s+(?:account|user|by user))?\s*[\])>}]$/i,
  /^(?:deleted|removed)(?:[ _-]?(?:user|account))?$|^(?:user|account)[ _-]?(?:deleted|removed)$/i,
  /^(?:None|null|NULL|nan|NaN|<NA>)$/,
];

/** Whether a name stands for all authors who left, not for one person. */
export function hasLeft(author: string): boolean {
  return LEFT.some((pattern) => pattern.test(author.trim()));
}

/**
 * The names of the authors of a discussion's comments.
 *
 * Comments with the same author id have the same author. A comment without an id belongs to the author whose
 * id has the comment's name, if exactly one id has this name. Otherwise, all comments with this name and
 * without an id have the same author. A text for authors who left is not a name: each comment with such a
 * text and without an id gets its own author. Different authors with the same name are numbered.
 *
 * @example
 * ```ts
 * import { namesOf } from "./authors.ts";
 * import assert from "node:assert/strict";
 *
 * const rows = ["Kim", "[deleted]", "[deleted]", "Kim"].map((author) => ({ author, authorId: "" }));
 * assert.deepEqual(namesOf(rows), ["Kim", "[deleted] 1", "[deleted] 2", "Kim"]);
 * ```
 */
export function namesOf(rows: readonly RowAuthor[]): readonly string[] {
  const ids = grouped(
    rows.filter(({ authorId }) => authorId !== "").map(({ author, authorId }) => [author, authorId]),
  );
  const keys = rows.map(({ author, authorId }, index) => {
    if (authorId !== "") return `id ${authorId}`;
    if (hasLeft(author)) return `comment ${index}`;
    const own = ids.get(author);
    return own?.size === 1 ? `id ${[...own][0]}` : `name ${author}`;
  });
  const firstNames = new Map(keys.map((key, index) => [key, rows[index]!.author] as const).reverse());
  const sharers = grouped([...firstNames].map(([key, author]) => [author, key]));
  const taken = new Set(rows.map(({ author }) => author));
  const names = new Map<string, string>();
  for (const key of keys) {
    if (names.has(key)) continue;
    const author = firstNames.get(key)!;
    let name = author;
    for (let number = 1; sharers.get(author)!.size > 1 && taken.has(name); number++) {
      name = `${author} ${number}`;
    }
    taken.add(name);
    names.set(key, name);
  }
  return keys.map((key) => names.get(key)!);
}

function grouped(pairs: readonly (readonly [string, string])[]): ReadonlyMap<string, ReadonlySet<string>> {
  const groups = new Map<string, Set<string>>();
  for (const [key, value] of pairs) groups.set(key, (groups.get(key) ?? new Set()).add(value));
  return groups;
}

/** Collects notes for the user about the authors of a table. */
export class AuthorNotes {
  readonly #left = new Set<string>();
  #leftComments = 0;
  /** Author id → two of its names. */
  readonly #renamed = new Map<string, readonly [string, string]>();

  read(rows: readonly RowAuthor[], names: readonly string[]): void {
    const first = new Map<string, string>();
    for (const [index, { author, authorId }] of rows.entries()) {
      if (hasLeft(author)) {
        if (authorId !== "" || names[index] === author) continue;
        this.#left.add(author);
        this.#leftComments++;
      } else if (authorId !== "") {
        const before = first.get(authorId) ?? author;
        first.set(authorId, before);
        if (before !== author) this.#renamed.set(authorId, [before, author]);
      }
    }
  }

  get notes(): readonly string[] {
    const notes: string[] = [];
    const [left, renamed] = [this.#leftComments, this.#renamed.size];
    if (left > 0) {
      const names = [...this.#left].map(quoted).join(", ");
      notes.push(
        `${left} ${left === 1 ? "comment is" : "comments are"} of authors who left (${names}). ` +
          "The file does not say which are by the same person, so each comment gets its own participant",
      );
    }
    for (const [id, names] of [...this.#renamed].slice(0, 1)) {
      const example = `${quoted(id)}: ${names.map(quoted).join(", ")}`;
      notes.push(
        `${renamed} author ${renamed === 1 ? "id has" : "ids have"} several names (${example}): ` +
          "comments with the same id are by one participant, who has the first of the names",
      );
    }
    return notes;
  }
}
