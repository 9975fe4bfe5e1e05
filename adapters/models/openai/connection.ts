/** The connection to a model server: finds its proxy, and creates a `fetch` that limits requests and responses. */
import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { ModelError } from "../../../core/ports/model.ts";
import { ServerError } from "./server_error.ts";
import { isWaitHeader } from "./waits.ts";

export type Route = Readonly<{
  /** Sends the requests; `undefined` for the default of `fetch`. */
  client: Deno.HttpClient | undefined;
  /** The proxy, without user and password; `null` for none. */
  proxy: string | null;
}>;

type Env = (name: string) => string | undefined;

/** The variables that can name a proxy for Deno's `fetch`. The first one that holds an address counts. */
const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  "http:": ["ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"],
  "https:": ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"],
};

const LOCALHOST = /^(?:.+\.)?localhost\.?$/;

/**
 * Finds the route to a server. Requests to this machine never go through a proxy, so that the key stays here. This
 * machine is `localhost` and its subdomains, 127.0.0.0/8, `::1` and the unspecified addresses (0.0.0.0, `::`) in
 * any spelling, the machine's own name, and every name that means only such addresses.
 */
export async function routeTo(baseUrl: string, env: Env): Promise<Route> {
  const url = new URL(baseUrl);
  const proxy = proxyFor(url, (name) => may({ name: "env", variable: name }) ? env(name) : undefined);
  // If all variables can be read and name no proxy for this server, `fetch` uses none.
  if (proxy === null && mayReadVariables(url)) return { client: undefined, proxy };
  const isOwn = isOwnAddress(url.hostname) || await isOwnName(url.hostname);
  return isOwn ? { client: directClient(baseUrl), proxy: null } : { client: undefined, proxy };
}

/** A server's address in one spelling: all addresses of this machine become `localhost`. */
export function addressAt(baseUrl: string): string {
  const url = new URL(baseUrl);
  if (isOwnAddress(url.hostname)) url.hostname = "localhost";
  return url.href.replace(/\/+$/, "");
}

/** The server's name in messages. It includes the proxy, because the proxy can fail, too. */
export function serverName({ baseUrl, proxy }: Readonly<{ baseUrl: string; proxy: string | null }>): string {
  return `The model server at ${baseUrl}${proxy === null ? "" : ` (through the proxy ${proxy})`}`;
}

/** Whether a host of a `URL` is an address of this machine. `URL` writes `127.1` and `2130706433` as `127.0.0.1`. */
function isOwnAddress(hostname: string): boolean {
  if (LOCALHOST.test(hostname)) return true;
  const address = bare(hostname);
  const family = isIP(address);
  return family !== 0 && OWN_ADDRESSES.check(address, family === 6 ? "ipv6" : "ipv4");
}

const OWN_ADDRESSES = new BlockList();
OWN_ADDRESSES.addSubnet("127.0.0.0", 8, "ipv4");
OWN_ADDRESSES.addAddress("0.0.0.0", "ipv4");
OWN_ADDRESSES.addAddress("::1", "ipv6");
OWN_ADDRESSES.addAddress("::", "ipv6");
OWN_ADDRESSES.addSubnet("::ffff:127.0.0.0", 104, "ipv6");
OWN_ADDRESSES.addAddress("::ffff:0.0.0.0", "ipv6");

/** An IPv6 address without the brackets of URLs. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}

/** Whether a name means this machine. A name that cannot be looked up counts as the name of another machine. */
async function isOwnName(hostname: string): Promise<boolean> {
  if (isIP(bare(hostname)) !== 0) return false;
  if (may({ name: "sys", kind: "hostname" }) && hostname === Deno.hostname().toLowerCase()) return true;
  const addresses = await lookup(hostname, { all: true }).catch(() => []);
  return addresses.length > 0 && addresses.every(({ address }) => isOwnAddress(address));
}

/** Whether this process has a permission. Does not ask the user for it. */
function may(permission: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(permission).state === "granted";
}

function mayReadVariables({ protocol }: URL): boolean {
  return (VARIABLES[protocol] ?? []).every((variable) => may({ name: "env", variable }));
}

/** If NO_PROXY has this value, a new client uses no proxy. */
const ALL_HOSTS = "*,0.0.0.0/0,::/0";

/**
 * Creates a client without a proxy. A client reads NO_PROXY only when it is created, so the variable changes only
 * for that moment. Deno's option for a direct connection cannot be used: requests would contain the whole URL, and
 * some servers refuse that.
 */
