/** Reads the addresses of databases and of the runs in them. Everything in an address can come from a stranger. */

/** A database, in the form that its drivers need. For a missing member, the default of PostgreSQL counts. */
export type Database = Readonly<{
  /** A host, or the folder of a socket. */
  host?: string;
  port?: number;
  database: string;
  user?: string;
  sslmode?: string;
}>;

/** A database, and the run in it; `null` if the address names no run. */
export type Address = Readonly<{ database: Database; run: string | null; place: string }>;

const FORM = "postgres://[USER@]HOST[:PORT]/DATABASE/RUN";

const SSL_MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"];

/** The most characters of a name. Longer names would not fit into messages. */
const NAME_LENGTH_MAX = 200;

// deno-lint-ignore no-control-regex
const CONTROL = /[\0-\x1f\x7f]/;

/**
 * Reads the address of a database or of a run.
 *
 * @param place Such as `postgres://ann@db.example.org:5432/lab/pilot`, or
 *   `postgres:///lab/pilot?host=/var/run/postgresql`.
 * @throws {RangeError} If it cannot be read, or contains a password.
 */
export function parseAddress(place: string): Address {
  const refuse = (reason: string) =>
    new RangeError(`Cannot use the address "${withoutPassword(place)}": ${reason}`);
  let url: URL;
  let parts: readonly string[];
  let host: string;
  let user: string;
  try {
    url = new URL(place);
    // `searchParams` has decoded the option already.
    host = (url.searchParams.get("host") ?? decodeURIComponent(url.hostname)).replace(/^\[(.*)\]$/, "$1");
    user = decodeURIComponent(url.username);
    parts = url.pathname.split("/").slice(1).filter((part, index, all) =>
      part !== "" || index < all.length - 1
    )
      .map(decodeURIComponent);
  } catch {
    throw refuse(`it is not valid. Write it as ${FORM}`);
  }
  if (url.password !== "" || url.searchParams.has("password")) {
    throw refuse(
      "it contains a password, which others can read in the list of processes and in messages. Remove it, and put the " +
        "password into the variable PGPASSWORD, or into a file that PGPASSFILE names",
    );
  }
  if (url.hash !== "") throw refuse('it contains a "#". Write it as %23');
  if (CONTROL.test(host) || CONTROL.test(user)) throw refuse("its host or its user has control characters");
  const [database = "", run = null, ...more] = parts;
  if (database === "") throw refuse(`it names no database. Write it as ${FORM}`);
  if (more.length > 0) throw refuse(`it has too many parts. Write it as ${FORM}, and a "/" in a name as %2F`);
  for (const name of [database, ...run === null ? [] : [run]]) {
    if (name === "" || name.length > NAME_LENGTH_MAX || CONTROL.test(name)) {
      throw refuse(
        `a name in it is empty, longer than ${NAME_LENGTH_MAX} characters, or has control characters`,
      );
    }
  }
  const { host: _host, sslmode, ...others } = Object.fromEntries(url.searchParams);
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw refuse(`it has the unknown option "${other}". Possible options: host, sslmode`);
  }
  if (sslmode !== undefined && !SSL_MODES.includes(sslmode)) {
    throw refuse(`the option sslmode has an unknown value. Possible values: ${SSL_MODES.join(", ")}`);
  }
  return {
    place,
    run,
    database: {
      database,
      ...host === "" ? {} : { host },
      ...url.port === "" ? {} : { port: Number(url.port) },
      ...user === "" ? {} : { user },
      ...sslmode === undefined ? {} : { sslmode },
    },
  };
}

/** The address of a run in the database of an address. The run of the address itself, if it has one, is replaced. */
export function addressOfRun(place: string, run: string): string {
  const { database } = parseAddress(place).database;
  const url = new URL(place);
  url.pathname = [database, run].map((name) => `/${encodeURIComponent(name)}`).join("");
  return url.href;
}

function withoutPassword(place: string): string {
  return place.replace(/^([^/]*\/\/[^/@]*?):.*@/, "$1:***@").replace(/([?&]password=)[^&]*/gi, "$1***");
}
