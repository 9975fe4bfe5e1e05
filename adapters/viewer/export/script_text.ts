/** Writes data as classic scripts, because a page that is opened from a disk can load no other data. */
import { type ExportedIndex, type ExportedPart, INDEX_NAME, PART_NAME } from "./exported.ts";

/** The script that holds the index. */
export function indexScript(index: ExportedIndex): string {
  return `globalThis.${INDEX_NAME} = JSON.parse(${literal(index)});\n`;
}

/** The script of a data file: it passes its number and its content to a function of the page. */
export function partScript(part: number, content: ExportedPart): string {
  return `${PART_NAME}(${part}, ${literal(content)});\n`;
}

/**
 * JSON as a string literal, because an object literal would give a member called `__proto__` another meaning.
 */
function literal(value: unknown): string {
  return JSON.stringify(JSON.stringify(value))
    .replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

/** The HTML of an exported page. */
export const EXPORTED_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>SynDisco</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="app.css">
<script src="index.js" defer></script>
<script src="exported.js" defer></script>
</head>
<body>
<div id="app"></div>
<noscript>This page needs JavaScript.</noscript>
</body>
</html>
`;
