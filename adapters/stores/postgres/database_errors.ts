/** The errors of databases: which of them are temporary, and what the user can do about the others. */
import { StoreError } from "../../../core/ports/mod.ts";
import { RunError, type RunErrorKind } from "../../../core/run_log/mod.ts";
import type { Address } from "./address.ts";

/** Codes of connections that cannot be opened or have ended: of the system, of the driver, and of the server. */
const BROKEN: ReadonlySet<string> = new Set([
  ...[
    "ECONNREFUSED",
    "ECONNRESET",
    "EPIPE",
    "ETIMEDOUT",
    "EHOSTUNREACH",
    "ENETUNREACH",
    "EAI_AGAIN",
    "ENOTFOUND",
  ],
  ...["CONNECTION_CLOSED", "CONNECTION_DESTROYED", "CONNECT_TIMEOUT"],
  // The server stops, crashes or starts, has no connection left, or has ended a transaction that was idle.
  ...["57P01", "57P02", "57P03", "53300", "25P03"],
]);

/** The server undid one of two transactions that waited for each other. */
const UNDONE: ReadonlySet<string> = new Set(["40001", "40P01"]);

/** The code of an error of the system, the driver, or the server. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : "";
}

/** Codes of connections that were open, and were cut. */
const CUT: ReadonlySet<string> = new Set(
  ["ECONNRESET", "CONNECTION_CLOSED", "CONNECTION_DESTROYED", "57P01", "57P02"],
);

/** Whether a connection that was open has been cut. */
export function isCut(error: unknown): boolean {
  return CUT.has(codeOf(error));
}

/** Whether the same statements can succeed a little later. */
export function isBroken(error: unknown): boolean {
  const code = codeOf(error);
  return BROKEN.has(code) || UNDONE.has(code) || code.startsWith("08");
}

/** Whether a server answers that it is starting, or stopping before it starts again. So its address is right. */
export function isStarting(error: unknown): boolean {
  return codeOf(error) === "57P03";
}

/** PostgreSQL's code for a statement that the user may not give. */
const NO_PRIVILEGE = "42501";

type Explanation = Readonly<{ state: string; advice: string }>;

const RESUME = "then give the same command again: it resumes where it stopped";

const NO_SERVER: Explanation = {
  state: "no server answers there",
  advice: `Start PostgreSQL, or correct the address; ${RESUME}`,
};
const REFUSED: Explanation = {
  state: "the server refuses this user or this password",
  advice:
    "Put the password into PGPASSWORD, or into a file that PGPASSFILE names, or give another user in the address",
};

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  ECONNREFUSED: NO_SERVER,
  EHOSTUNREACH: NO_SERVER,
  ENETUNREACH: NO_SERVER,
  CONNECT_TIMEOUT: NO_SERVER,
  ENOENT: NO_SERVER,
  ENOTFOUND: { state: "there is no such host", advice: "Correct the address" },
  EAI_AGAIN: { state: "the name of the host cannot be looked up", advice: "Check the network" },
  CONNECTION_CLOSED: { state: "the connection ended", advice: `Check the server and the network, ${RESUME}` },
  ECONNRESET: { state: "the connection ended", advice: `Check the server and the network, ${RESUME}` },
  EPIPE: { state: "the connection ended", advice: `Check the server and the network, ${RESUME}` },
  "28P01": REFUSED,
  "28000": REFUSED,
  "3D000": { state: "there is no such database", advice: "Create it with createdb, or correct the address" },
  [NO_PRIVILEGE]: {
    state: "this user does not have the privilege",
    advice: "Ask the administrator of the database for it, or give another user in the address",
  },
  "53100": { state: "the disk of the server is full", advice: `Free some space, ${RESUME}` },
  "53300": { state: "the server has no connection left", advice: `Raise its max_connections, ${RESUME}` },
  "57P03": { state: "the server is starting or stopping", advice: `Wait a little, ${RESUME}` },
  "25006": { state: "the server is read-only", advice: "Give the address of the primary server" },
};

/** Whether the user of the database lacks a privilege. */
export function isNotAllowed(error: unknown): boolean {
  return codeOf(error) === NO_PRIVILEGE;
}

/** Whether the tables of runs are missing. */
export function isWithoutTables(error: unknown): boolean {
  return ["42P01", "3F000"].includes(codeOf(error));
}

/** The error for a run that cannot be used because of its database. Other errors stay as they are. */
export function unusable(action: string, { place }: Pick<Address, "place">, cause: unknown): unknown {
  if (!isOfDatabase(cause)) return cause;
  const kind: RunErrorKind = "unusable";
  return new RunError(kind, explain(action, place, cause), { cause });
}

/** The error for a run whose address cannot be used. */
export function openingFailure(place: string, cause: unknown): unknown {
  if (cause instanceof RangeError) return new RunError("unusable", cause.message, { cause });
  return unusable("open the run", { place }, cause);
}

/** The error for a store that cannot be used because of its database. Other errors stay as they are. */
export function storeError(action: string, what: string, cause: unknown): unknown {
  return isOfDatabase(cause) ? new StoreError(explain(action, what, cause), { cause }) : cause;
}

function isOfDatabase(cause: unknown): cause is Error {
  return cause instanceof Deno.errors.NotCapable || codeOf(cause) !== "";
}

function explain(action: string, what: string, cause: Error): string {
  const known = cause instanceof Deno.errors.NotCapable
    ? {
      state: "Deno does not have permission",
      advice:
        `Start the command with "deno task db" in place of "deno task", or Deno with --allow-net for this server and --allow-env`,
    }
    : EXPLANATIONS[codeOf(cause)];
  return `Cannot ${action} "${what}": ${
    known === undefined ? cause.message : `${known.state}. ${known.advice}`
  }`;
}
