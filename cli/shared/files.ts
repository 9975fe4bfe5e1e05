/** Files that commands write besides a run's. */
import { existsSync, lstatSync, readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { isRunsOwn, RUN_FILES } from "../../adapters/stores/mod.ts";
import { storeError } from "../../adapters/stores/store_errors.ts";
import { EXIT_CODES, UsageError } from "./program.ts";

/** Links that are followed to a file that is not there yet. */
const LINKS_MAX = 40;

/**
 * How a file is written. `force` replaces one that is there, but never one that belongs to a run; `null` is for commands
 * that replace none.
 */
export type FileOptions = Readonly<{ force: boolean | null }>;

/**
 * Writes a file as a whole: it is there once it is complete. Where its path is a link, the file is written that it
 * leads to.
 *
 * @param to The file; its folder is created.
 * @param options See there.
 * @param fill Writes the file that it is given.
 * @throws {UsageError} When the path is that of a file that must not be replaced, or of no file.
 * @throws {StoreError} When it cannot be written.
 */
export async function fillFile<T>(
  to: string,
  options: FileOptions,
  fill: (temporary: string) => Promise<T>,
): Promise<T> {
  refuseFile(to, options);
  const path = realPath(to);
  try {
    await Deno.mkdir(dirname(path), { recursive: true });
    // Beside the file, so that a rename puts it in its place.
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

/** Writes a text file as a whole; see `fillFile()`. */
export async function writeTextFile(path: string, text: string, options: FileOptions): Promise<void> {
  await fillFile(path, options, (temporary) => Deno.writeTextFile(temporary, text));
}

/**
 * Refuses a file that must not be replaced.
 *
 * @param to Its path.
 * @param options See there.
 * @throws {UsageError} When it must not be, or is no file.
 */
export function refuseFile(to: string, { force }: FileOptions): void {
  refuseRunsOwn(to);
  if (!existsSync(to)) return;
  if (!Deno.statSync(to).isFile) throw new UsageError(`Cannot write "${to}": it is not a file. Name a file`);
  if (force) return;
  throw new UsageError(
    `Cannot write "${to}": there is such a file already. Choose another name${
      force === null ? "" : ", or replace it with --force"
    }`,
  );
}

/**
 * Refuses a path that belongs to a run: its logs and what describes it, through links too.
 *
 * @param to A file or folder that is to be written.
 * @throws {UsageError} When it does.
 */
export function refuseRunsOwn(to: string): void {
  const path = realPath(to);
  for (let folder = dirname(path); folder !== dirname(folder); folder = dirname(folder)) {
    const isRun = [RUN_FILES.manifest, RUN_FILES.discussions].every((name) => existsSync(join(folder, name)));
    if (!isRun || !isRunsOwn(relative(folder, path).split(sep)[0]!)) continue;
    throw new UsageError(
      `Cannot write "${to}": it belongs to the run in "${folder}". Choose a path outside of what the run keeps`,
    );
  }
}

/** Where a path leads, also where there is nothing yet. */
function realPath(path: string, linksMax = LINKS_MAX): string {
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

/** A folder that nobody needs afterwards. */
export interface ScratchFolder extends Disposable {
  readonly path: string;
}

/**
 * Makes an empty folder, and removes it when it is disposed of. On Ctrl-C or SIGTERM it removes it, too, and ends the
 * process.
 *
 * @param path Where; the system's own place for such folders when it is left out.
 * @throws {Error} The operating system's.
 */
export function scratchFolder(path?: string): ScratchFolder {
  let made = path;
  const onSignal = () => {
    if (made !== undefined) remove(made);
    Deno.exit(EXIT_CODES.interrupted);
  };
  // Before there is anything to remove: a signal can come at any instant.
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

/** How often a folder is emptied that others still write to: what they were told before they heard of the end. */
const ATTEMPTS_MAX = 5;

function remove(path: string): void {
  for (let attempt = 1;; attempt++) {
    try {
      return Deno.removeSync(path, { recursive: true });
    } catch (error) {
      // It may have been renamed to what was wanted of it.
      if (error instanceof Deno.errors.NotFound) return;
      if (attempt === ATTEMPTS_MAX) throw error;
    }
  }
}
