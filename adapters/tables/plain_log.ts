/** Which logs can be read as tables where they are. */
import { Buffer } from "node:buffer";

const BUFFER_BYTES = 1024 * 1024;

const NEWLINE = 10;

/** U+0000 and half surrogate pairs, as JSON escapes them; the first byte of the plane that stand-ins come from. */
const TELLTALES = ["\\u0000", "\\ud", "\\uD"].map((text) => Buffer.from(text));
const STAND_IN_PLANE = 0xf4;

/** The longest of them, less one: what a piece must share with the next. */
const OVERLAP_BYTES = Math.max(...TELLTALES.map(({ length }) => length)) - 1;

const buffer = Buffer.alloc(BUFFER_BYTES);

/**
 * Whether a log ends with a finished line and holds nothing that tables cannot hold.
 *
 * @param path The log.
 * @throws {Error} The operating system's.
 */
export function isPlainLog(path: string): boolean {
  using file = Deno.openSync(path);
  let held = 0;
  let last = NEWLINE;
  while (true) {
    const count = file.readSync(buffer.subarray(held));
    if (count === null) return last === NEWLINE;
    const piece = buffer.subarray(0, held + count);
    if (piece.includes(STAND_IN_PLANE) || TELLTALES.some((telltale) => piece.includes(telltale))) {
      return false;
    }
    last = piece.at(-1)!;
    held = Math.min(OVERLAP_BYTES, piece.length);
    piece.copy(buffer, 0, piece.length - held);
  }
}
