/**
 * Exports of runs for other programs: files of the Python library, and data cards of the Hugging Face hub.
 *
 * @module
 */
export { type CardFacts, type CardTable, dataCard } from "./data_card.ts";
export { EXPORT_NOTE, isExportNote } from "./export_note.ts";
export { type PythonDiscussion, pythonDiscussion, type PythonEntry } from "./python_library.ts";
