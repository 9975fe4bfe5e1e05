/** JSON files. */
import { parseJson } from "../../core/json.ts";
import { FormatError } from "./format_error.ts";

const PLACE = / JSON at position (\d+)/;
const TOKEN = /^Unexpected token /;

/**
 * Parses a JSON text; numbers that would lose digits become texts.
 *
 * @param text The text.
 * @param parse Reads a text that is JSON, where its numbers are to be kept otherwise.
 * @throws {FormatError} With the line, when it is not JSON.
 */
export function readJson(text: string, parse: (text: string) => unknown = parseJson): unknown {
  const message = syntaxProblem(text);
  if (message === null) return parse(text);
  const position = TOKEN.test(message) ? placeOfToken(text) : PLACE.exec(message)?.[1];
  const before = text.slice(0, position === undefined ? text.length : Number(position));
  const column = before.length - before.lastIndexOf("\n");
  throw new FormatError(
    position === undefined
      ? "it is not JSON: it ends too early"
      : `it is not JSON from column ${column} of this line on`,
    before.split("\n").length,
  );
}

function syntaxProblem(text: string): string | null {
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The parser says where things are missing, but not where a token is too many: it is where complaints about it begin. */
function placeOfToken(text: string): number {
  let without = 0;
  let within = text.length;
  while (within - without > 1) {
    const middle = (without + within) >> 1;
    if (TOKEN.test(syntaxProblem(text.slice(0, middle)) ?? "")) within = middle;
    else without = middle;
  }
  return within - 1;
}
