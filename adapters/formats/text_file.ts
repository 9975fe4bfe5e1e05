/** Reads text files piece by piece, and parses JSON. */
import { createHash } from "node:crypto";
import { DamagedLine } from "../../core/events/event_type.ts";
import { isNestedDeeper, NESTING_MAX } from "../../core/experiment/limits.ts";
import { parseJson } from "../../core/json.ts";
import { decodeBytes, lineChunks, newlines } from "../stores/lines.ts";
import { FormatError } from "./format_error.ts";

/** Whole lines of a file, and the number of the first line, from 1. */
type TextPiece = Readonly<{ text: string; line: number }>;

/** A text file that is read once, from beginning to end. */
export class TextFile {
  readonly path: string;
  readonly #hash = createHash("sha256");

  constructor(path: string) {
    this.path = path;
  }

  /** SHA-256 (hex) of the bytes. All pieces must be read first. */
  sha256(): string {
    return this.#hash.digest("hex");
  }

  /** Reads the whole file, if it is not too large. */
  async whole(bytesMax: number, remedy = ""): Promise<string> {
    const { size } = await Deno.stat(this.path);
    if (size > bytesMax) {
      throw new FormatError(`it has ${size} bytes; the limit is ${bytesMax}${remedy}`);
    }
    let text = "";
    for await (const piece of this.pieces()) text += piece.text;
    return text;
  }

  /** Reads the content, without a byte order mark. */
  async *pieces(): AsyncGenerator<TextPiece> {
    using file = await Deno.open(this.path);
    let line = 1;
    try {
      for (const { bytes, offset } of lineChunks(file, Infinity, true)) {
        this.#hash.update(bytes);
        const text = decoded(bytes, line, offset);
        yield { text: offset === 0 ? text.replace(/^\ufeff/, "") : text, line };
        line += text.split("\n").length - 1;
      }
    } catch (error) {
      throw error instanceof DamagedLine ? new FormatError(error.message, line) : error;
    }
  }
}

export async function readWhole(
  path: string,
  bytesMax: number,
): Promise<Readonly<{ text: string; sha256: string }>> {
  const file = new TextFile(path);
  return { text: await file.whole(bytesMax), sha256: file.sha256() };
}

function decoded(bytes: Uint8Array, firstLine: number, offset: number): string {
  let [line, start] = [firstLine, 0];
  try {
    return decodeBytes(bytes);
  } catch {
    try {
      for (const end of newlines(bytes)) {
        decodeBytes(bytes.subarray(start, end));
        [line, start] = [line + 1, end + 1];
      }
    } catch {
      // `line` is now the first line that is not UTF-8. If the loop found none, this is the last line,
      // without a line break.
    }
    throw new FormatError(
      `the line, which begins at byte ${offset + start}, is not UTF-8 text; ` +
        `save the file again as UTF-8 (in Excel: "CSV UTF-8")`,
      line,
    );
  }
}

const POSITION = / JSON at position (\d+)/;
const TOKEN = /^Unexpected token /;

/** Parses a JSON text. By default, numbers that would lose digits become texts. */
export function readJson(text: string, parse: (text: string) => unknown = parseJson): unknown {
  const message = syntaxProblem(text);
  if (message === null) return parse(text);
  const position = TOKEN.test(message) ? positionOfToken(text) : POSITION.exec(message)?.[1];
  const before = text.slice(0, position === undefined ? text.length : Number(position));
  const column = before.length - before.lastIndexOf("\n");
  throw new FormatError(
    position === undefined ? "it is not JSON: it ends too early" : `it is not JSON from column ${column} on`,
    before.split("\n").length,
  );
}

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

/**
 * The position of an unexpected token, from 0. The parser does not report it. The function bisects to find
 * the shortest beginning of the text in which the parser finds an unexpected token. The token is the last
 * character of this beginning.
 */
function positionOfToken(text: string): number {
  let valid = 0;
  let failing = text.length;
  while (failing - valid > 1) {
    const middle = (valid + failing) >> 1;
    if (TOKEN.test(syntaxProblem(text.slice(0, middle)) ?? "")) failing = middle;
    else valid = middle;
  }
  return failing - 1;
}
