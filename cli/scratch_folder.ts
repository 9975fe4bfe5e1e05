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
  if (path === undefined) path = Deno.makeTempDirSync({ prefix: "syndisco-" });
  else Deno.mkdirSync(path, { recursive: true });
  const onSignal = () => {
    remove(path);
    Deno.exit(EXIT_CODES.interrupted);
  };
  for (const signal of SIGNALS) Deno.addSignalListener(signal, onSignal);
  return {
    path,
    [Symbol.dispose]() {
      for (const signal of SIGNALS) Deno.removeSignalListener(signal, onSignal);
      remove(path);
    },
  };
}

/** It may have been renamed to what was wanted of it. */
function remove(path: string): void {
  try {
    Deno.removeSync(path, { recursive: true });
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
