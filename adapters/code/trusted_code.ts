/** The user's list of code that this program has run, by hash. It is a file in the user's configuration folder. */
import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";

/** Reads an environment variable. */
export type ReadVariable = (name: string) => string | undefined;

/**
 * The path of the list; `null` if the user has no home folder. Linux: `$XDG_CONFIG_HOME`, by default `~/.config`.
 *
 * @param os As in `Deno.build.os`.
 */
export function trustedCodePath(read: ReadVariable, os: string = Deno.build.os): string | null {
  const folder = configFolder(read, os);
  return folder === null ? null : join(folder, "syndisco", "trusted_code");
}

function configFolder(read: ReadVariable, os: string): string | null {
  if (os === "windows") return read("APPDATA") || null;
  const named = read("XDG_CONFIG_HOME");
  if (named !== undefined && isAbsolute(named)) return named;
  const home = read("HOME");
  if (home === undefined || !isAbsolute(home)) return null;
  return os === "darwin" ? join(home, "Library", "Preferences") : join(home, ".config");
}

/** The hash at the beginning of a line. */
const ENTRY = /^([0-9a-f]{64})(?: |$)/;

/** The hashes in a list; none if there is no list, or it cannot be read. */
export function readTrustedCode(path: string | null): ReadonlySet<string> {
  if (path === null) return new Set();
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return new Set();
  }
  return new Set(text.split("\n").flatMap((line) => ENTRY.exec(line)?.[1] ?? []));
}

/**
 * Adds code to a list. Each entry is one line, which the operating system appends as a whole: so two processes can add
 * entries at the same time.
 *
 * @param code Hash → where the code was when it ran. This note is for people.
 * @throws {Error} The operating system's error.
 */
export function trustCode(path: string, code: ReadonlyMap<string, string>): void {
  const known = readTrustedCode(path);
  const entries = [...code].filter(([sha256]) => !known.has(sha256));
  if (entries.length === 0) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // The line break before each entry ends a line that another process could not finish.
  const lines = entries.map(([sha256, from]) => `\n${sha256} ${JSON.stringify(from)}\n`);
  appendFileSync(path, lines.join(""), { mode: 0o600 });
}
