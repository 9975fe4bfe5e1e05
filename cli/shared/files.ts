/** Writes files that do not belong to a run, and makes temporary folders. */
import { existsSync, lstatSync, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { isMissing } from "../../adapters/path_info.ts";
import { runThatOwns } from "../../adapters/stores/mod.ts";
import { storeError } from "../../adapters/stores/store_errors.ts";
import { EXIT_CODES, UsageError } from "./program.ts";

/** At most this many links are followed to a file that does not exist yet. */
const LINKS_MAX = 40;

/** `force` replaces an existing file, but never a file of a run. `null` is for commands without --force. */
type FileOptions = Readonly<{ force: boolean | null }>;

/**
 * Writes a file that appears only when it is complete. If the path is a link, writes the file that the link
 * leads to.
 *
 * @param to The file; its folder is created.
 * @param fill Writes the content to the path in its argument.
 * @throws {UsageError} When the path names a file that must not be replaced, or a folder.
 * @throws {StoreError} When the file cannot be written.
 */
export async function fillFile<T>(
  to: string,
  options: FileOptions,
  fill: (temporary: string) => Promise<T>,
): Promise<T> {
  refuseFile(to, options);
  const path = realPath(to);
  try {
    Deno.mkdirSync(dirname(path), { recursive: true });
    // The temporary folder is beside the file, so that a rename moves the complete file to its path.
    using unfinished = scratchFolder(`${path}.${crypto.randomUUID()}.tmp`);
    const temporary = join(unfinished.path, basename(path));
    const filled = await fill(temporary);
    refuseFile(to, options);
    await Deno.rename(temporary, path);
    return filled;
  } catch (error) {
    throw error instanceof Error && "code" in error ? storeError("write", to, error) : error;
  }
}

/** Writes a text file that appears only when it is complete; see `fillFile()`. */
export async function writeTextFile(path: string, text: string, options: FileOptions): Promise<void> {
  await fillFile(path, options, (temporary) => Deno.writeTextFile(temporary, text));
}

/**
 * Refuses a folder, and a file that must not be replaced.
 *
 * @throws {UsageError}
 */
export function refuseFile(to: string, { force }: FileOptions): void {
  refuseRunsOwn(to);
  if (!existsSync(to)) return;
  if (!Deno.statSync(to).isFile) throw new UsageError(`Cannot write "${to}": it is not a file. Name a file`);
  if (force) return;
  throw new UsageError(
    `Cannot write "${to}": the file exists. Choose another name${
      force === null ? "" : ", or replace it with --force"
    }`,
  );
}

/**
 * Refuses a path that belongs to a run, also through links.
 *
 * @throws {UsageError}
 */
export function refuseRunsOwn(to: string): void {
  const run = runThatOwns(realPath(to));
  if (run === null) return;
  throw new UsageError(
    `Cannot write "${to}": it belongs to the run in "${run}". Choose a path that is not a file of the run`,
  );
}

/** Follows all links of a path, even to a file that does not exist yet. */
export function realPath(path: string, linksMax = LINKS_MAX): string {
  if (existsSync(path)) return realpathSync(path);
  const absolute = resolve(path);
  const parent = dirname(absolute);
  if (parent === absolute || linksMax === 0) return absolute;
  return isLink(absolute)
    ? realPath(resolve(parent, readlinkSync(absolute)), linksMax - 1)
    : join(realPath(parent, linksMax), basename(absolute));
}

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}

/** Whether there is a folder at a path. */
export async function isFolder(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isDirectory;
  } catch {
    return false;
  }
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Makes a temporary folder, and removes it on disposal. Ctrl-C and SIGTERM also remove the folder, and end the process.
 * Make folders in it with `mkdirSync`: a recursive `mkdir` that is still at work could make the removed folder again.
 *
 * @param path The path of the folder; by default, a new path in the system's temporary folder.
 */
export function scratchFolder(path?: string): Disposable & Readonly<{ path: string }> {
  let made = path;
  const onSignal = () => {
    if (made !== undefined) remove(made);
    Deno.exit(EXIT_CODES.interrupted);
  };
  // The listeners come before the folder, because a signal can come at any time.
  for (const signal of SIGNALS) Deno.addSignalListener(signal, onSignal);
  if (path === undefined) made = path = Deno.makeTempDirSync({ prefix: "syndisco-" });
  else Deno.mkdirSync(path, { recursive: true });
  return {
    path,
    [Symbol.dispose]() {
      for (const signal of SIGNALS) Deno.removeSignalListener(signal, onSignal);
      remove(path);
    },
  };
}

/** A folder is removed in at most this many attempts, because other code may still be writing to it. */
const ATTEMPTS_MAX = 5;

function remove(path: string): void {
  for (let attempt = 1;; attempt++) {
    try {
      return Deno.removeSync(path, { recursive: true });
    } catch (error) {
      // The folder may have been renamed.
      if (isMissing(error)) return;
      if (attempt === ATTEMPTS_MAX) throw error;
    }
  }
}
