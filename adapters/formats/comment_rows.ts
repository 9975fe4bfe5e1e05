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
import { FormatError } from "./format_error.ts";
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
  /** Where it belongs among the others; as in the file where there is no such column. */
  order: number | null;
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

/**
 * Finds the columns of a table of comments.
 *
 * @param header The names of its columns.
 * @param mapped What the user said of them.
 * @throws {FormatError} When a column is missing.
 */
export function findCommentColumns(
  header: readonly string[],
  mapped: Columns<CommentField>,
): Columns<CommentField> {
  return findColumns<CommentField>(header, COMMENT_FIELDS, {
    mapped,
    required: ["discussion", "author", "text"],
  });
}

/**
 * Reads a comment's row.
 *
 * @param row The row.
 * @param columns Which column holds what.
 * @returns The comment and its discussion; what is wrong with it is said in `problem`.
 * @throws {FormatError} When it does not name its discussion.
 */
export function readCommentRow(
  { line, record, problem: broken }: Row,
  columns: Columns<CommentField>,
): Readonly<{ discussion: string; comment: CommentRow }> {
  const cell = (field: CommentField) => columns[field] === undefined ? undefined : record[columns[field]];
  const discussion = plainText(cell("discussion"));
  if (!discussion) {
    throw new FormatError(broken ?? "the row does not say which discussion it belongs to", line);
  }
  const author = plainText(cell("author"));
  const text = plainText(cell("text"));
  const order = columns.order === undefined ? null : orderOf(cell("order"));
  const role = plainText(cell("role")) ?? "";
  const held = new Set([
    columns.discussion,
    columns.author,
    typeof cell("text") === "string" ? columns.text : null,
  ]);
  const problem = broken ?? (author ? undefined : "the row does not say who its author is") ??
    (text === undefined ? "its text is not a text" : undefined) ??
    (order === undefined ? `its order is neither a number nor a date` : undefined);
  return {
    discussion,
    comment: {
      line,
      order: order ?? null,
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
 * Makes a discussion of its comments.
 *
 * Every author is a participant, but for moderators; a moderator's comment before any participant's is an opening.
 *
 * @param id The discussion's id in the file.
 * @param rows Its comments, as they stand in the file.
 * @param from Where they come from, and which column holds what.
 * @throws {FormatError} When something is wrong with one of them: leaving it out would shift the others.
 */
export function readCommentDiscussion(
  id: string,
  rows: readonly CommentRow[],
  { source, columns }: Readonly<{ source: ImportSource; columns: Columns<CommentField> }>,
): OutsideDiscussion {
  const wrong = rows.find(({ problem }) => problem !== undefined);
  if (wrong !== undefined) {
    throw new FormatError(
      `${wrong.problem}; the discussion ${quoted(id)} is left out as a whole`,
      wrong.line,
    );
  }
  const sorted = rows.every(({ order }) => order === null)
    ? rows
    : rows.toSorted((a, b) => a.order! - b.order!);
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
    origin: {
      ...source,
      id,
      members: { columns: { ...columns } as Readonly<Record<string, Json>> },
      entries: Object.fromEntries(entries),
    },
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

function orderOf(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  const order = Number.isFinite(number) ? number : Date.parse(value);
  return Number.isNaN(order) ? undefined : order;
}

const YES: readonly unknown[] = ["true", "1", "yes"];

function isModerators(role: string, flag: unknown): boolean {
  return role.toLowerCase() === "moderator" || YES.includes(String(flag ?? "").toLowerCase());
}
