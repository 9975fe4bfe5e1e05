/** The streams that a command writes to. */

/** A stream of text for people or programs. */
export interface TextSink {
  /** Whether the stream is a terminal that understands cursor movements. */
  readonly isTerminal: boolean;
  /** Whether colours may be used. */
  readonly colours: boolean;
  /** Whether the stream has failed or has no reader any more. Then `write()` drops its text. */
  readonly isClosed: boolean;
  /**
   * The operating system's error if the stream has failed. If the reader has only stopped reading, this is
   * `null`.
   */
  readonly failure: Error | null;
  /** The current width of a line. */
  columns(): number;
  /** Writes all of the text before it returns. */
  write(text: string): void;
}

/** The streams of a command: `stdout` for results, `stderr` for everything else. */
export type Io = Readonly<{ stdout: TextSink; stderr: TextSink }>;

/** The assumed width of a line if the real width is unknown. */
const COLUMNS_DEFAULT = 80;

/** The process's own streams. */
export function processIo(): Io {
  return { stdout: processSink(Deno.stdout), stderr: processSink(Deno.stderr) };
}

/** A sink for tests that keeps the written text. */
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

/**
 * The value of an environment variable. Without the permission to read it, returns `undefined` and asks for
 * no permission, because the help must work without permissions.
 */
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
        // Lost output must not stop the work. `main()` reports the failure at the end.
        isClosed = true;
        if (!(error instanceof Deno.errors.BrokenPipe)) failure = error as Error;
      }
    },
  };
}

type ProcessStream = Readonly<{ writeSync(bytes: Uint8Array): number }>;

/**
 * At most this many bytes are written at a time. An almost full pipe accepts either all of so few bytes or
 * none of them, so the program knows which bytes the pipe has.
 */
const PIECE_BYTES_MAX = Deno.build.os === "linux" ? 4096 : 512;

/**
 * The runtime buffers bytes without a line break, so at most this many of such bytes are written at a time.
 */
const LINELESS_BYTES_MAX = 512;

/** How long to wait for a full stream, in milliseconds. */
const RETRY_MS = 2;

const NEWLINE = 10;
const NOTHING = new Uint8Array();
const never = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes all bytes. Waits while a non-blocking stream is full.
 *
 * @throws {Error} The operating system's error.
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

/**
 * Writes one piece. The runtime has a buffer for `stdout`. It keeps a piece that does not end in a line break
 * even if the stream was full, so such a piece must not be written twice.
 */
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
