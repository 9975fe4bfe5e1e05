/** Finds the columns of a table, and reads their cells. */
import { nearest, quoted } from "../../core/experiment/problems.ts";
import { FormatError } from "./format_error.ts";

/** The fields of a table: field → the usual names of its column, the likeliest first. */
export type Fields<F extends string> = Readonly<Record<F, readonly string[]>>;

/** Field → the name of its column. An empty name means that no column has this field. */
export type Columns<F extends string> = Readonly<Partial<Record<F, string>>>;

/** How many columns a message lists at most; wide tables have hundreds. */
const NAMED_MAX = 20;

/**
 * Reads a mapping such as `author=speaker,order=timestamp`. `order=` means that no column has the order.
 *
 * @throws {FormatError} When a part is not `field=column`, or the field does not exist.
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
    // An empty name means that no column has the field. It does not mean the column without a name that
    // pandas can write.
    const asked = name === undefined || name === "" ? undefined : askedFor(header, name);
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
          `Name the column with --map ${field}=COLUMN`,
      );
    }
    if (found !== undefined) columns[field] = found;
    else if (required.includes(field)) {
      throw new FormatError(
        `there is no column for the ${field}: ${there}. Name the column with --map ${field}=COLUMN`,
      );
    }
  }
  return columns;
}

/** Finds the column that the user names. Upper and lower case count only if two columns differ in nothing else. */
function askedFor(header: readonly string[], name: string): string | undefined {
  const same = header.filter((column) => column.toLowerCase() === name.toLowerCase());
  return header.includes(name) ? name : same.length === 1 ? same[0] : undefined;
}

/** A column's name in one spelling: `reply-to`, `Reply_To` and `replyTo` become the same. */
export function plainName(name: string): string {
  return name.toLowerCase().replace(/[\s_.-]/g, "");
}

/** How pandas, R, SQL and JavaScript write an empty cell. */
const EMPTY = /^(?:|nan|nat|none|null|undefined|n\/a|<?na>?|\\n)$/i;

/** Whether a cell of ids, numbers, dates or yes/no values is empty, or holds a word for an empty cell. */
export function isEmptyCell(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value !== "object" && EMPTY.test(String(value).trim());
}

/** A cell as text. A missing value becomes the empty text; a list or an object becomes `undefined`. */
export function textOfCell(value: unknown): string | undefined {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? undefined : String(value);
}

const YES: ReadonlySet<string> = new Set(["true", "t", "yes", "y", "on"]);
const NO: ReadonlySet<string> = new Set(["false", "f", "no", "n", "off"]);

/** Reads yes or no from a cell: `null` if the cell is empty, `undefined` for any other value. */
export function truthOf(value: unknown): boolean | null | undefined {
  if (isEmptyCell(value)) return null;
  if (typeof value === "object") return undefined;
  const word = String(value).trim().toLowerCase();
  if (YES.has(word) || /^1(?:\.0*)?$/.test(word)) return true;
  return NO.has(word) || /^0(?:\.0*)?$/.test(word) ? false : undefined;
}

/** Reads a yes/no column from top to bottom, and remembers the first no. */
export class TruthColumn {
  readonly #name: string;
  readonly #field: string;
  #firstNo: number | null = null;

  constructor(name: string, field: string) {
    this.#name = name;
    this.#field = field;
  }

  read(value: unknown, line: number): boolean | null {
    const truth = truthOf(value);
    if (truth === undefined) {
      const found = quoted(typeof value === "object" ? JSON.stringify(value) : String(value));
      throw new FormatError(
        `the column ${quoted(this.#name)} holds ${found}, ` +
          "which is neither yes nor no. The file is not imported. Write true or false, yes or no, y or n, t or f, on " +
          `or off, 1 or 0; or ignore the column with --map ${this.#field}=`,
        line,
      );
    }
    if (truth === false) this.#firstNo ??= line;
    return truth;
  }

  /**
   * The meaning of an empty cell: `false`, if every other cell is empty or says yes. Read the whole column
   * first.
   *
   * @throws {FormatError} When another cell says no: then an empty cell can mean yes or no.
   */
  whereEmpty(line: number): false {
    if (this.#firstNo === null) return false;
    throw new FormatError(
      `its ${this.#name} is empty, which can mean yes or no, since line ${this.#firstNo} says no`,
      line,
    );
  }
}
