/**
 * Works in a new, empty folder, which is gone afterwards, whatever happened.
 *
 * @param use Is given the folder.
 */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
