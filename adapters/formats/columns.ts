/** Which column of a table holds what. */
import { nearest, quoted } from "../../core/experiment/problems.ts";
import { FormatError } from "./format_error.ts";

/** What is looked for in a table: field → the names that its column usually has, the likeliest first. */
export type Fields<F extends string> = Readonly<Record<F, readonly string[]>>;

/** Field → the name of its column; the empty name says that no column is the field's. */
export type Columns<F extends string> = Readonly<Partial<Record<F, string>>>;

/** Columns that a message names; wide tables have hundreds. */
const NAMED_MAX = 20;

/**
 * Reads a mapping such as `author=speaker,order=timestamp`. Nothing after the sign says that no column is the field's.
 *
 * @param texts Parts of it; each can hold several fields.
 * @param fields The fields that there are.
 * @throws {FormatError} When a part is not `field=column`, or there is no such field.
 */
export function readMapping<F extends string>(texts: readonly string[], fields: Fields<F>): Columns<F> {
  const entries = texts.flatMap((text) => text.split(",")).filter((part) => part.trim() !== "").map(
    (part) => {
      const at = part.indexOf("=");
      const field = part.slice(0, at).trim();
      const column = part.slice(at + 1).trim();
      if (at === -1) {
        throw new FormatError(
          `Cannot read the mapping "${part}": expected field=column, such as author=speaker`,
        );
      }
      if (!Object.hasOwn(fields, field)) {
        const meant = nearest(field, Object.keys(fields));
        throw new FormatError(
          `Cannot map "${field}": the fields are ${Object.keys(fields).join(", ")}` +
            (meant === undefined ? "" : `; did you mean "${meant}"?`),
        );
      }
      return [field, column] as const;
    },
  );
  return Object.fromEntries(entries) as Columns<F>;
}

/**
 * Finds the columns of a table.
 *
 * @param header The names of its columns.
 * @param fields What is looked for.
 * @param options What the user said, and the fields that must be there. Where the header is not `whole`, as that of JSON
 *   lines before all are read, a mapped column can still come.
 * @throws {FormatError} When a mapped column is not there, or a required field has none.
 */
export function findColumns<F extends string>(
  header: readonly string[],
  fields: Fields<F>,
  { mapped, required, whole = true }: Readonly<
    { mapped: Columns<F>; required: readonly F[]; whole?: boolean }
  >,
): Columns<F> {
  const there = `its columns are ${header.slice(0, NAMED_MAX).map(quoted).join(", ")}` +
    (header.length > NAMED_MAX ? `, and ${header.length - NAMED_MAX} more` : "");
  const known = new Map([...header].reverse().map((name) => [plainName(name), name]));
  const columns: Partial<Record<F, string>> = {};
  for (const field of Object.keys(fields) as F[]) {
    const name = mapped[field];
    const asked = name === undefined ? undefined : askedFor(header, name);
    if (name && asked === undefined && whole) {
      throw new FormatError(`there is no column "${name}": ${there}`);
    }
    const found = name === undefined
      ? fields[field].map((name) => known.get(plainName(name))).find((name) => name !== undefined)
      : asked;
    const alike = header.filter((column) => column.toLowerCase() === found?.toLowerCase());
    if (name === undefined && alike.length > 1) {
      throw new FormatError(
        `more than one column could be the ${field}: ${alike.map(quoted).join(", ")}. ` +
          `Name it with --map ${field}=COLUMN`,
      );
    }
    if (found !== undefined) columns[field] = found;
    else if (required.includes(field)) {
      throw new FormatError(`no column is the ${field}: ${there}. Name it with --map ${field}=COLUMN`);
    }
  }
  return columns;
}

/** A column that the user names: the case of its letters matters only where another column differs in nothing else. */
function askedFor(header: readonly string[], name: string): string | undefined {
  const same = header.filter((column) => column.toLowerCase() === name.toLowerCase());
  return header.includes(name) ? name : same.length === 1 ? same[0] : undefined;
}

/** A column's name in one way of writing: `reply-to`, `Reply_To` and `replyTo` are one. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]/g, "");
}
