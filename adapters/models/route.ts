/** How a model server is reached: directly where it is on this machine, else as the variables for proxies say. */
import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { ModelError } from "../../core/ports/model.ts";

/** The way to a server. */
export type Route = Readonly<{
  /** What requests are sent with; `undefined` for what `fetch` uses by itself. */
  client: Deno.HttpClient | undefined;
  /** The proxy that requests go through, without its user and password; `null` for none. */
  proxy: string | null;
}>;

type Env = (name: string) => string | undefined;

/** The variables that Deno's `fetch` takes proxies from, the first one that is set being used. */
const VARIABLES: Readonly<Record<string, readonly string[]>> = {
  "http:": ["ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"],
  "https:": ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"],
};

const LOCALHOST = /^(?:.+\.)?localhost\.?$/;

/**
 * Finds the way to a server. One on this machine is never asked through a proxy, so that its key stays here: not one of
 * `localhost` and the names below it, of 127.0.0.0/8, `::1` and the unspecified addresses in any spelling, of this
 * machine's own name, and of names that stand for such an address.
 *
 * @param baseUrl Where the server is.
 * @param env Looks environment variables up.
 * @throws {ModelError} When the server is on this machine, and this process may not keep requests from a proxy.
 */
export async function routeTo(baseUrl: string, env: Env): Promise<Route> {
  const url = new URL(baseUrl);
  const proxy = proxyFor(url, (name) => may({ name: "env", variable: name }) ? env(name) : undefined);
  // What `fetch` does by itself is right where it is known to use no proxy.
  if (proxy === null && mayReadVariables(url)) return { client: undefined, proxy };
  const isOwn = isOwnAddress(url.hostname) || await isOwnName(url.hostname);
  return isOwn ? { client: directClient(baseUrl), proxy: null } : { client: undefined, proxy };
}

/** A server's address in one spelling: this machine has many names. */
export function addressAt(baseUrl: string): string {
  const url = new URL(baseUrl);
  if (isOwnAddress(url.hostname)) url.hostname = "localhost";
  return url.href.replace(/\/+$/, "");
}

/** The server as messages name it, with the proxy before it: either can be the one that fails. */
export function serverName({ baseUrl, proxy }: Readonly<{ baseUrl: string; proxy: string | null }>): string {
  return `The model server at ${baseUrl}${proxy === null ? "" : ` (through the proxy ${proxy})`}`;
}

/** `URL` writes every spelling of an IPv4 address in one way: `127.1` and `2130706433` are `127.0.0.1`. */
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

/** An IPv6 address without the brackets that it has in a URL. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}

/** Names that this machine does not know are the proxy's to look up. */
async function isOwnName(hostname: string): Promise<boolean> {
  if (isIP(bare(hostname)) !== 0) return false;
  if (may({ name: "sys", kind: "hostname" }) && hostname === Deno.hostname().toLowerCase()) return true;
  const addresses = await lookup(hostname, { all: true }).catch(() => []);
  return addresses.length > 0 && addresses.every(({ address }) => isOwnAddress(address));
}

/** What a program that uses this one as a library may not look up, it is not asked for. */
function may(permission: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(permission).state === "granted";
}

function mayReadVariables({ protocol }: URL): boolean {
  return (VARIABLES[protocol] ?? []).every((variable) => may({ name: "env", variable }));
}

/** Every host: a client that is made while this is set uses no proxy. */
const ALL_HOSTS = "*,0.0.0.0/0,::/0";

/**
 * A client that uses no proxy. It reads the variables when it is made, and only then. (Its option for a connection of
 * its own is no way out: the requests name the whole URL then, which some servers do not know.)
 */
function directClient(baseUrl: string): Deno.HttpClient {
  if (!may({ name: "env", variable: "NO_PROXY" })) {
    throw new ModelError(
      "broken-model",
      `Cannot ask the model server at ${baseUrl}: it is on this machine, and requests to it could go through a ` +
        "proxy. Allow the variable NO_PROXY (--allow-env=NO_PROXY), so that none is used",
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

/** The proxy that `fetch` uses, as Deno finds it. */
function proxyFor(url: URL, env: Env): string | null {
  for (const variable of VARIABLES[url.protocol] ?? []) {
    // A client of a CGI program can set this variable by a header, so that Deno does not use it there.
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
