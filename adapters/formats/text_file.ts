/** Reads a file as text, piece by piece, in memory that does not grow with the file. */
import { createHash } from "node:crypto";
import { FormatError } from "./format_error.ts";

const PIECE_BYTES = 256 * 1024;

/** The longest line in bytes: a file with a longer one is something else. */
export const LINE_BYTES_MAX = 64 * 1024 * 1024;

const NEWLINE = 10;
const BOM = "\ufeff";

/** `fatal`: silently replaced characters would be lost data. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Whole lines of a file (only the last piece may end within one), and the number of the first line, from 1. */
export type TextPiece = Readonly<{ text: string; line: number }>;

/** A text file that is read once, from beginning to end. */
export class TextFile {
  readonly path: string;
  readonly #hash = createHash("sha256");

  constructor(path: string) {
    this.path = path;
  }

  /** SHA-256 (hex) of the bytes, once all pieces are read. */
  sha256(): string {
    return this.#hash.digest("hex");
  }

  /** Reads the content, without a byte order mark. */
  async *pieces(): AsyncGenerator<TextPiece> {
    using file = await Deno.open(this.path);
    let buffer = new Uint8Array(PIECE_BYTES);
    let held = 0;
    let line = 1;
    let offset = 0;
    for (;;) {
      if (held === buffer.length) buffer = grown(buffer, line);
      const count = file.readSync(buffer.subarray(held));
      if (count !== null) this.#hash.update(buffer.subarray(held, held + count));
      const from = held;
      held += count ?? 0;
      const newline = buffer.subarray(from, held).lastIndexOf(NEWLINE);
      const end = count === null ? held : newline === -1 ? 0 : from + newline + 1;
      if (end > 0) {
        const text = decoded(buffer.subarray(0, end), { line, offset });
        yield { text: offset === 0 && text.startsWith(BOM) ? text.slice(1) : text, line };
        line += linesIn(text);
        offset += end;
        buffer.copyWithin(0, end, held);
        held -= end;
      }
      if (count === null) return;
    }
  }
}

/** Reads a small file as a whole. */
export async function readWhole(
  path: string,
  bytesMax: number,
): Promise<Readonly<{ text: string; sha256: string }>> {
  const { size } = await Deno.stat(path);
  if (size > bytesMax) throw new FormatError(`it holds ${size} bytes; at most ${bytesMax} are read`);
  const file = new TextFile(path);
  let text = "";
  for await (const piece of file.pieces()) text += piece.text;
  return { text, sha256: file.sha256() };
}

function grown(buffer: Uint8Array<ArrayBuffer>, line: number): Uint8Array<ArrayBuffer> {
  if (buffer.length >= LINE_BYTES_MAX) {
    throw new FormatError(`the line is longer than ${LINE_BYTES_MAX} bytes`, line);
  }
  const larger = new Uint8Array(Math.min(LINE_BYTES_MAX, 2 * buffer.length));
  larger.set(buffer);
  return larger;
}

function linesIn(text: string): number {
  let lines = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines++;
  return lines;
}

function decoded(bytes: Uint8Array, place: Readonly<{ line: number; offset: number }>): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw notUtf8(bytes, place);
  }
}

function notUtf8(
  bytes: Uint8Array,
  { line, offset }: Readonly<{ line: number; offset: number }>,
): FormatError {
  let start = 0;
  for (let number = line;; number++) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline + 1;
    try {
      decoder.decode(bytes.subarray(start, end));
      start = end;
    } catch {
      return new FormatError(
        `the line, which begins at byte ${offset + start}, is not UTF-8 text; ` +
          `save the file again as UTF-8 (in Excel: "CSV UTF-8")`,
        number,
      );
    }
  }
}
