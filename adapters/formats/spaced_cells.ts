/** Names with spaces around them: they look like others, and are not. */
import { quoted } from "../../core/experiment/problems.ts";

/** Remembers the names of a table that begin or end with spaces. */
export class SpacedCells {
  readonly #found = new Map<string, string>();

  /** Takes a name, or an id. @param column Its column, if there is one. @param cell It, as the file has it. */
  read(column: string | undefined, cell: unknown): void {
    if (column === undefined || typeof cell !== "string" || cell === cell.trim()) return;
    if (!this.#found.has(column)) this.#found.set(column, cell);
  }

  /** What the columns hold. */
  get notes(): readonly string[] {
    return [...this.#found].map(([column, text]) =>
      `the column ${quoted(column)} holds ${quoted(text)}, with spaces around it: it is another one than ` +
      quoted(text.trim())
    );
  }
}
