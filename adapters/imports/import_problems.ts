/** What goes wrong while files are imported: counted and told, or else the end of the import. */
import { FormatError, type ImportProblem, problemOf } from "../formats/format_error.ts";
import { explainFailure } from "../stores/store_errors.ts";

/** A strict import met its first problem. What was imported before it is kept, and is whole. */
export class ImportStopped extends Error {
  /** Tells it from other errors. */
  override readonly name = "ImportStopped";
  /** What was wrong. */
  readonly problem: ImportProblem;

  /**
   * Says what was wrong.
   *
   * @param problem The first problem.
   */
  constructor(problem: ImportProblem) {
    super(`Cannot go on with the import: ${placeOf(problem)}: ${problem.message}`);
    this.problem = problem;
  }
}

/** Where a problem is, as editors and terminals know places. */
export function placeOf({ file, line }: ImportProblem): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** How an import deals with what is wrong. */
export type ProblemOptions = Readonly<{
  /** Whether the first problem ends the import. */
  strict: boolean;
  /** Told of every problem. */
  found: (problem: ImportProblem) => void;
}>;

/** Counts problems. */
export class ImportProblems {
  readonly #options: ProblemOptions;
  #count = 0;

  /** @param options See there. */
  constructor(options: ProblemOptions) {
    this.#options = options;
  }

  /** How many there were. */
  get count(): number {
    return this.#count;
  }

  /** Counts one. @throws {ImportStopped} In a strict import. */
  add(problem: ImportProblem): void {
    this.#count++;
    this.#options.found(problem);
    if (this.#options.strict) throw new ImportStopped(problem);
  }

  /**
   * Does something with a file; what is wrong with the file is a problem, everything else an error.
   *
   * @param file The file, for messages.
   * @param work What to do.
   * @returns Whether it was done.
   * @throws {ImportStopped} In a strict import.
   */
  async guard(file: string, work: () => Promise<void> | void): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      if (error instanceof FormatError) this.add(problemOf(file, error));
      else if (isOfFiles(error, file)) this.add({ file, message: explainFailure("read", file, error) });
      else throw error;
      return false;
    }
  }
}

/** A file that cannot be opened is a problem of that file; a disk that cannot be written to is one of the import. */
function isOfFiles(error: unknown, file: string): boolean {
  return (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.IsADirectory) && error.message.includes(file);
}
