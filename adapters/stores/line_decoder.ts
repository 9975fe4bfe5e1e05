/** Turns bytes of a log into lines of text, refusing what is not UTF-8. */
import { DamagedLine } from "../../core/events/codec.ts";
import type { StoredLine } from "../../core/events/mod.ts";
import { newlines } from "./line_chunks.ts";

/** `fatal`: silently replaced characters would be lost data; `ignoreBOM`: a byte order mark is a change, too. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * The lines of a piece that ends with a newline.
 *
 * @throws {DamagedLine} At the first line that is not UTF-8, after all lines before it.
 */
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

/**
 * One line of bytes as text.
 *
 * @throws {DamagedLine} When it is not UTF-8.
 */
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
