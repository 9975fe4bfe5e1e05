/** A question that the server does not answer. Its message is for the user. */
export class Refused extends Error {
  /** The name of the class. */
  override readonly name = "Refused";
}
