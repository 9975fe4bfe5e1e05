/** A bar that fills up. */

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/**
 * Draws a bar, exact to an eighth of a column.
 *
 * @param part How much is done.
 * @param whole How much there is; nothing counts as all done.
 * @param columns How wide the bar is.
 */
export function bar(part: number, whole: number, columns: number): string {
  const share = whole <= 0 ? 1 : Math.min(1, Math.max(0, part / whole));
  const eighths = Math.floor(share * columns * 8);
  const filled = "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
  return filled.padEnd(columns, "░");
}
