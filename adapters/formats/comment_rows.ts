/** Discussions as tables: every row is a comment. */
import {
  IMPORTED_RULE,
  type ImportSource,
  type Json,
  type Participant,
  UNKNOWN_MODEL,
} from "../../core/discussion/mod.ts";
import { quoted } from "../../core/experiment/problems.ts";
import { type Columns, type Fields, findColumns } from "./columns.ts";
import type { DateReading } from "./dates.ts";
import { FormatError } from "./format_error.ts";
import { OrderColumn } from "./order_column.ts";
import type { OutsideDiscussion, Slot } from "./outside_discussion.ts";
import type { Row } from "./table_rows.ts";

/** What a comment's row can say; the names are those of ConvoKit, of Reddit's exports and of the Python library. */
export const COMMENT_FIELDS = {
  discussion: [
    "discussion",
    "discussion_id",
    "conversation_id",
    "conv_id",
    "root",
    "link_id",
    "thread_id",
    "thread",
  ],
  author: ["author", "speaker", "user", "username", "user_name", "speaker_id", "user_id"],
  text: ["text", "body", "comment", "message", "content", "utterance"],
  order: [
    "order",
    "position",
    "comment_index",
    "message_order",
    "timestamp",
    "created_utc",
    "created_at",
    "date",
  ],
  isModerator: ["is_moderator", "is_mod", "moderator"],
  role: ["role"],
  condition: ["condition"],
  model: ["model"],
} as const satisfies Fields<string>;

/** The fields of a comment. */
export type CommentField = keyof typeof COMMENT_FIELDS;

/** A comment, as it waits for the others of its discussion. */
export type CommentRow = Readonly<{
  line: number;
  /** Where it belongs among the others, as a decimal number of any size; `null` where the file does not say. */
  order: string | null;
  author: string;
  text: string;
  by: "participant" | "moderator";
  role: string;
  condition: string;
  model: string;
  /** What the row says besides. */
  rest: Readonly<Record<string, Json>>;
  problem?: string;
}>;

/** What a table of comments is, and how it is read. */
export type TableReading = Readonly<{
  /** What the user said of its columns. */
  mapped: Columns<CommentField>;
  /** Whether every row has all columns, as in CSV. */
  whole: boolean;
  dates: DateReading;
}>;

const REQUIRED = ["discussion", "author", "text"] as const;

/** A table of comments, which is read row by row, and then discussion by discussion. */
export class CommentTable {
  readonly #reading: TableReading;
  readonly #header = new Set<string>();
  #columns: Columns<CommentField> = {};
  #order: OrderColumn | null = null;

  /** Nothing is read yet. @param reading See there. */
  constructor(reading: TableReading) {
    this.#reading = reading;
  }

  /** Which column holds what, as far as the rows tell. */
  get columns(): Columns<CommentField> {
    return this.#columns;
  }

  /**
   * Reads a row.
   *
   * @param row The row.
   * @returns The comment and its discussion, `null` where it names none; what is wrong with it is said in `problem`.
   * @throws {FormatError} When a column is missing, or what it holds does not tell the order: nothing can be read then.
   */
  read({ line, record, problem: broken }: Row): Readonly<{ discussion: string | null; comment: CommentRow }> {
    if (broken === undefined) this.#note(Object.keys(record));
    const columns = this.#columns;
    const cell = (field: CommentField) => columns[field] === undefined ? undefined : record[columns[field]];
    const author = plainText(cell("author"));
    const text = plainText(cell("text"));
    const { order, problem: orderProblem } = broken === undefined && this.#order !== null
      ? this.#order.read(cell("order"), line)
      : { order: null };
    const role = plainText(cell("role")) ?? "";
    const held = new Set([
      columns.discussion,
      columns.author,
      typeof cell("text") === "string" ? columns.text : null,
    ]);
    const problem = broken ?? (author ? undefined : "the row does not say who its author is") ??
      (text === undefined ? "its text is not a text" : undefined) ?? orderProblem;
    return {
      discussion: plainText(cell("discussion")) || null,
      comment: {
        line,
        order,
        author: author ?? "",
        text: text ?? "",
        by: isModerators(role, cell("isModerator")) ? "moderator" : "participant",
        role,
        condition: plainText(cell("condition")) ?? "",
        model: plainText(cell("model")) || UNKNOWN_MODEL,
        rest: Object.fromEntries(
          Object.entries(record).filter(([column]) => !held.has(column)),
        ) as CommentRow["rest"],
        ...(problem === undefined ? {} : { problem }),
      },
    };
  }

