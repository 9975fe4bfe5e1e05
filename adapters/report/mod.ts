/**
 * Writes reports as files: a page, Markdown, LaTeX and CSV.
 *
 * @module
 */
export { reportData } from "./csv.ts";
export { reportHtml } from "./html.tsx";
export { latexTables } from "./latex.ts";
export { reportMarkdown } from "./markdown.ts";
