/** Requests of people's pages to their server. */

/**
 * A request that takes longer than this, in milliseconds, counts as a lost connection. A page that waits for news
 * gets an answer after at most ten seconds.
 */
const TIMEOUT_MS = 30_000;

/** The server refused a request. The message is for the person. */
export class RefusedByServer extends Error {
  /** Distinguishes this error from others. */
  override readonly name = "RefusedByServer";
  /** The HTTP status. */
  readonly status: number;
  /** The index of the question whose answer is refused, from 0; `null` if the whole request is refused. */
  readonly question: number | null;

  constructor(message: string, { status, question }: Readonly<{ status: number; question: number | null }>) {
    super(message);
    this.status = status;
    this.question = question;
  }

  /** Whether the server refused the request because it does not know the link. */
  get isAboutLink(): boolean {
    return this.status === 401 || this.status === 404;
  }
}

/** The server cannot be reached, its answer was cut, or something else answered. */
export class ConnectionLost extends Error {
  /** Distinguishes this error from others. */
  override readonly name = "ConnectionLost";
}

/** Sends a request: with a body a POST, without one a GET. */
export type AskServer = <Answer>(path: string, body?: object, signal?: AbortSignal) => Promise<Answer>;

/**
 * Asks the server that served the page.
 *
 * @param base The path of its routes, such as `api/seat`, relative to the page.
 */
export function serverAt(base: string, token: string | null): AskServer {
  return async <Answer>(path: string, body?: object, signal?: AbortSignal): Promise<Answer> => {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const [status, text] = await fetch(`${base}${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { "Authorization": `Bearer ${token ?? ""}`, "Content-Type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    }).then(async (response) => [response.status, await response.text()] as const).catch((cause) => {
      throw new ConnectionLost("the connection is lost", { cause });
    });
    const answer = parsed(text);
    // A proxy between the page and its server can answer with a page of its own.
    if (answer === null) throw new ConnectionLost("the connection is lost");
    if (status === 200) return answer as Answer;
    const { error, question = null } = answer as Readonly<{ error?: string; question?: number | null }>;
    throw new RefusedByServer(error ?? `The server refused the request (${status})`, { status, question });
  };
}

/** The object in a JSON text; `null` for other texts. All answers of the server are objects. */
function parsed(text: string): object | null {
  try {
    const answer = JSON.parse(text);
    return typeof answer === "object" ? answer : null;
  } catch {
    return null;
  }
}
