/** Finds out which column of a table holds what. */
import { nearest, quoted } from "../../core/experiment/problems.ts";
import { FormatError } from "./format_error.ts";

/** The fields of a table: field → the usual names of its column, the likeliest first. */
export type Fields<F extends string> = Readonly<Record<F, readonly string[]>>;

/** Field → the name of its column. An empty name says that no column is the field's. */
export type Columns<F extends string> = Readonly<Partial<Record<F, string>>>;

/** The most columns in a message; wide tables have hundreds. */
const NAMED_MAX = 20;

/**
 * Reads a mapping such as `author=speaker,order=timestamp`. An empty column says that no column is the field's.
 *
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
 * @param options The user's mapping, and the required fields. `whole` is false while more columns can still
 *   come, as in JSON lines.
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

/** A column that the user names. The case of its letters counts only when two columns differ only in it. */
function askedFor(header: readonly string[], name: string): string | undefined {
  const same = header.filter((column) => column.toLowerCase() === name.toLowerCase());
  return header.includes(name) ? name : same.length === 1 ? same[0] : undefined;
}

/** A column's name in one spelling: `reply-to`, `Reply_To` and `replyTo` become the same. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]/g, "");
}
