/** Parses JSON files, and says where one is not JSON. */
import { isNestedDeeper, NESTING_MAX } from "../../core/experiment/limits.ts";
import { parseJson } from "../../core/json.ts";
import { FormatError } from "./format_error.ts";

const PLACE = / JSON at position (\d+)/;
const TOKEN = /^Unexpected token /;

/** Parses a JSON text. Numbers that would lose digits become texts. */
export function readJson(text: string, parse: (text: string) => unknown = parseJson): unknown {
  const message = syntaxProblem(text);
  if (message === null) return parse(text);
  const position = TOKEN.test(message) ? placeOfToken(text) : PLACE.exec(message)?.[1];
  const before = text.slice(0, position === undefined ? text.length : Number(position));
  const column = before.length - before.lastIndexOf("\n");
  throw new FormatError(
    position === undefined ? "it is not JSON: it ends too early" : `it is not JSON from column ${column} on`,
    before.split("\n").length,
  );
}

/** Whether a value is an object with keys. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Refuses values that are nested too deep for a log. */
export function checkNesting(value: unknown): void {
  if (!isNestedDeeper(value, NESTING_MAX)) return;
  throw new FormatError(`its values are nested more than ${NESTING_MAX} levels deep`);
}

function syntaxProblem(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The parser names no position for an unexpected token. It is where a longer beginning of the text starts to fail. */
function placeOfToken(text: string): number {
  let valid = 0;
  let failing = text.length;
  while (failing - valid > 1) {
    const middle = (valid + failing) >> 1;
    if (TOKEN.test(syntaxProblem(text.slice(0, middle)) ?? "")) failing = middle;
    else valid = middle;
  }
  return failing - 1;
}
