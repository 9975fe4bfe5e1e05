/** Finds doubtful cells in a table of comments: reply links that do not fit, and names with spaces around them. */
import { quoted } from "../../core/experiment/problems.ts";
import { isEmptyCell, plainName } from "./columns.ts";

/** Names of columns of ids and of reply links, as `plainName` writes them. */
const IDS = ["id", "utteranceid", "commentid", "messageid", "postid"];
const REPLIES = ["replyto", "replytoid", "inreplyto", "inreplytostatusid", "parentid"];

/** Reddit's prefix of an id. `t3` marks a submission, which is not a comment. */
const KIND = /^t[1-6]_/;
const SUBMISSION = /^t3_/;

type Doubts = "alike" | "absent" | "later";

const SAID: Readonly<Record<Doubts, readonly [one: string, several: string]>> = {
  alike: [
    "has the same id as another comment in its discussion",
    "have the same id as another comment in their discussion",
  ],
  absent: [
    "replies to a comment that is not in its discussion",
    "reply to comments that are not in their discussions",
  ],
  later: ["comes before the comment that it replies to", "come before the comments that they reply to"],
};

/** Checks that the reply links of a table fit its comments and their order. */
export class ReplyLinks {
  readonly #found = new Map<Doubts, { count: number; example: string }>();

  get notes(): readonly string[] {
    return [...this.#found].map(([doubt, { count, example }]) =>
      `${count} ${count === 1 ? "comment" : "comments"} ${SAID[doubt][count === 1 ? 0 : 1]} (${example})`
    );
  }

  /** Checks a discussion. An `id` column counts only if the table also has a column of reply links. */
  check(rows: readonly Readonly<Record<string, unknown>>[]): void {
    const columns = new Set(rows.flatMap((row) => Object.keys(row)));
    const columnOf = (names: readonly string[]) =>
      [...columns].find((name) => names.includes(plainName(name)));
    const [id, reply] = [columnOf(IDS), columnOf(REPLIES)];
    if (id === undefined || reply === undefined) return;
    const positions = new Map<string, number>();
    for (const [position, row] of rows.entries()) {
      const own = textOf(row[id]).replace(KIND, "");
      if (positions.has(own) && own !== "") this.#note("alike", own);
      else positions.set(own, position);
    }
    for (const [position, row] of rows.entries()) {
      const named = textOf(row[reply]);
      const target = positions.get(named.replace(KIND, ""));
      if (named === "" || (target === undefined && SUBMISSION.test(named))) continue;
      if (target === undefined) this.#note("absent", named);
      else if (target > position) this.#note("later", named);
    }
  }

  #note(doubt: Doubts, id: string): void {
    const found = this.#found.get(doubt) ?? { count: 0, example: quoted(id) };
    found.count++;
    this.#found.set(doubt, found);
  }
}

function textOf(cell: unknown): string {
  return isEmptyCell(cell) || typeof cell === "object" ? "" : String(cell).trim();
}

/** Collects names that begin or end with spaces: they look the same as other names, but are different. */
export class SpacedCells {
  readonly #found = new Map<string, string>();

  read(column: string | undefined, cell: unknown): void {
    if (column === undefined || typeof cell !== "string" || cell === cell.trim()) return;
    if (!this.#found.has(column)) this.#found.set(column, cell);
  }

  get notes(): readonly string[] {
    return [...this.#found].map(([column, text]) =>
      `the column ${quoted(column)} holds ${quoted(text)}, with spaces around it: it is not the same as ` +
      quoted(text.trim())
    );
  }
}
