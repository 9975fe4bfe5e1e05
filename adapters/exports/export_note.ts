/** What every exported folder holds beside its files: where they come from. By it, a folder is known for an export. */

/** The note's name. */
export const EXPORT_NOTE = "export.json";

/**
 * Whether a file of that name is such a note, and not other data. The note of a report says as much.
 */
export function isExportNote(text: string): boolean {
  try {
    const told: unknown = JSON.parse(text);
    return typeof told === "object" && told !== null && "syndisco" in told && "written" in told;
  } catch {
    return false;
  }
}
