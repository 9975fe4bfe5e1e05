/**
 * Checks who asks a server on this machine. The viewer's page and the pages for people share these checks.
 * Other users of the machine do not have the token. A browser says which site asks, so pages of other sites
 * are refused.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { Hono, type MiddlewareHandler } from "npm:hono@4.13.19";
import { bodyLimit } from "npm:hono@4.13.19/body-limit";

/** The only address on which these servers listen. */
export const LOOPBACK = "127.0.0.1";

/** The most bytes of a request's body, if an app sets no other limit. */
export const BODY_BYTES_MAX = 64 * 1024;

const TOKEN_BYTES = 32;

/** A new secret, as text that can stand in an address. */
export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/** Finds the holder of a token, such as a seat; `null` if there is none. */
export type HolderOf<Holder> = (token: string) => Holder | null;

/**
 * Finds holders in a list. It takes the same time for all tokens, so that the time does not help to guess a
 * token.
 *
 * @param list Tokens and their holders. It is read at each request, so it can grow.
 */
export function holdersByToken<Holder>(
  list: Iterable<readonly [token: string, holder: Holder]>,
): HolderOf<Holder> {
  return (token) => {
    const asked = digest(token);
    let found: Holder | null = null;
    for (const [one, holder] of list) if (timingSafeEqual(digest(one), asked)) found = holder;
    return found;
  };
}

function digest(token: string): Uint8Array {
  return createHash("sha256").update(token).digest();
}

/** The values that the checks of a request pass to its route. */
export type Access<Holder> = { Variables: { holder: Holder } };

/** How an app is guarded. */
export type GuardOptions<Holder> = Readonly<{
  holderOf: HolderOf<Holder>;
  /** The most bytes of a request's body. Default: {@linkcode BODY_BYTES_MAX}. */
  bodyBytesMax?: number;
}>;

/** Why a request is refused, for `context.json()`. */
export function refusal(error: string): Readonly<{ error: string }> {
  return { error };
}

/**
 * An app that checks all requests. It checks Host and Origin. For routes below `/api/`, it also checks which
 * site asks, the token and the body. A route finds the holder of the token with `context.get("holder")`.
 */
export function guardedApp<Holder>(
  { holderOf, bodyBytesMax = BODY_BYTES_MAX }: GuardOptions<Holder>,
): Hono<Access<Holder>> {
  const app = new Hono<Access<Holder>>();
  app.use(securityHeaders, localHost);
  const tooLarge = refusal(`Cannot read the request: it has more than ${bodyBytesMax} bytes`);
  app.use(
    "/api/*",
    sameSite,
    bearer(holderOf),
    jsonBody,
    bodyLimit({ maxSize: bodyBytesMax, onError: (context) => context.json(tooLarge, 413) }),
  );
  app.notFound((context) => context.json(refusal("There is nothing at this address"), 404));
  return app;
}

/** What the pages of these servers may load: their own files. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join("; ");

const HEADERS = {
  "Cache-Control": "no-store",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
} as const;

const POLICY_HEADER = "Content-Security-Policy";

/** Adds the headers that protect an answer. A route can set its own content policy. */
const securityHeaders: MiddlewareHandler = async (context, next) => {
  await next();
  const { headers } = context.res;
  for (const [name, value] of Object.entries(HEADERS)) headers.set(name, value);
  if (!headers.has(POLICY_HEADER)) headers.set(POLICY_HEADER, PAGE_POLICY);
};

/** The names of this machine, with any port, because a tunnel changes the port. */
const LOCAL_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

/** Refuses names of other hosts, because a foreign site can give its own name the address of this machine. */
const localHost: MiddlewareHandler = async (context, next) => {
  const host = context.req.header("Host") ?? "";
  if (!LOCAL_HOST.test(host)) {
    return context.json(refusal("This server answers only at 127.0.0.1 and localhost"), 403);
  }
  const origin = context.req.header("Origin");
  if (origin !== undefined && origin.toLowerCase() !== `http://${host.toLowerCase()}`) {
    return context.json(refusal("This server answers only its own page"), 403);
  }
  await next();
};

/** Refuses other sites. Programs that are no browsers do not send this header; they need the token anyway. */
const sameSite: MiddlewareHandler = async (context, next) => {
  const site = context.req.header("Sec-Fetch-Site");
  if (site !== undefined && site !== "same-origin") {
    return context.json(refusal("This server answers only its own page"), 403);
  }
  await next();
};

const BEARER = /^Bearer ([\w.~+/-]+=*)$/i;

function bearer<Holder>(holderOf: HolderOf<Holder>): MiddlewareHandler<Access<Holder>> {
  return async (context, next) => {
    const token = BEARER.exec(context.req.header("Authorization") ?? "")?.[1];
    const holder = token === undefined ? null : holderOf(token);
    if (holder === null) {
      context.header("WWW-Authenticate", "Bearer");
      return context.json(refusal("The key of this page is missing or wrong: open the link once more"), 401);
    }
    context.set("holder", holder);
    await next();
  };
}

const JSON_TYPE = /^application\/json\s*(?:;|$)/i;

/**
 * Accepts only JSON, because a form of another site cannot send JSON without the permission of this server.
 */
const jsonBody: MiddlewareHandler = async (context, next) => {
  const { method } = context.req;
  if (method !== "GET" && method !== "POST") {
    return context.json(refusal(`Cannot answer "${method}": only GET and POST are possible`), 405);
  }
  if (method === "POST" && !JSON_TYPE.test(context.req.header("Content-Type") ?? "")) {
    return context.json(refusal("Cannot read the request: its body must be JSON"), 415);
  }
  await next();
};
