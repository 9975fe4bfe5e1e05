/** Folders that are gone when the work is done, has failed, or is stopped by a signal. */
import { EXIT_CODES } from "./exit_codes.ts";

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
