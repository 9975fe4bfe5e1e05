/** The models that the workers of a run wait for, as the board of their limits says. */
import type { PausedModel } from "../../../core/ports/mod.ts";
import type { BoardState } from "../../../core/sharing/mod.ts";
import type { Sql } from "./connection.ts";
import { isNotAllowed, isWithoutTables } from "./database_errors.ts";

/**
 * Reads the pauses of a run. Returns none if the user may not read them, or if an older version made the tables. This
 * is no error, because pauses are only for information.
 */
export async function pausedOnBoard(sql: Sql, run: number): Promise<readonly PausedModel[]> {
  try {
    const [row] = await sql<{ state: string }[]>`
      select state from syndisco.limit_states where run = ${run}`;
    if (row === undefined) return [];
    const { pauses } = JSON.parse(row.state) as BoardState;
    return Object.entries(pauses).map(([model, { cause, reason, dueMs }]) => ({
      model,
      cause,
      reason,
      until: new Date(dueMs).toISOString(),
    }));
  } catch (error) {
    if (isNotAllowed(error) || isWithoutTables(error)) return [];
    throw error;
  }
}
