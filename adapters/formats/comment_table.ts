/** Tables of comments: each row is a comment. */
import type { Json } from "../../core/json.ts";
import type { ImportSource, Participant } from "../../core/events/mod.ts";
import { IMPORTED_RULE, UNKNOWN_MODEL } from "../../core/discussion/mod.ts";
import { quoted } from "../../core/experiment/problems.ts";
import { AuthorNotes, hasLeft, namesOf } from "./authors.ts";
import { type Columns, type Fields, findColumns, isEmptyCell, textOfCell, TruthColumn } from "./columns.ts";
import { CommentOrder } from "./comment_order.ts";
import type { DateReading } from "./dates.ts";
import { FormatError, readWholeDiscussion } from "./format_error.ts";
import type { OutsideDiscussion, Slot } from "./imported_discussion.ts";
import { ReplyLinks, SpacedCells } from "./comment_doubts.ts";
import type { Row } from "./table_rows.ts";

/** The fields of a comment, with their columns in ConvoKit, Reddit's exports, the Python library and similar tables. */
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
  authorId: ["author_id", "author_fullname", "speaker_id", "user_id"],
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
  by: ["by"],
  role: ["role"],
  condition: ["condition"],
  model: ["model"],
} as const satisfies Fields<string>;

/** A field of a comment. */
export type CommentField = keyof typeof COMMENT_FIELDS;

/** A comment, as its row gives it. */
export type CommentRow = Readonly<{
  line: number;
  /** The value that orders the comments, as a decimal number of any size; `null` if the row has none. */
  order: string | null;
  author: string;
  /** Distinguishes authors with the same name; empty if the row has no id. */
  authorId: string;
  text: string;
  /** `null` if the cell is empty. */
  isModerator: boolean | null;
  /** Who spoke, in a table that `export` wrote; `null` in other tables. */
  by: Slot["by"] | null;
  role: string;
  condition: string;
  model: string;
  /** The cells of the row, without its discussion, author and text. */
  rest: Readonly<Record<string, Json>>;
  /** Why the row cannot be imported. */
  problem?: string;
}>;

export type TableReading = Readonly<{
  mapped: Columns<CommentField>;
  /** Whether every row has all columns, as in CSV. */
  whole: boolean;
  dates: DateReading;
  /** The facts of a corpus about discussions and authors. */
  about?: Readonly<{
    discussion: (id: string) => Readonly<Record<string, Json>>;
    author: (name: string) => Readonly<Record<string, Json>>;
  }>;
}>;

/** A comment with its author's name in the discussion. */
type Comment =
  & CommentRow
  & Readonly<{ name: string; by: Slot["by"]; persona: Participant["persona"] }>;

/**
 * What the column `by` says in tables that `export` wrote → who spoke. Other values are ignored: they mean
 * something else.
 */
const EXPORTED_BY: ReadonlyMap<unknown, Slot["by"]> = new Map([
  ["author", "opening"],
  ["intervention", "intervention"],
  ["participant", "participant"],
  ["moderator", "moderator"],
]);

/** Fields with names or ids: two texts that differ only in spaces around them count as different. */
const NAMES = ["discussion", "author", "condition", "role"] as const;

const REQUIRED = ["discussion", "author", "text"] as const;

/** Reads a table row by row, and then makes its discussions. */
export class CommentTable {
  readonly #reading: TableReading;
  readonly #header = new Set<string>();
  #columns: Columns<CommentField> = {};
  readonly #order: CommentOrder;
  readonly #links = new ReplyLinks();
  readonly #spaces = new SpacedCells();
  #moderators: TruthColumn | null = null;
  readonly #authors = new AuthorNotes();

  constructor(reading: TableReading) {
    this.#reading = reading;
    this.#order = new CommentOrder(reading.dates, reading.mapped.order !== undefined);
  }

