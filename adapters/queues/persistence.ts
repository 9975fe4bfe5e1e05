/** Repeats a statement while the connection to the database is broken. */
import { isBroken } from "../stores/postgres/database_errors.ts";

/** How long a statement is repeated, in milliseconds. A server restarts in seconds, a machine in minutes. */
const BROKEN_MS_MAX = 300_000;
const WAIT_MS = 100;
const WAIT_MS_MAX = 2_000;

/** The messages of errors for which the driver of the jobs has no codes. */
const BROKEN_TEXT =
  /^Connection terminated|^timeout exceeded when trying to connect|has encountered a connection error/;

function isConnectionBroken(error: unknown): boolean {
  // A host with several addresses fails with an error for each.
  if (error instanceof AggregateError) return error.errors.some(isConnectionBroken);
  return isBroken(error) || (error instanceof Error && BROKEN_TEXT.test(error.message));
}

/**
 * Repeats a statement until the connection works again, at most for some minutes. To run the statement twice must have
 * the same effect as to run it once.
 */
export async function persistently<T>(statement: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const startedMs = performance.now();
  for (let waitMs = WAIT_MS;; waitMs = Math.min(2 * waitMs, WAIT_MS_MAX)) {
    try {
      return await statement();
    } catch (error) {
      const isOver = signal?.aborted === true || performance.now() - startedMs > BROKEN_MS_MAX;
      if (isOver || !isConnectionBroken(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}
