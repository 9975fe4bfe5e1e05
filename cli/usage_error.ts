/** A command line that cannot be carried out as it was given. */

/** What the user asked for makes no sense; the message says what would. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
