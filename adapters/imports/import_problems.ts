/** Counts and reports the problems of an import. The first problem ends a strict import. */
import { FormatError, type ImportProblem, problemOf } from "../formats/format_error.ts";
import { isMissing } from "../path_info.ts";
import { explainFailure } from "../stores/store_errors.ts";

/** A strict import met its first problem. The discussions that it imported before are kept, and are complete. */
export class ImportStopped extends Error {
  /** The name of the class. */
  override readonly name = "ImportStopped";
  /** The first problem. */
  readonly problem: ImportProblem;

  /** Makes an error. */
  constructor(problem: ImportProblem) {
    super(`Cannot continue the import: ${placeOf(problem)}: ${problem.message}`);
    this.problem = problem;
  }
}

/** The location of a problem, in the form that editors and terminals recognise. */
export function placeOf({ file, line }: ImportProblem): string {
  return line === undefined ? file : `${file}:${line}`;
}

/** How an import treats problems. */
export type ProblemOptions = Readonly<{
  /** Whether the first problem ends the import. */
  strict: boolean;
  found: (problem: ImportProblem) => void;
}>;

export class ImportProblems {
  readonly #options: ProblemOptions;
  #count = 0;

  constructor(options: ProblemOptions) {
    this.#options = options;
  }

  get count(): number {
    return this.#count;
  }

  add(problem: ImportProblem): void {
    this.#count++;
    this.#options.found(problem);
    if (this.#options.strict) throw new ImportStopped(problem);
  }

  /**
   * Calls `work`. An error in the file counts as a problem; other errors are thrown. Returns whether `work`
   * succeeded.
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

/**
 * Whether an error says that this file cannot be opened. Other errors, such as a full disk, are no problem of
 * the file.
 */
function isOfFiles(error: unknown, file: string): boolean {
  return (isMissing(error) || error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.IsADirectory) && error.message.includes(file);
}
