/** Addresses of databases, among the places of runs. */

/** Whether a place is the address of a database, not a folder. */
export function isAddress(place: string): boolean {
  return /^postgres(?:ql)?:/i.test(place);
}
