/** The note in every exported folder about the origin of its files. An import skips the note. */

/** The file name of the note. */
export const EXPORT_NOTE = "export.json";

/** Whether a text is such a note, and not other data. Notes of reports count, too. */
export function isExportNote(text: string): boolean {
  try {
    const told: unknown = JSON.parse(text);
    return typeof told === "object" && told !== null && "syndisco" in told && "written" in told;
  } catch {
    return false;
  }
}
