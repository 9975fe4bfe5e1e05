/** YAML and JSON texts as plain values that remember where they stand. */
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { NESTING_MAX } from "./limits.ts";
import { dotted, type Finding, type Path, type Place, type Problem } from "./problems.ts";

/** Longest text of a file that is read, in characters. */
export const SOURCE_CHARS_MAX = 20_000_000;

/** How often the aliases of a file may be expanded in all; files beyond that were made to exhaust memory. */
const ALIASES_MAX = 1_000;

/** A text that was read. */
export interface SourceDocument {
  readonly file: string;
  /** The text's content as plain values; what could be understood of it where there are problems. */
  readonly value: unknown;
  /** What is wrong with the text itself: syntax, duplicate keys, unknown tags, aliases. */
  readonly problems: readonly Problem[];
  /** Whether `value` is the whole content, so that it makes sense to check it further. */
  readonly complete: boolean;
  /**
   * Where something stands.
   *
   * @param path The value's path; for a value that is not there, its nearest ancestor's place is given.
   * @param part The value itself, or the key that it stands under.
   */
  placeOf(path: Path, part?: "key" | "value"): Place;
}

/** A finding with the place at which it stands in its document. */
export function placed(document: SourceDocument, finding: Finding): Problem {
  const { path, part, ...rest } = finding;
  return { file: document.file, ...document.placeOf(path, part), path: dotted(path), ...rest };
}

/**
 * Reads a YAML 1.2 text; JSON is a part of YAML.
 *
 * @param text The content.
 * @param file The file's name, for messages.
 * @returns The value, the places of its parts, and what is wrong; never throws for a wrong text.
 */
export function readDocument(text: string, file: string): SourceDocument {
  if (text.length > SOURCE_CHARS_MAX) {
    return broken(file, `the file holds more than ${SOURCE_CHARS_MAX} characters`);
  }
  const lineCounter = new LineCounter();
  let contents: Node | null = null;
  let document;
  try {
    document = parseDocument(text, { lineCounter, prettyErrors: false });
    contents = document.contents;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return broken(file, NESTED_TOO_DEEPLY);
  }
  const placeAt = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const resolved = (node: unknown): unknown => isAlias(node) ? node.resolve(document) : node;
  const placeOf = (path: Path, part: "key" | "value" = "value"): Place => {
    let node: unknown = contents;
    let place = contents?.range ? placeAt(contents.range[0]) : { line: 1, column: 1 };
    let keyPlace = place;
    for (const [depth, step] of path.entries()) {
      const found = childOf(resolved(node), step);
      // What is missing is reported at the key that it should stand under.
      if (found === undefined) return keyPlace;
      const wanted = part === "key" && depth === path.length - 1 ? found.key : found.value;
      const offset = offsetOf(wanted) ?? offsetOf(found.key);
      if (offset !== undefined) place = placeAt(offset);
      const keyOffset = offsetOf(found.key);
      if (keyOffset !== undefined) keyPlace = placeAt(keyOffset);
      node = found.value;
    }
    return place;
  };
  const problems = [...document.errors, ...document.warnings].map(({ code, message, pos }): Problem => ({
    file,
    ...placeAt(pos[0]),
    path: "",
    message: SYNTAX_MESSAGES[code] ?? message,
  }));
  let complete = document.errors.every(({ code }) => code === "DUPLICATE_KEY");
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (error) {
    const message = error instanceof ReferenceError ? aliasMessage(error) : NESTED_TOO_DEEPLY;
    if (complete) problems.push({ file, ...placeOf([]), path: "", message });
    complete = false;
  }
  if (complete && isNestedDeeper(value, NESTING_MAX)) return broken(file, NESTED_TOO_DEEPLY);
  return { file, value, problems, complete, placeOf };
}

const NESTED_TOO_DEEPLY = `values are nested in each other more than ${NESTING_MAX} levels deep`;

/** Whether a value has more than so many levels; code that walks through it relies on there being fewer. */
export function isNestedDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isNestedDeeper(inner, levels - 1));
}

const SYNTAX_MESSAGES: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "this key stands here twice",
  MULTIPLE_DOCS: "the file holds several documents (---), expected one",
  TAB_AS_INDENT: "a tab is used for indentation, expected spaces",
};

function aliasMessage(error: ReferenceError): string {
  return error.message.startsWith("Excessive")
    ? `aliases (*name) are expanded more than ${ALIASES_MAX} times`
    : error.message;
}

function broken(file: string, message: string): SourceDocument {
  const place = { line: 1, column: 1 };
  const problems = [{ file, ...place, path: "", message }];
  return { file, value: undefined, problems, complete: false, placeOf: () => place };
}

type Child = Readonly<{ key: unknown; value: unknown }>;

function childOf(node: unknown, step: string | number): Child | undefined {
  if (isMap(node)) {
    // The value of a repeated key is its last one's.
    return node.items.findLast(({ key }) => isScalar(key) && String(key.value) === String(step));
  }
  if (isSeq(node)) {
    const value = node.items[Number(step)];
    return value === undefined ? undefined : { key: value, value };
  }
  return undefined;
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

/** Whether a value is a mapping of keys to values. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
