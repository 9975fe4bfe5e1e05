/** Folders for tests. */

/**
 * Works in a new, empty folder, which is gone afterwards, whatever happened.
 *
 * @param use Is given the folder.
 */
export async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