  /**
   * Says that all rows were read.
   *
   * @throws {FormatError} When there was none, or a column is missing.
   */
  end(): void {
    if (this.#header.size === 0) throw new FormatError("it holds no comments");
    this.#find(REQUIRED, true);
  }

  /**
   * Makes a discussion of its comments.
   *
   * Every author is a participant, but for moderators; a moderator's comment before any participant's is an opening.
   *
   * @param id The discussion's id in the file.
   * @param rows Its comments, as they stand in the file.
   * @param source Where they come from.
   * @throws {FormatError} When something is wrong with one of them: leaving it out would shift the others.
   */
  discussion(id: string, rows: readonly CommentRow[], source: ImportSource): OutsideDiscussion {
    const wrong = rows.find(({ problem }) => problem !== undefined);
    if (wrong !== undefined) throw leftOut(id, wrong.problem!, wrong.line);
    const order = this.#order?.reading ?? null;
    const columns = { ...this.#columns } as Readonly<Record<string, Json>>;
    return discussionOf(this.#sorted(id, rows), {
      ...source,
      id,
      members: { columns, ...(order === null ? {} : { order }) },
    });
  }

  #sorted(id: string, rows: readonly CommentRow[]): readonly CommentRow[] {
    try {
      return this.#order?.sorted(rows) ?? rows;
    } catch (error) {
      throw error instanceof FormatError ? leftOut(id, error.message, error.line) : error;
    }
  }

  /** Rows of JSON need not have all columns. The first that fits a field stays the field's. */
  #note(columns: readonly string[]): void {
    const { size } = this.#header;
    for (const column of columns) this.#header.add(column);
    if (this.#header.size === size) return;
    const { whole } = this.#reading;
    this.#columns = { ...this.#find(whole ? REQUIRED : ["discussion"], whole), ...this.#columns };
    const { order } = this.#columns;
    if (order !== undefined) this.#order ??= new OrderColumn(order, this.#reading.dates);
  }

  #find(required: readonly CommentField[], whole: boolean): Columns<CommentField> {
    const { mapped } = this.#reading;
    return findColumns<CommentField>([...this.#header], COMMENT_FIELDS, { mapped, required, whole });
  }
}

function leftOut(id: string, problem: string, line: number | undefined): FormatError {
  return new FormatError(`${problem}; the discussion ${quoted(id)} is left out as a whole`, line);
}

function discussionOf(
  sorted: readonly CommentRow[],
  origin: Omit<OutsideDiscussion["origin"], "entries">,
): OutsideDiscussion {
  const first = sorted.findIndex(({ by }) => by === "participant");
  const participants = new Map<string, Participant>();
  let moderator: OutsideDiscussion["moderator"] = null;
  const slots = sorted.map(({ by, author: name, text, role, model }, position): Slot => {
    if (by === "participant") {
      if (!participants.has(name)) {
        const named = role === "" ? {} : { role: { name: role, instructions: "" } };
        participants.set(name, { name, model, persona: {}, ...named });
      }
      return { by, name, text };
    }
    moderator ??= { name, model, persona: {}, instructions: "", schedule: IMPORTED_RULE };
    return { by: first === -1 || position < first ? "opening" : by, name, text };
  });
  const entries = sorted.flatMap(({ rest }, position) =>
    Object.keys(rest).length === 0 ? [] : [[String(position), rest] as const]
  );
  return {
    origin: { ...origin, entries: Object.fromEntries(entries) },
    participants: [...participants.values()],
    moderator,
    slots,
    history: 0,
    context: "",
    instructions: "",
  };
}

/** Numbers and truth values are written as texts; nothing at all is the empty text. */
function plainText(value: unknown): string | undefined {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? undefined : String(value);
}

const YES: readonly unknown[] = ["true", "1", "yes"];

function isModerators(role: string, flag: unknown): boolean {
  return role.toLowerCase() === "moderator" || YES.includes(String(flag ?? "").toLowerCase());
}