  get notes(): readonly string[] {
    return [this.#authors, this.#order, this.#links, this.#spaces].flatMap(({ notes }) => notes);
  }

  read({ line, record, problem: broken }: Row): Readonly<{ discussion: string | null; comment: CommentRow }> {
    if (broken === undefined) this.#note(Object.keys(record));
    const columns = this.#columns;
    const cell = (field: CommentField) => columns[field] === undefined ? undefined : record[columns[field]];
    const author = textOfCell(cell("author"));
    const authorId = columns.authorId === columns.author ? "" : textOfCell(cell("authorId")) ?? "";
    const text = textOfCell(cell("text"));
    const isBroken = broken !== undefined;
    const { order, problem: orderProblem } = isBroken ? { order: null } : this.#order.read(record, line);
    const held = new Set([
      columns.discussion,
      columns.author,
      typeof cell("text") === "string" ? columns.text : null,
    ]);
    for (const field of NAMES) this.#spaces.read(columns[field], cell(field));
    const problem = broken ?? (author?.trim() ? undefined : "the row does not say who its author is") ??
      (text === undefined ? "its text is not a string" : undefined) ?? orderProblem;
    return {
      discussion: isEmptyCell(cell("discussion")) ? null : textOfCell(cell("discussion")) ?? null,
      comment: {
        line,
        order,
        author: author ?? "",
        authorId: isEmptyCell(authorId) || hasLeft(authorId) ? "" : authorId,
        text: text ?? "",
        isModerator: isBroken || this.#moderators === null
          ? null
          : this.#moderators.read(cell("isModerator"), line),
        by: columns.by === columns.author ? null : EXPORTED_BY.get(cell("by")) ?? null,
        role: textOfCell(cell("role")) ?? "",
        condition: textOfCell(cell("condition")) ?? "",
        model: textOfCell(cell("model")) || UNKNOWN_MODEL,
        rest: Object.fromEntries(
          Object.entries(record).filter(([column]) => !held.has(column)),
        ) as CommentRow["rest"],
        ...(problem === undefined ? {} : { problem }),
      },
    };
  }

  end(): void {
    if (this.#header.size === 0) {
      throw new FormatError("it has no rows with comments; check that it is the right file");
    }
    this.#find(REQUIRED, true);
    this.#order.end();
  }

  /**
   * Makes a discussion from its comments. Comments by a moderator before the first participant speaks
   * become openings.
   *
   * @throws {FormatError} When a comment is wrong. It is not skipped, because later comments would then
   *   move up.
   */
  discussion(id: string, rows: readonly CommentRow[], source: ImportSource): OutsideDiscussion {
    return readWholeDiscussion(id, () => {
      const wrong = rows.find(({ problem }) => problem !== undefined);
      if (wrong !== undefined) throw new FormatError(wrong.problem!, wrong.line);
      const sorted = this.#order.sorted(rows);
      const comments = this.#named(sorted);
      this.#links.check(sorted.map(({ rest }) => rest));
      const order = this.#order.reading;
      const columns = { ...this.#columns } as Readonly<Record<string, Json>>;
      const about = this.#reading.about?.discussion(id);
      const members = { columns, ...(order === null ? {} : { order }), ...about };
      return discussionOf(comments, { ...source, id, members });
    });
  }

  /**
   * Names the authors. If an author gets another name than in the file, the comment also keeps the name in
   * the file.
   */
  #named(rows: readonly CommentRow[]): readonly Comment[] {
    const names = namesOf(rows);
    this.#authors.read(rows, names);
    return rows.map((row, index): Comment => {
      const name = names[index]!;
      const kept = name === row.author ? {} : { [this.#columns.author!]: row.author };
      // A corpus describes all authors who left as one speaker, such as "[deleted]", so the description fits none of them.
      const about = this.#reading.about?.author(row.author) ?? {};
      const persona = hasLeft(row.author) ? {} : about;
      return { ...row, name, by: this.#byOf(row), persona, rest: { ...row.rest, ...kept } };
    });
  }

  #byOf({ line, role, by, isModerator }: CommentRow): Comment["by"] {
    const isByRole = role.trim().toLowerCase() === "moderator";
    if (this.#moderators === null) return isByRole ? "moderator" : by ?? "participant";
    const isByColumn = isModerator ?? (isByRole || this.#moderators.whereEmpty(line));
    if (isByRole && !isByColumn) {
      throw new FormatError(
        `its role is ${quoted(role)}, and its ${this.#columns.isModerator} says no`,
        line,
      );
    }
    return isByColumn ? "moderator" : "participant";
  }

  /**
   * Finds columns that no earlier row has: JSON rows can lack columns. A field keeps the first column found
   * for it.
   */
  #note(columns: readonly string[]): void {
    const { size } = this.#header;
    for (const column of columns) this.#header.add(column);
    if (this.#header.size === size) return;
    const { whole } = this.#reading;
    this.#columns = { ...this.#find(whole ? REQUIRED : ["discussion"], whole), ...this.#columns };
    const { isModerator } = this.#columns;
    this.#order.find(this.#columns);
    if (isModerator !== undefined) this.#moderators ??= new TruthColumn(isModerator, "isModerator");
  }

  #find(required: readonly CommentField[], whole: boolean): Columns<CommentField> {
    const { mapped } = this.#reading;
    return findColumns<CommentField>([...this.#header], COMMENT_FIELDS, { mapped, required, whole });
  }
}

function discussionOf(
  sorted: readonly Comment[],
  origin: Omit<OutsideDiscussion["origin"], "entries">,
): OutsideDiscussion {
  const first = sorted.findIndex(({ by }) => by === "participant");
  const participants = new Map<string, Participant>();
  let moderator: OutsideDiscussion["moderator"] = null;
  const slots = sorted.map(({ by, name, text, role, model, persona, line }, position): Slot => {
    if (by === "opening") {
      if (sorted.slice(0, position).every((before) => before.by === "opening")) return { by, name, text };
      throw new FormatError("it is an opening, but comes after other comments", line);
    }
    if (by === "participant") {
      if (!participants.has(name)) {
        const named = role === "" ? {} : { role: { name: role, instructions: "" } };
        participants.set(name, { name, model, persona, ...named });
      }
      return { by, name, text };
    }
    if (by === "moderator") moderator ??= { name, model, persona, instructions: "", schedule: IMPORTED_RULE };
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
