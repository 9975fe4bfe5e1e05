/** Keeps spreadsheets from running what models wrote. */

/**
 * The SQL of a cell that no spreadsheet takes for a formula: text that begins with one of `=`, `+`, `-`, `@`, a tab or a
 * line break gets an apostrophe before it, unless it is a number. Text that begins with apostrophes and then one of
 * these gets one more, so that whoever takes one off has the text back.
 *
 * @param column The SQL of the cell.
 */
export function guardedCell(column: string): string {
  const text = `${column}::VARCHAR`;
  return `CASE WHEN regexp_matches(${text}, '^''*[-=+@\\t\\r\\n]')
    AND NOT regexp_full_match(${text}, '[-+]?[0-9]+([.][0-9]+)?([eE][-+]?[0-9]+)?')
    THEN '''' || ${text} ELSE ${text} END`;
}
