/** The error of runs that cannot be used. */

/** The kinds of errors that callers distinguish. */
export type RunErrorKind =
  /** Another process writes to the run. */
  | "in-use"
  /** There is another run at the same place. */
  | "other-experiment"
  /** There is no run at the place. */
  | "not-a-run"
  /** The manifest or another record of the run is damaged or was changed. */
  | "damaged-manifest"
  /** A newer version of this program made the run. */
  | "newer-format"
  /** The system does not allow an operation, for example because the disk is full. */
  | "unusable";

/** A run cannot be used. */
export class RunError extends Error {
  /** The name of the class. */
  override readonly name = "RunError";
  /** The kind of the error. */
  readonly kind: RunErrorKind;

  /** Makes an error. */
  constructor(kind: RunErrorKind, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}
