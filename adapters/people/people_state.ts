/**
 * What people's links depend on: a secret and a port for each run. They are in a file of the user's state folder,
 * never in the run, so that links stay valid when a run is resumed on this machine, and a copy of the run contains
 * no link.
 */
import { createHmac, randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { z } from "../../core/zod.ts";

/** Reads an environment variable. */
export type ReadVariable = (name: string) => string | undefined;

/** The secret and the port of a run's pages for people. `port` is 0 before the first start. */
export type PeopleState = Readonly<{ secret: string; port: number }>;

const SECRET_BYTES = 32;

const stateSchema = z.object({ secret: z.string().min(43), port: z.int().min(0).max(65_535) });

/**
 * The path of a run's file; `null` if the user has no home folder. Linux: `$XDG_STATE_HOME`, by default
 * `~/.local/state`.
 *
 * @param key A name for the run, of letters and digits.
 * @param os As in `Deno.build.os`.
 */
export function peopleStatePath(
  key: string,
  read: ReadVariable,
  os: string = Deno.build.os,
): string | null {
  const folder = stateFolder(read, os);
  return folder === null ? null : join(folder, "syndisco", "people", `${key}.json`);
}

function stateFolder(read: ReadVariable, os: string): string | null {
  if (os === "windows") return read("LOCALAPPDATA") || null;
  const named = read("XDG_STATE_HOME");
  if (named !== undefined && isAbsolute(named)) return named;
  const home = read("HOME");
  if (home === undefined || !isAbsolute(home)) return null;
  return os === "darwin" ? join(home, "Library", "Application Support") : join(home, ".local", "state");
}

/** The state of a run; a new one if there is none, or if the file cannot be read. */
export function readPeopleState(path: string | null): PeopleState {
  const fresh = { secret: randomBytes(SECRET_BYTES).toString("base64url"), port: 0 };
  if (path === null) return fresh;
  try {
    return stateSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return fresh;
  }
}

/**
 * Writes the state as a whole. Only the user can read it.
 *
 * @throws {Error} The operating system's error.
 */
export function writePeopleState(path: string, state: PeopleState): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const part = `${path}.${Deno.pid}.part`;
  writeFileSync(part, `${JSON.stringify(state)}\n`, { mode: 0o600 });
  chmodSync(part, 0o600);
  renameSync(part, path);
}

/** The token of a person: the same at every start, and different for each person. */
export function tokenFor(secret: string, kind: string, person: string): string {
  return createHmac("sha256", secret).update(JSON.stringify(["token", kind, person])).digest("base64url");
}
