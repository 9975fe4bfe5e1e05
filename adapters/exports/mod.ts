/**
 * What other programs expect of a run besides tables: the Python library's files, and the Hugging Face hub's data card.
 *
 * @module
 */
export { type CardFacts, type CardTable, dataCard } from "./data_card.ts";
export { EXPORT_NOTE, isExportNote } from "./export_note.ts";
export { type PythonDiscussion, pythonDiscussion, type PythonEntry } from "./python_library.ts";
