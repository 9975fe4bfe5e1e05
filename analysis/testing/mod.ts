/**
 * Data and helpers that tests of the analysis share.
 *
 * @module
 */

/** Sleep gained with the first of two drugs, in hours, by ten patients: Student (1908), `sleep` of R. */
export const FIRST: readonly number[] = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];

/** Sleep gained with the second drug by the same patients. */
export const SECOND: readonly number[] = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

/** Finds a number that is not finite in a result, and returns its path and value. */
export function firstNotFinite(result: unknown, path = "result"): string | undefined {
  if (typeof result === "number") return Number.isFinite(result) ? undefined : `${path} is ${result}`;
  if (typeof result !== "object" || result === null) return undefined;
  for (const [key, value] of Object.entries(result)) {
    const found = firstNotFinite(value, `${path}.${key}`);
    if (found !== undefined) return found;
  }
}
