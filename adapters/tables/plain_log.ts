/** Which logs can be read as tables where they are. */

const BUFFER_BYTES = 1024 * 1024;

const NEWLINE = 10;
const BACKSLASH = 0x5c;

/** The first byte of the plane that stand-ins come from. */
const STAND_IN_PLANE = 0xf4;

/** The beginnings, after the backslash, of U+0000 and of surrogates, which JSON escapes when they are half a pair. */
const TELLTALES = /^u(?:0000|[dD])/;

/** What a piece shares with the next, so that no escape is cut in two. */
const OVERLAP_BYTES = 5;

const encoder = new TextEncoder();

const buffer = new Uint8Array(BUFFER_BYTES);

/**
 * Whether a log begins as its stream's, ends with a finished line and holds nothing that tables cannot hold.
 *
 * @param path The log.
 * @param stream Its stream: a log under another one's name is damaged, or a copy.
 * @throws {Error} The operating system's.
 */
export function isPlainLog(path: string, stream: string): boolean {
  using file = Deno.openSync(path);
  const beginning = encoder.encode(`{"stream":${JSON.stringify(stream)},`);
  let isFirst = true;
  let held = 0;
  let last = NEWLINE;
  while (true) {
    const count = file.readSync(buffer.subarray(held));
    if (count === null) return last === NEWLINE;
    const piece = buffer.subarray(0, held + count);
    if (isFirst && !beginning.every((byte, at) => piece[at] === byte)) return false;
    isFirst = false;
    if (piece.includes(STAND_IN_PLANE) || holdsTelltale(piece)) return false;
    last = piece.at(-1)!;
    held = Math.min(OVERLAP_BYTES, piece.length);
    buffer.copyWithin(0, piece.length - held, piece.length);
  }
}

function holdsTelltale(piece: Uint8Array): boolean {
  for (let at = piece.indexOf(BACKSLASH); at !== -1; at = piece.indexOf(BACKSLASH, at + 1)) {
    if (TELLTALES.test(String.fromCharCode(...piece.subarray(at + 1, at + 1 + OVERLAP_BYTES)))) return true;
  }
  return false;
}
