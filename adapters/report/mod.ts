/**
 * Reports as files: what others read, print and cite.
 *
 * @module
 */
export { reportHtml } from "./html.ts";
export { reportMarkdown } from "./markdown.ts";
