/** An error that a server answered with, under any status. */
import { errorWithin, readToldError, type ToldError } from "./told_error.ts";

/** What an error counts as whose server tells no code. */
const STATUS_DEFAULT = 500;

const STATUS_OK = 200;
const STATUS_REDIRECT_MIN = 300;

/** A server answered with an error. It stays within this folder: it holds the server's words, which can repeat the key. */
export class ServerError extends Error {
  /** The status of the response. */
  readonly status: number;
  /** Its headers, and those of another server that its body repeats. */
  readonly headers: Headers;
  /** What it says. */
  readonly told: ToldError;

  /**
   * Reads an error.
   *
   * @param status The status of the response.
   * @param headers Its headers.
   * @param error Its body, or the part of it that tells of the error.
   */
  constructor(status: number, headers: Headers, error: unknown) {
    super("The server answered with an error");
    this.status = status;
    this.told = readToldError(error);
    this.headers = new Headers([...headers, ...this.told.headers]);
  }

  /** What counts as the status: an error within a response of status 200 has a code instead. */
  get effectiveStatus(): number {
    return this.status >= STATUS_REDIRECT_MIN ? this.status : this.told.status ?? STATUS_DEFAULT;
  }
}

/**
 * Some servers answer with status 200 and an error in place of a completion, beside one, or within its choice.
 *
 * @param completion The parsed body; anything at all.
 * @param headers The headers of the response.
 * @throws {ServerError} When it tells of an error.
 */
export function refuseErrorWithin(completion: unknown, headers: Headers): void {
  const error = errorWithin(completion);
  if (error !== null) throw new ServerError(STATUS_OK, headers, error);
}
