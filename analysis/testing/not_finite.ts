/** Numbers that no result may hold. */

/**
 * Where a result holds a number that is not finite.
 *
 * @param result Anything that can be written as JSON.
 * @param path Where the result stands.
 * @returns The place and the number; `undefined` where there is none.
 */
export function firstNotFinite(result: unknown, path = "result"): string | undefined {
  if (typeof result === "number") return Number.isFinite(result) ? undefined : `${path} is ${result}`;
  if (typeof result !== "object" || result === null) return undefined;
  for (const [key, value] of Object.entries(result)) {
    const found = firstNotFinite(value, `${path}.${key}`);
    if (found !== undefined) return found;
  }
}
