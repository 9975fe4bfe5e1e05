/** Cells of tables from elsewhere. */

/** How pandas, R, SQL and JavaScript write that a cell is empty. */
const EMPTY = /^(?:|nan|nat|none|null|undefined|n\/a|<?na>?|\\n)$/i;

/** Whether a cell of numbers, dates or truth values is empty. */
export function isEmptyCell(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value !== "object" && EMPTY.test(String(value).trim());
}

/** A cell as text: numbers and truth values are written as texts, nothing at all is the empty text; lists are none. */
export function textOfCell(value: unknown): string | undefined {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? undefined : String(value);
}
