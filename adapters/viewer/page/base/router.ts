/**
 * The page's address. It is the part after `#`, which is the same on the server's page and on an exported
 * page. It holds the whole state, so that a link shows another reader the same view.
 */

/** Parameter → its values, in the order of the address. */
export type Query = Readonly<Record<string, readonly string[]>>;

/** A place in the page: `#/d/my-run/base.r0001?at=3` has the path `d`, `my-run`, `base.r0001`. */
export type Route = Readonly<{ path: readonly string[]; query: Query }>;

/** Goes to another place. With `replace`, the browser's back button skips the place before. */
export type Go = (route: Route, options?: Readonly<{ replace?: boolean }>) => void;

/** Values for {@linkcode routeTo}: a parameter without a value is left out. */
export type QueryValues = Readonly<Record<string, string | number | readonly string[] | null | undefined>>;

/**
 * Reads the part of an address after `#`. Any text is an address; parts that cannot be decoded stay as they
 * are.
 */
export function parseRoute(hash: string): Route {
  const text = hash.replace(/^#?\/?/, "");
  const start = text.indexOf("?");
  const path = (start === -1 ? text : text.slice(0, start)).split("/").filter((part) => part !== "");
  const query = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(start === -1 ? "" : text.slice(start + 1))) {
    query.set(name, [...query.get(name) ?? [], value]);
  }
  return { path: path.map(decoded), query: Object.fromEntries(query) };
}

/** Writes a place as an address, such as `#/discussions?condition=base`. */
export function formatRoute({ path, query }: Route): string {
  const parameters = new URLSearchParams(
    Object.entries(query).flatMap(([name, values]) => values.map((value) => [name, value])),
  ).toString();
  return `#/${path.map((part) => encodeURIComponent(part.toWellFormed())).join("/")}${
    parameters === "" ? "" : `?${parameters}`
  }`;
}

/** Makes a route from a path and parameters. */
export function routeTo(path: readonly string[], values: QueryValues = {}): Route {
  return withValues({ path, query: {} }, values);
}

/** The same page with other parameters; `null` removes a parameter. */
export function withValues(route: Route, values: QueryValues): Route {
  const query = { ...route.query };
  for (const [name, value] of Object.entries(values)) {
    const list = value === null || value === undefined ? [] : Array.isArray(value) ? value : [String(value)];
    if (list.length === 0) delete query[name];
    else query[name] = list;
  }
  return { path: route.path, query };
}

/** The first value of a parameter; `null` if it is not in the address. */
export function valueOf({ query }: Route, name: string): string | null {
  return query[name]?.[0] ?? null;
}

/**
 * The route to a discussion.
 *
 * @param values `at` is the position of a slot, and `list` the query of the list from which the reader came: see `listOf()`.
 */
export function discussionRoute(run: string, discussion: string, values: QueryValues = {}): Route {
  return routeTo(["d", run, discussion], values);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