function directClient(baseUrl: string): Deno.HttpClient {
  if (!may({ name: "env", variable: "NO_PROXY" })) {
    throw new ModelError(
      "broken-model",
      `Cannot ask the model server at ${baseUrl}: it is on this machine, and requests to it could go through a ` +
        "proxy. Allow the variable NO_PROXY (--allow-env=NO_PROXY) to prevent that",
    );
  }
  const before = Deno.env.get("NO_PROXY");
  Deno.env.set("NO_PROXY", ALL_HOSTS);
  try {
    return Deno.createHttpClient({});
  } finally {
    if (before === undefined) Deno.env.delete("NO_PROXY");
    else Deno.env.set("NO_PROXY", before);
  }
}

/** The proxy that `fetch` uses for a URL, and the variable that names it, as one text; `null` for none. */
function proxyFor(url: URL, env: Env): string | null {
  for (const variable of VARIABLES[url.protocol] ?? []) {
    // In a CGI program, a client can set HTTP_PROXY by sending a header, so Deno ignores the variable there.
    if (/^http_proxy$/i.test(variable) && env("REQUEST_METHOD") !== undefined) continue;
    const value = env(variable)?.trim() ?? "";
    const proxy = value === "" ? null : URL.parse(value.includes("://") ? value : `http://${value}`);
    if (proxy === null) continue;
    const exceptions = env("NO_PROXY") || env("no_proxy") || "";
    if (isExcepted(url.hostname, exceptions)) return null;
    return `${proxy.protocol}//${proxy.host} of ${variable}`;
  }
  return null;
}

function isExcepted(hostname: string, exceptions: string): boolean {
  const address = bare(hostname);
  const family = isIP(address) === 6 ? "ipv6" : "ipv4";
  return exceptions.split(",").map((entry) => entry.trim()).filter((entry) => entry !== "").some((entry) => {
    if (isIP(address) === 0) return entry === "*" || `.${hostname}`.endsWith(`.${entry.replace(/^\./, "")}`);
    const [net, prefix] = entry.split("/");
    if (net === address) return true;
    if (prefix === undefined || isIP(net!) !== isIP(address) || !/^\d{1,3}$/.test(prefix)) return false;
    const list = new BlockList();
    list.addSubnet(net!, Math.min(Number(prefix), family === "ipv6" ? 128 : 32), family);
    return list.check(address, family);
  });
}

/**
 * The longest body of a response, in bytes: far more than any reply needs. 64 requests in flight take at most 256 MiB.
 */
export const RESPONSE_BYTES_MAX = 4 * 1024 * 1024;

/**
 * Creates a `fetch` that reads the whole body before it resolves, so that the caller's time limit includes the body.
 *
 * It does not follow redirects, because they could carry the key to another host. It sends only its own headers,
 * because the official client adds headers about this machine and from the environment. It gives every body the
 * content type of JSON, because some servers state a wrong type.
 */
export function boundedFetch(
  { baseUrl, apiKey, route }: Readonly<{ baseUrl: string; apiKey: string | null; route: Route }>,
): typeof fetch {
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
    const kept = new Headers([...response.headers].filter(([name]) => isWaitHeader(name)));
    const { status } = response;
    if (!response.ok) throw new ServerError(status, kept, parsed(text));
    kept.set("content-type", "application/json");
    // A `Response` with one of these statuses must not have a body.
    return new Response(status === 204 || status === 205 ? null : text, { status, headers: kept });
  };
}

/** The value of a JSON text. Other texts, such as HTML, stay texts. */
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
  // Reading the body at once is faster. It is safe if the server states a length within the limit.
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
  // A text that grows chunk by chunk would take several times the memory.
  return await new Blob(chunks).text();
}

const REASONS: readonly (readonly [pattern: RegExp, reason: string])[] = [
  [/proxy auth/i, "the proxy asks for a user name and a password"],
  [/proxy server unreachable/i, "the proxy cannot be reached"],
  [/tunnel/i, "the proxy did not let the connection through"],
  [/connection refused/i, "connection refused; is it running?"],
  [/dns error|failed to lookup|name or service not known/i, "its name is unknown; check baseUrl"],
  [/certificate/i, "its certificate is not trusted"],
  [/unreachable/i, "the network has no route to it"],
  [/reset|closed|broken pipe|incomplete|eof/i, "it closed the connection without an answer"],
];

function sendError(
  error: unknown,
  { baseUrl, proxy }: Readonly<{ baseUrl: string; proxy: string | null }>,
): ModelError {
  const { message, cause } = error as Error;
  // Network errors have a cause. An error without a cause means that Deno refused to send the request.
  if (cause === undefined) {
    return new ModelError("broken-model", `Cannot ask the model server at ${baseUrl}: ${message}`);
  }
  const reason = REASONS.find(([pattern]) => pattern.test(String(cause)))?.[1] ?? "the connection failed";
  const through = proxy === null ? "" : ` through the proxy ${proxy}`;
  return new ModelError("unreachable", `Cannot reach the model server at ${baseUrl}${through}: ${reason}`);
}
