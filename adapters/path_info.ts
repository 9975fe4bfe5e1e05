/** Looks at what is at a path of the file system. */

/**
 * What is at a path; `null` if nothing is there, also if a folder above it is missing or is a file now.
 *
 * @param look `Deno.lstatSync` does not follow a link. Default: follows links.
 * @throws {Error} The operating system's error if it cannot be seen what is there.
 */
export function infoAt(path: string, look: typeof Deno.statSync = Deno.statSync): Deno.FileInfo | null {
  try {
    // Deno's functions take a sixth of the time of Node's, and a run can have 100,000 logs.
    return look(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Whether a file or a folder is at a path, or where its link leads; `null` if nothing is there. */
export function kindAt(path: string): "file" | "folder" | null {
  const info = infoAt(path);
  return info === null ? null : info.isDirectory ? "folder" : "file";
}

/** Whether an error says that a file is missing. A folder above it can be missing, or be a file now. */
export function isMissing(error: unknown): error is Error {
  return error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory;
}
