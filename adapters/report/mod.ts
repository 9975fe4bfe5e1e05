/**
 * Reports as files: what others read, print and cite.
 *
 * @module
 */
export { reportData } from "./csv.ts";
export { reportHtml } from "./html.tsx";
export { latexTables } from "./latex.ts";
export { reportMarkdown } from "./markdown.ts";
