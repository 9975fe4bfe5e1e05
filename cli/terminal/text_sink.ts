/** Where a command writes. */
import { writeFully } from "./write_fully.ts";

/** A stream of text for people or programs. */
export interface TextSink {
  /** Whether a terminal that understands cursor movements reads it. */
  readonly isTerminal: boolean;
  /** Whether colours may be used. */
  readonly colours: boolean;
  /** Whether it takes nothing any more: its reader has gone, or it failed. What is written then is dropped. */
  readonly isClosed: boolean;
  /** What the operating system said when it could not be written to; `null` also where only its reader has gone. */
  readonly failure: Error | null;
  /** How many columns a line has now. */
  columns(): number;
  /** Writes all of the text before it returns. */
  write(text: string): void;
}

/** Both streams of a command: results on one, everything else on the other. */
export type Io = Readonly<{ stdout: TextSink; stderr: TextSink }>;

/** Where the width of a line is unknown. */
export const COLUMNS_DEFAULT = 80;

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

/** A variable's value, or nothing where reading it is not permitted: showing help must not ask for permissions. */
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
        // A terminal that does not know its width says 0.
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
        // What goes wrong here must not take the work down with it; `main` tells of it in the end.
        isClosed = true;
        if (!(error instanceof Deno.errors.BrokenPipe)) failure = error as Error;
      }
    },
  };
}
