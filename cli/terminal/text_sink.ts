/** The streams that a command writes to. */

/** A stream of text for people or programs. */
export interface TextSink {
  /** Whether it is a terminal that understands cursor movements. */
  readonly isTerminal: boolean;
  /** Whether colours may be used. */
  readonly colours: boolean;
  /** Whether its reader has gone or it has failed; what is written then is dropped. */
  readonly isClosed: boolean;
  /** The operating system's error when it failed; `null` also when only its reader has gone. */
  readonly failure: Error | null;
  /** The current width of a line. */
  columns(): number;
  /** Writes all of the text before it returns. */
  write(text: string): void;
}

/** Both streams of a command: results on one, everything else on the other. */
export type Io = Readonly<{ stdout: TextSink; stderr: TextSink }>;

/** The width of a line when it is unknown. */
const COLUMNS_DEFAULT = 80;

/** The process's own streams. */
export function processIo(): Io {
  return { stdout: processSink(Deno.stdout), stderr: processSink(Deno.stderr) };
}

/** A sink that keeps what is written, for tests. */
export function memorySink(
  { isTerminal = false, columns = COLUMNS_DEFAULT }: { isTerminal?: boolean; columns?: number } = {},
): TextSink & { text: string } {
  return {
    text: "",
    isTerminal,
    colours: false,
    isClosed: false,
    failure: null,
    columns: () => columns,
    write(text) {
      this.text += text;
    },
  };
}

/** A variable's value; nothing when reading it is not permitted: the help must not ask for permissions. */
export function readVariable(variable: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable });
  return state === "granted" ? Deno.env.get(variable) : undefined;
}

const encoder = new TextEncoder();

function processSink(stream: typeof Deno.stdout | typeof Deno.stderr): TextSink {
  const isTerminal = stream.isTerminal() && readVariable("TERM") !== "dumb";
  let isClosed = false;
  let failure: Error | null = null;
  return {
    isTerminal,
    colours: isTerminal && !Deno.noColor,
    get isClosed() {
      return isClosed;
    },
    get failure() {
      return failure;
    },
    columns() {
      try {
        // A terminal that does not know its width reports 0.
        return Deno.consoleSize().columns || COLUMNS_DEFAULT;
      } catch {
        return COLUMNS_DEFAULT;
      }
    },
    write(text) {
      if (isClosed) return;
      try {
        writeFully(stream, encoder.encode(text));
      } catch (error) {
        // This must not stop the work; `main` reports it at the end.
        isClosed = true;
        if (!(error instanceof Deno.errors.BrokenPipe)) failure = error as Error;
      }
    },
  };
}

type ProcessStream = Readonly<{ writeSync(bytes: Uint8Array): number }>;

/**
 * Bytes that are written at a time. A pipe accepts this many bytes as a whole or not at all, so it is certain what a full
 * pipe has accepted.
 */
const PIECE_BYTES_MAX = Deno.build.os === "linux" ? 4096 : 512;

/** The most bytes of a piece without a line break: the runtime keeps it until the stream accepts it. */
const LINELESS_BYTES_MAX = 512;

/** How long to wait for a full stream, in milliseconds. */
const RETRY_MS = 2;

const NEWLINE = 10;
const NOTHING = new Uint8Array();
const never = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes all bytes; waits when a stream does not block and is full.
 *
 * @throws {Error} The operating system's.
 */
function writeFully(stream: ProcessStream, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    const length = pieceLength(bytes.subarray(at, at + PIECE_BYTES_MAX));
    at += writePiece(stream, bytes.subarray(at, at + length));
  }
}

function pieceLength(window: Uint8Array): number {
  const newline = window.lastIndexOf(NEWLINE);
  return newline === -1 ? Math.min(window.length, LINELESS_BYTES_MAX) : newline + 1;
}

/** The runtime keeps a piece for the standard output without a line break: such a piece must not be written again. */
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
