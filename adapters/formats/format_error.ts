/** What is wrong with a file from elsewhere. */
import { quoted } from "../../core/experiment/problems.ts";

/** A file, or a part of it, is not in the format that it was read in. The message does not name the file. */
export class FormatError extends Error {
  /** Tells it from other errors. */
  override readonly name = "FormatError";
  /** The line, from 1, where it is known. */
  readonly line: number | undefined;

  /**
   * Says what is wrong.
   *
   * @param message What is wrong, where in the file, and what to do.
   * @param line The line, from 1.
   */
  constructor(message: string, line?: number) {
    super(message);
    this.line = line;
  }
}

/** One thing that was not imported, and why. */
export type ImportProblem = Readonly<{ file: string; line?: number; message: string }>;

/** An error of a file as a problem of it. */
export function problemOf(file: string, { message, line }: FormatError): ImportProblem {
  return { file, ...(line === undefined ? {} : { line }), message };
}

/**
 * Reads a discussion; where a part of it is wrong, it is left out as a whole, since the positions of the rest would shift.
 *
 * @param id The discussion's id.
 * @param read Reads it.
 * @throws {FormatError} With the id.
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
