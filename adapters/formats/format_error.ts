/** Errors in imported files. */
import { quoted } from "../../core/experiment/problems.ts";

/** A file, or a part of it, is not in the expected format. The message does not name the file. */
export class FormatError extends Error {
  /** The name of the class. */
  override readonly name = "FormatError";
  /** The line, from 1, if known. */
  readonly line: number | undefined;

  /** Makes an error. */
  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}

/** A file, or a part of a file, that was not imported, and the reason. */
export type ImportProblem = Readonly<{ file: string; line?: number; message: string }>;

export function problemOf(file: string, { message, line }: FormatError): ImportProblem {
  return { file, ...(line === undefined ? {} : { line }), message };
}

/**
 * Reads a discussion. If a comment is wrong, the whole discussion is left out, and the error's message says
 * so.
 */
export function readWholeDiscussion<T>(id: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw new FormatError(
      `${error.message}; the discussion ${quoted(id)} is left out as a whole`,
      error.line,
    );
  }
}
