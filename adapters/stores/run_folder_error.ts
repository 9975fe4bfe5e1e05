/** What can be wrong with a run folder. */
import { explainFailure } from "./storage_error.ts";

/** The kinds of trouble that callers tell apart. */
export type RunFolderErrorKind =
  /** Another process writes to it. */
  | "in-use"
  /** It holds a run of something else. */
  | "other-experiment"
  /** There is no run in it. */
  | "not-a-run"
  /** Its manifest cannot be read as one. */
  | "damaged-manifest"
  /** A newer version of this program made it. */
  | "newer-format"
  /** The operating system refuses: a full disk, a missing permission. */
  | "unusable";

/** A run folder cannot be used as was asked; nothing in it was changed. */
export class RunFolderError extends Error {
  /** Tells this error from others. */
  override readonly name = "RunFolderError";
  /** What is wrong. */
  readonly kind: RunFolderErrorKind;

  /**
   * Says what is wrong.
   *
   * @param kind What is wrong.
   * @param message For people: what happened, where, and what to do next.
   * @param options `cause`, where there is one.
   */
  constructor(kind: RunFolderErrorKind, message: string, options?: { cause: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}

/** An operating system's refusal, as the error above. */
export function unusable(action: string, path: string, cause: unknown): RunFolderError {
  return new RunFolderError("unusable", explainFailure(action, path, cause), { cause });
}
