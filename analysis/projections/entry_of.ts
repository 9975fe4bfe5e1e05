/** Entries of maps that are made when they are first asked for. */

/** The entry of that name. */
export function entryOf<T>(entries: Map<string, T>, name: string, make: () => T): T {
  let entry = entries.get(name);
  if (entry === undefined) entries.set(name, entry = make());
  return entry;
}
