/** The note in every exported folder that says where its files come from, so that an import skips it. */

/** The note's name. */
export const EXPORT_NOTE = "export.json";

/** Whether a file of that name is such a note, and not other data. Notes of reports count, too. */
export function isExportNote(text: string): boolean {
  try {
    const told: unknown = JSON.parse(text);
    return typeof told === "object" && told !== null && "syndisco" in told && "written" in told;
  } catch {
    return false;
  }
}
