/** What a run records about the code of a researcher. */

/** A code file that an experiment or annotation file names, with all local files that it imports. */
export type RecordedCode = Readonly<{
  /** SHA-256 of the file and its local imports with their paths. */
  sha256: string;
  /** The path of the file's copy in the run's folder. */
  copy: string;
  /**
   * The imports that have no copy, such as `npm:zod`. Also the places of imports whose path is computed when
   * the code runs.
   */
  imports?: readonly string[];
}>;
