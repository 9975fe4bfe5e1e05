/** A `fetch` for one model server: bounded in size, without redirects, with nothing in its headers but what is needed. */
import { ModelError } from "../../core/ports/model.ts";

/** Longest body of a response, in bytes: far above any reply, and small enough for every request in flight at once. */
export const RESPONSE_BYTES_MAX = 4 * 1024 * 1024;

/** Headers of a response that callers look at. */
const KEPT_HEADERS = ["retry-after", "retry-after-ms"];

/** What requests are sent with. */
export type BoundedFetchOptions = Readonly<{
  /** The server, for messages. */
  baseUrl: string;
  apiKey: string | null;
}>;

/**
 * Makes a `fetch` that reads the whole body before it resolves, so that the caller's time-out covers it.
 *
 * It never follows redirects: they could carry the key to another host. The headers that the official client adds
 * about this machine, or takes from the environment, are not sent. Bodies count as JSON whatever their type says, since
 * servers get that wrong; what is no JSON fails when it is parsed.
 *
 * @throws {ModelError} When the server cannot be reached, breaks off, or sends too much.
 */
export function boundedFetch({ baseUrl, apiKey }: BoundedFetchOptions): typeof fetch {
  const headers: Record<string, string> = { accept: "application/json", "content-type": "application/json" };
  if (apiKey !== null) headers.authorization = `Bearer ${apiKey}`;
  return async (input, init) => {
    const { method, body, signal } = init ?? {};
    let response: Response;
    try {
      response = await fetch(input, { method, body, signal, headers, redirect: "manual" });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw sendError(error, baseUrl);
    }
    const text = await readText(response, baseUrl).catch((error) => {
      if (error instanceof ModelError || signal?.aborted) throw error;
      throw new ModelError(
        "malformed-reply",
        `The model server at ${baseUrl} broke off in the middle of its reply`,
      );
    });
    const kept: Record<string, string> = { "content-type": "application/json" };
    for (const name of KEPT_HEADERS) {
      const value = response.headers.get(name);
      if (value !== null) kept[name] = value;
    }
    const { status } = response;
    return new Response(isBodiless(status) ? null : text, { status, headers: kept });
  };
}

/** Statuses with which a `Response` may have no body. */
function isBodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

async function readText(response: Response, baseUrl: string): Promise<string> {
  const { body, headers, status } = response;
  if (body === null) return "";
  // Reading at once saves a third of what a request costs; the length that HTTP holds the server to allows it.
  if (
    !headers.has("content-encoding") &&
    Number(headers.get("content-length") ?? Infinity) <= RESPONSE_BYTES_MAX
  ) {
    return await response.text();
  }
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > RESPONSE_BYTES_MAX) {
      throw new ModelError(
        "malformed-reply",
        `The model server at ${baseUrl} sent a reply of more than ${RESPONSE_BYTES_MAX} bytes`,
        { status },
      );
    }
    chunks.push(chunk);
  }
  // Decoded at once: a text that grows chunk by chunk takes several times the memory of its bytes.
  return await new Blob(chunks).text();
}

const REASONS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/connection refused/i, "connection refused; is it running?"],
  [/dns error|failed to lookup|name or service not known/i, "its name is unknown; check baseUrl"],
  [/certificate/i, "its certificate is not trusted"],
  [/unreachable/i, "there is no way to it through the network"],
  [/reset|closed|broken pipe|incomplete|eof/i, "it closed the connection without an answer"],
];

function sendError(error: unknown, baseUrl: string): ModelError {
  const { message, cause } = error as Error;
  // Errors of the network have a cause; without one, the request was not allowed to leave this process.
  if (cause === undefined) {
    return new ModelError("broken-model", `Cannot ask the model server at ${baseUrl}: ${message}`);
  }
  const reason = REASONS.find(([pattern]) => pattern.test(String(cause)))?.[1] ?? "the connection failed";
  return new ModelError("unreachable", `Cannot reach the model server at ${baseUrl}: ${reason}`);
}
