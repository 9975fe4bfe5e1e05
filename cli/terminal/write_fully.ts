/** Writing all of a text to a process's stream, whatever the stream takes at a time. */

/** A stream of the process. */
export type ProcessStream = Readonly<{ writeSync(bytes: Uint8Array): number }>;

/**
 * Bytes that are written at a time. A pipe takes as many as that whole or not at all, so that a pipe that is full now
 * leaves no doubt about what it has taken.
 */
const PIECE_BYTES_MAX = Deno.build.os === "linux" ? 4096 : 512;

/** A piece without a line break is no longer than that: the runtime keeps it as a whole until the stream takes it. */
const LINELESS_BYTES_MAX = 512;

/** How long a stream that takes nothing for now is left alone, in milliseconds. */
const RETRY_MS = 2;

const NEWLINE = 10;
const NOTHING = new Uint8Array();
const never = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes all bytes; waits where a stream does not block and is full.
 *
 * @param stream The stream.
 * @param bytes What is written.
 * @throws {Error} The operating system's.
 */
export function writeFully(stream: ProcessStream, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    const length = pieceLength(bytes.subarray(at, at + PIECE_BYTES_MAX));
    at += writePiece(stream, bytes.subarray(at, at + length));
  }
}

function pieceLength(window: Uint8Array): number {
  const newline = window.lastIndexOf(NEWLINE);
  return newline === -1 ? Math.min(window.length, LINELESS_BYTES_MAX) : newline + 1;
}

/** Of the standard output, the runtime keeps what has no line break until it can be written: it is not given again. */
function writePiece(stream: ProcessStream, piece: Uint8Array): number {
  const isKept = stream === Deno.stdout && piece.at(-1) !== NEWLINE;
  let rest = piece;
  while (true) {
    try {
      const count = stream.writeSync(rest);
      return rest === NOTHING ? piece.length : count;
    } catch (error) {
      if (!isFullForNow(error)) throw error;
      if (isKept) rest = NOTHING;
      Atomics.wait(never, 0, 0, RETRY_MS);
    }
  }
}

function isFullForNow(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EAGAIN" || error.code === "EINTR");
}
