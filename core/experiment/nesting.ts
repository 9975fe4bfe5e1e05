/** How deeply values are nested in each other. */

/** Whether a value has more than so many levels; code that walks through it relies on there being fewer. */
export function isNestedDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isNestedDeeper(inner, levels - 1));
}
