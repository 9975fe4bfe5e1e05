/** A `fetch` for one model server: bounded in size, without redirects, with nothing in its headers but what is needed. */
import { ModelError } from "../../core/ports/model.ts";
import type { Route } from "./route.ts";
import { ServerError } from "./server_error.ts";
import { tellsWait } from "./told_wait.ts";

/** Longest body of a response, in bytes: far above any reply, and small enough for every request in flight at once. */
export const RESPONSE_BYTES_MAX = 4 * 1024 * 1024;

/** What requests are sent with. */
export type BoundedFetchOptions = Readonly<{
  /** The server, for messages. */
  baseUrl: string;
  apiKey: string | null;
  /** The way to it. */
  route: Route;
}>;

/**
 * Makes a `fetch` that reads the whole body before it resolves, so that the caller's time-out covers it.
 *
 * It never follows redirects: they could carry the key to another host. The headers that the official client adds
 * about this machine, or takes from the environment, are not sent. Bodies count as JSON whatever their type says, since
 * servers get that wrong; what is no JSON fails when it is parsed.
 *
 * @throws {ModelError} When the server cannot be reached, breaks off, or sends too much.
 * @throws {ServerError} When it answers with another status than success.
 */
export function boundedFetch({ baseUrl, apiKey, route }: BoundedFetchOptions): typeof fetch {
  const headers: Record<string, string> = { accept: "application/json", "content-type": "application/json" };
  if (apiKey !== null) headers.authorization = `Bearer ${apiKey}`;
  const { client, proxy } = route;
  return async (input, init) => {
    const { method, body, signal } = init ?? {};
    let response: Response;
    try {
      response = await fetch(input, { method, body, signal, headers, redirect: "manual", client });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw sendError(error, { baseUrl, proxy });
    }
    const text = await readText(response, baseUrl).catch((error) => {
      if (error instanceof ModelError || signal?.aborted) throw error;
      throw new ModelError(
        "malformed-reply",
        `The model server at ${baseUrl} broke off in the middle of its reply`,
      );
    });
    const kept = new Headers([...response.headers].filter(([name]) => tellsWait(name)));
    const { status } = response;
    if (!response.ok) throw new ServerError(status, kept, parsed(text));
    kept.set("content-type", "application/json");
    return new Response(isBodiless(status) ? null : text, { status, headers: kept });
  };
}

/** Statuses with which a `Response` may have no body. */
function isBodiless(status: number): boolean {
  return status === 204 || status === 205;
}

/** Errors of servers are JSON, text, or a page. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
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
  [/proxy auth/i, "the proxy asks for a user name and a password"],
  [/proxy server unreachable/i, "the proxy cannot be reached"],
  [/tunnel/i, "the proxy did not let the connection through"],
  [/connection refused/i, "connection refused; is it running?"],
  [/dns error|failed to lookup|name or service not known/i, "its name is unknown; check baseUrl"],
  [/certificate/i, "its certificate is not trusted"],
  [/unreachable/i, "there is no way to it through the network"],
  [/reset|closed|broken pipe|incomplete|eof/i, "it closed the connection without an answer"],
];

function sendError(
  error: unknown,
  { baseUrl, proxy }: Readonly<{ baseUrl: string; proxy: string | null }>,
): ModelError {
  const { message, cause } = error as Error;
  // Errors of the network have a cause; without one, the request was not allowed to leave this process.
  if (cause === undefined) {
    return new ModelError("broken-model", `Cannot ask the model server at ${baseUrl}: ${message}`);
  }
  const reason = REASONS.find(([pattern]) => pattern.test(String(cause)))?.[1] ?? "the connection failed";
  const through = proxy === null ? "" : ` through the proxy ${proxy}`;
  return new ModelError("unreachable", `Cannot reach the model server at ${baseUrl}${through}: ${reason}`);
}
