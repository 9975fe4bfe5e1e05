/** What a run records of a researcher's own code. */

/** A code file that an experiment or annotation file names, with all local files that it imports. */
export type RecordedCode = Readonly<{
  /** SHA-256 of the file and its local imports with their paths. */
  sha256: string;
  /** The path of the file's copy in the run's folder. */
  copy: string;
  /** Its imports that have no copy, such as `npm:zod`, and places of imports that can lead to any file. */
  imports?: readonly string[];
}>;
