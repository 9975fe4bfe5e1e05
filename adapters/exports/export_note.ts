/**
 * The note in every exported folder. It says where the folder's files come from. An import skips the note.
 */

/** The file name of the note. */
export const EXPORT_NOTE = "export.json";

/** Whether a text is such a note, and not other data. The note in the folder of a report counts, too. */
export function isExportNote(text: string): boolean {
  try {
    const told: unknown = JSON.parse(text);
    return typeof told === "object" && told !== null && "syndisco" in told && "written" in told;
  } catch {
    return false;
  }
}
