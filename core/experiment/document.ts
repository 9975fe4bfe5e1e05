/** YAML and JSON texts as plain values that remember where they stand. */
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
} from "yaml";
import { NESTING_MAX } from "./limits.ts";
import { isNestedDeeper } from "./nesting.ts";
import { dotted, type Finding, type Path, type Place, type Problem } from "./problems.ts";

/** Longest text of a file that is read, in characters. */
export const SOURCE_CHARS_MAX = 20_000_000;

/** How often the aliases of a file may be expanded in all; files beyond that were made to exhaust memory. */
const ALIASES_MAX = 1_000;

/** A text that was read. */
export interface SourceDocument {
  readonly file: string;
  /** The text's content as plain values. */
  readonly value: unknown;
  /** The header of a table, which is a list of records; nothing else has columns. */
  readonly columns?: readonly string[];
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
  const document = parseDocument(text, { lineCounter, prettyErrors: false, logLevel: "error" });
  if (document.errors.some(({ code }) => code === "RESOURCE_EXHAUSTION")) {
    return broken(file, NESTED_TOO_DEEPLY);
  }
  const placeAt = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { line, column: col };
  };
  const placeOf = (path: Path, part: "key" | "value" = "value") => placeAt(offsetAt(document, path, part));
  const problems = [...document.errors, ...document.warnings].map(({ code, message, pos }): Problem => ({
    file,
    ...placeAt(pos[0]),
    path: "",
    message: SYNTAX_MESSAGES[code] ?? message,
  }));
  if (document.errors.some(({ code }) => code !== "DUPLICATE_KEY")) {
    return { file, value: undefined, problems, complete: false, placeOf };
  }
  const unresolved = unresolvedAliases(document);
  if (unresolved.length > 0) {
    const message = "no anchor (&name) of this alias stands before it";
    const found = unresolved.map((offset) => ({ file, ...placeAt(offset), path: "", message }));
    return { file, value: undefined, problems: [...problems, ...found], complete: false, placeOf };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: ALIASES_MAX });
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return broken(file, `aliases (*name) are expanded more than ${ALIASES_MAX} times`);
  }
  if (isNestedDeeper(value, NESTING_MAX)) return broken(file, NESTED_TOO_DEEPLY);
  return { file, value, problems, complete: true, placeOf };
}

/** The offset of what stands at a path; of what is missing, that of the key that it should stand under. */
function offsetAt(document: Document, path: Path, part: "key" | "value"): number {
  let node: unknown = document.contents;
  let offset = offsetOf(node) ?? 0;
  let keyOffset = offset;
  for (const [depth, step] of path.entries()) {
    const found = childOf(isAlias(node) ? node.resolve(document) : node, step);
    if (found === undefined) return keyOffset;
    const wanted = part === "key" && depth === path.length - 1 ? found.key : found.value;
    keyOffset = offsetOf(found.key) ?? keyOffset;
    offset = offsetOf(wanted) ?? keyOffset;
    node = found.value;
  }
  return offset;
}

function unresolvedAliases(document: Document): number[] {
  const offsets: number[] = [];
  visit(document, {
    Alias(_, alias) {
      if (alias.resolve(document) === undefined) offsets.push(offsetOf(alias) ?? 0);
    },
  });
  return offsets;
}

const NESTED_TOO_DEEPLY = `values are nested in each other more than ${NESTING_MAX} levels deep`;

const SYNTAX_MESSAGES: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "this key stands here twice",
  MULTIPLE_DOCS: "the file holds several documents (---), expected one",
  TAB_AS_INDENT: "a tab is used for indentation, expected spaces",
};

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
