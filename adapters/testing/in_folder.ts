/**
 * Calls a function with a new, empty folder. Removes the folder afterwards, even after an error.
 *
 * @param use Called with the folder.
 */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await Deno.makeTempDir();
  try {
    return await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
