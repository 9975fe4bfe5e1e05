/** JSON in which the order of keys does not show. */

/**
 * The JSON text of a value with all keys sorted: values that differ only in the order of keys have the same one.
 *
 * @param value Anything that JSON can hold.
 */
export function canonical(value: unknown): string {
  return JSON.stringify(
    value,
    (_, inner) =>
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a < b ? -1 : 1))
        : inner,
  );
}
