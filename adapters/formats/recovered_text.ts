/** Writes a recovered experiment as YAML with comments. */
import { Document, isMap, isNode, isScalar, isSeq, visit } from "npm:yaml@2.9.1";
import type { Json } from "../../core/json.ts";

/** How long the lines of comments become, in characters. */
const COMMENT_WIDTH = 100;

/** Lists whose items are written on one line each. */
const ON_ONE_LINE: readonly string[] = ["personas"];

/**
 * Writes the file.
 *
 * @param notes Dotted path of a value → a comment above its key.
 */
export function recoveredText(
  file: Readonly<Record<string, Json>>,
  notes: Readonly<Record<string, string>>,
): string {
  const document = new Document(file, { aliasDuplicateObjects: false });
  visit(document, {
    Pair(_, { key, value }) {
      if (!isScalar(key) || !isSeq(value) || !ON_ONE_LINE.includes(String(key.value))) return;
      for (const item of value.items) if (isMap(item)) item.flow = true;
    },
  });
  for (const [path, note] of Object.entries(notes)) {
    const steps = path.split(".");
    const outer = steps.length === 1 ? document.contents : document.getIn(steps.slice(0, -1), true);
    if (!isMap(outer)) continue;
    const key = outer.items.find((pair) => isScalar(pair.key) && pair.key.value === steps.at(-1))?.key;
    if (isNode(key)) key.commentBefore = linesOf(note);
  }
  return document.toString({ lineWidth: 0, blockQuote: "literal" });
}

function linesOf(text: string): string {
  const lines: string[] = [];
  for (const word of text.replace(/\s+/g, " ").split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < COMMENT_WIDTH) {
      lines[lines.length - 1] += ` ${word}`;
    } else lines.push(` ${word}`);
  }
  return lines.join("\n");
}
