/** Reads YAML and JSON texts as plain values, and finds the line and column of each value. */
import { LineCounter, parseDocument } from "npm:yaml@2.9.1";
import { isNestedDeeper, NESTING_MAX } from "./limits.ts";
import {
  dotted,
  ExperimentError,
  type Finding,
  mismatch,
  type Path,
  type Place,
  type Problem,
} from "./problems.ts";
import { aliasTargets, childOf, keepWords, offsetOf, unsoundNodes } from "./yaml_nodes.ts";

/** Longest text of a file that is read, in characters. */
export const SOURCE_CHARS_MAX = 20_000_000;

const ALIASES_MAX = 1_000;

const PARSING = {
  merge: true,
  stringKeys: true,
  // An experiment has no dates, sets or bytes.
  resolveKnownTags: false,
  prettyErrors: false,
  logLevel: "error",
} as const;

/** A file that was read. */
export interface SourceDocument {
  /** The file's name, for messages. */
  readonly file: string;
  /** The text's content as plain values. */
  readonly value: unknown;
  /** The header, if the file is a table. */
  readonly columns?: readonly string[];
  /** Problems of the text itself: syntax, duplicate keys, unknown tags, aliases. */
  readonly problems: readonly Problem[];
  /** Whether `value` is the whole content and can be checked further. */
  readonly complete: boolean;
  /**
   * The line and column of a value. For a missing value, the place of the nearest key above it in the file.
   */
  placeOf(path: Path, part?: "key" | "value"): Place;
}

export function placed(document: SourceDocument, finding: Finding): Problem {
  const { path, part, ...rest } = finding;
  return { file: document.file, ...document.placeOf(path, part), path: dotted(path), ...rest };
}

/**
 * Reads YAML 1.2 or JSON. If the text is wrong, the result lists the problems, and no error is thrown.
 * {@linkcode keepWords} turns some numbers into texts.
 */
export function readDocument(
  text: string,
  file: string,
  { isWordForWord = false }: Readonly<{ isWordForWord?: boolean }> = {},
): SourceDocument {
  if (text.length > SOURCE_CHARS_MAX) {
    return broken(file, `the file holds more than ${SOURCE_CHARS_MAX} characters`);
  }
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { ...PARSING, lineCounter });
  if (document.errors.some(({ code }) => code === "RESOURCE_EXHAUSTION")) {
    return broken(file, NESTED_TOO_DEEPLY);
  }
  if (document.directives?.yaml.version === "1.1") return broken(file, OLD_VERSION);
  const targets = aliasTargets(document);
  const placeAt = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { line, column: col };
  };
  const offsetOfPart = (path: Path, part: "key" | "value"): number => {
    let node: unknown = document.contents;
    let offset = offsetOf(node) ?? 0;
    // The place of a missing value is the key that should contain it.
    let keyOffset = offset;
    for (const [depth, step] of path.entries()) {
      const found = childOf(node, step, targets);
      if (found === undefined) return keyOffset;
      const wanted = part === "key" && depth === path.length - 1 ? found.key : found.value;
      keyOffset = offsetOf(found.key) ?? keyOffset;
      offset = offsetOf(wanted) ?? keyOffset;
      node = found.value;
    }
    return offset;
  };
  const placeOf = (path: Path, part: "key" | "value" = "value") => placeAt(offsetOfPart(path, part));
  const problemAt = (offset: number, message: string): Problem => ({
    file,
    ...placeAt(offset),
    path: "",
    message,
  });
  const problems = [...document.errors.slice(0, SYNTAX_ERRORS_MAX), ...document.warnings].map((
    { code, message, pos },
  ) => problemAt(pos[0], SYNTAX_MESSAGES[code] ?? message));
  if (document.errors.some(({ code }) => code !== "DUPLICATE_KEY")) {
    return { file, value: undefined, problems, complete: false, placeOf };
  }
  const unsound = unsoundNodes(document, targets);
  if (unsound.length > 0) {
    const found = unsound.map(({ node, message }) => problemAt(offsetOf(node) ?? 0, message));
    return { file, value: undefined, problems: [...problems, ...found], complete: false, placeOf };
  }
  keepWords(document, { targets, isAboutPersonas: isWordForWord });
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

/** Only the first errors are listed, because an error in the syntax makes further ones of what follows. */
const SYNTAX_ERRORS_MAX = 3;

const NESTED_TOO_DEEPLY = `values are nested in each other more than ${NESTING_MAX} levels deep`;

const OLD_VERSION = "the file is YAML 1.1, in which NO and 12:30 are not texts: " +
  "expected YAML 1.2, without the line %YAML 1.1";

const SYNTAX_MESSAGES: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "this key appears twice",
  MULTIPLE_DOCS: "the file holds several documents (---), expected one",
  NON_STRING_KEY: "a key has to be a text",
  TAB_AS_INDENT: "a tab is used for indentation, expected spaces",
};

function broken(file: string, message: string): SourceDocument {
  const place = { line: 1, column: 1 };
  const problems = [{ file, ...place, path: "", message }];
  return { file, value: undefined, problems, complete: false, placeOf: () => place };
}

/**
 * Returns the keys and values of a whole file.
 *
 * @throws {ExperimentError} If it has none.
 */
export function contentOf(document: SourceDocument, what: string): Record<string, unknown> {
  const { value, problems, complete } = document;
  if (!complete) throw new ExperimentError(problems);
  if (isRecord(value)) return value;
  const finding = mismatch([], `${what}: keys and values`, value ?? null);
  throw new ExperimentError([...problems, placed(document, finding)]);
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
