/** Tells whether a run is in a database or in a folder. */

/** Whether a place is the address of a database, not a folder. */
export function isAddress(place: string): boolean {
  return /^postgres(?:ql)?:/i.test(place);
}
