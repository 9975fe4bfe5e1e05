/** The entries of the Python library's `logs`. */
import type { Json } from "../../core/json.ts";
import type { ImportOrigin } from "../../core/events/mod.ts";
import type { Sha256 } from "../../core/sha256.ts";
import { FormatError } from "./format_error.ts";
import { isRecord } from "./python_prompt.ts";
import type { RoleRule } from "./roles.ts";

/** How the library's files are read. */
export type PythonReading = Readonly<{ roles: readonly RoleRule[]; sha256: Sha256 }>;

/** The model of comments that nobody generated. */
export const HARDCODED = "hardcoded";

/** An entry; `rest` is what it says besides. */
export type PythonEntry = Readonly<
  { name: string; text: string; model: string; rest: Readonly<Record<string, Json>> }
>;

/**
 * Checks the entries of a log.
 *
 * @throws {FormatError} At the first one that is not an entry, with its position.
 */
export function readEntries(logs: readonly Json[]): PythonEntry[] {
  return logs.map((entry, position) => {
    if (!isRecord(entry)) throw new FormatError(`entry ${position} of "logs" is not an object`);
    const { name, text, model, ...rest } = entry;
    for (const [key, value] of Object.entries({ name, text, model })) {
      if (typeof value !== "string") {
        throw new FormatError(`entry ${position} of "logs" has no text "${key}"`);
      }
    }
    return { name, text, model, rest } as PythonEntry;
  });
}

/** How many entries at the beginning of a log are openings. */
export function openingsAmong(entries: readonly PythonEntry[]): number {
  const first = entries.findIndex(({ model }) => model !== HARDCODED);
  return first === -1 ? entries.length : first;
}

/**
 * What entries say that does not follow from who spoke.
 *
 * @param entries All entries.
 * @param expected The members that an entry at this position would have if it said nothing of its own.
 */
export function ownMembers(
  entries: readonly PythonEntry[],
  expected: (position: number) => Readonly<Record<string, Json>>,
): ImportOrigin["entries"] {
  const own = entries.flatMap(({ model, rest }, position) => {
    const usual = expected(position);
    const members = Object.entries<Json>({ model, ...rest })
      .filter(([key, value]) => !Object.hasOwn(usual, key) || usual[key] !== value);
    return members.length === 0 ? [] : [[String(position), Object.fromEntries(members)] as const];
  });
  return Object.fromEntries(own);
}
