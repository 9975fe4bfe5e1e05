/** A question that the server does not answer. Its message is for the user. */
export class Refused extends Error {
  /** Tells this error from others. */
  override readonly name = "Refused";
}
