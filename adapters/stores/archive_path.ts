/** Paths of the archives of runs. */

/** The ending of an archive's name. */
export const ARCHIVE_ENDING = ".tar.gz";

/** Whether a path has the ending of an archive. */
export function isArchivePath(path: string): boolean {
  return path.endsWith(ARCHIVE_ENDING) || path.endsWith(".tgz");
}
