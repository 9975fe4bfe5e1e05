/** Reads text files in large pieces of whole lines. */
import { DamagedLine } from "../../core/events/event_type.ts";
import type { StoredLine } from "../../core/events/mod.ts";

/** Reading is fastest with pieces of this size. The buffer grows for a longer line. */
const CHUNK_BYTES = 256 * 1024;

/**
 * The longest line, in bytes. Events and table rows are shorter: a file with a longer line is damaged or of another
 * kind.
 */
export const LINE_BYTES_MAX = 64 * 1024 * 1024;

const NEWLINE = 10;

/** `fatal` refuses bytes that are not UTF-8. `ignoreBOM` keeps a byte order mark in the text. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Whole lines of a file, which begin at `offset`. The bytes are valid until the next piece is read. */
type LineChunk = Readonly<{ bytes: Uint8Array; offset: number }>;

/** Reads the lines of a file in pieces. Leaves out a last line without a newline, unless `withRest` is true. */
export function* lineChunks(
  file: Deno.FsFile,
  bytesMax = Infinity,
  withRest = false,
): Generator<LineChunk> {
  let buffer = new Uint8Array(Math.min(CHUNK_BYTES, bytesMax));
  let held = 0;
  let offset = 0;
  while (offset + held < bytesMax) {
    if (held === buffer.length) buffer = grown(buffer);
    const room = buffer.subarray(held, Math.min(buffer.length, bytesMax - offset));
    const count = file.readSync(room);
    if (count === null) {
      if (withRest && held > 0) yield { bytes: buffer.subarray(0, held), offset };
      return;
    }
    const newline = room.subarray(0, count).lastIndexOf(NEWLINE);
    const end = newline === -1 ? 0 : held + newline + 1;
    held += count;
    if (end === 0) continue;
    yield { bytes: buffer.subarray(0, end), offset };
    buffer.copyWithin(0, end, held);
    held -= end;
    offset += end;
  }
}

function grown(buffer: Uint8Array): Uint8Array<ArrayBuffer> {
  if (buffer.length >= LINE_BYTES_MAX) {
    throw new DamagedLine("too-long", `the line is longer than ${LINE_BYTES_MAX} bytes`);
  }
  const larger = new Uint8Array(Math.min(2 * buffer.length, LINE_BYTES_MAX));
  larger.set(buffer);
  return larger;
}

export function* newlines(bytes: Uint8Array): Generator<number> {
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) yield at;
}

/** The lines of a piece that ends with a newline. */
export function* decodeLines(bytes: Uint8Array): Generator<StoredLine> {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    yield* decodeOneByOne(bytes);
    return;
  }
  let start = 0;
  for (let end = text.indexOf("\n"); end !== -1; end = text.indexOf("\n", start)) {
    yield text.slice(start, end);
    start = end + 1;
  }
}

/** Lines of a file, and where the last of them ends, in bytes after the beginning of the first piece. */
type LinePiece = Readonly<{ lines: readonly StoredLine[]; end: number }>;

/**
 * The lines of a file in pieces, without a last line that has no newline.
 *
 * @throws {DamagedLine} At the first line that is too long or not UTF-8, after all lines before it.
 */
export function* linePieces(file: Deno.FsFile, bytesMax: number): Generator<LinePiece> {
  for (const { bytes, offset } of lineChunks(file, bytesMax)) {
    const lines: StoredLine[] = [];
    const end = offset + bytes.length;
    try {
      for (const line of decodeLines(bytes)) lines.push(line);
    } catch (error) {
      yield { lines, end };
      throw error;
    }
    yield { lines, end };
  }
}

export function decodeBytes(bytes: Uint8Array): StoredLine {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new DamagedLine("not-utf8", "the line is not UTF-8 text");
  }
}

function* decodeOneByOne(bytes: Uint8Array): Generator<StoredLine> {
  let start = 0;
  for (const end of newlines(bytes)) {
    yield decodeBytes(bytes.subarray(start, end));
    start = end + 1;
  }
}
