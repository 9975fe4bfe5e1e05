/** The folder that an export goes to: it is there whole, or not at all. */
import { existsSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { EXPORT_NOTE } from "../../adapters/exports/mod.ts";
import { folderSync } from "../../adapters/stores/folder_sync.ts";
import { storeError } from "../../adapters/stores/storage_error.ts";
import { scratchFolder } from "../scratch_folder.ts";
import { UsageError } from "../usage_error.ts";

/**
 * Fills a folder that appears under its name once it is whole.
 *
 * @param to The folder.
 * @param force Whether an export that is there already is replaced.
 * @param fill Writes into the folder that it is given; what it returns is written to `export.json`.
 * @throws {UsageError} When the folder holds something that must not be replaced.
 * @throws {StoreError} When it cannot be written.
 */
export async function fillFolder<T>(
  to: string,
  force: boolean,
  fill: (folder: string) => Promise<T>,
): Promise<T> {
  const path = resolve(to);
  refuse(to, path, force);
  const besides = join(dirname(path), `.${basename(path)}.${crypto.randomUUID()}`);
  try {
    using unfinished = scratchFolder(`${besides}.tmp`);
    const told = await fill(unfinished.path);
    await Deno.writeTextFile(join(unfinished.path, EXPORT_NOTE), `${JSON.stringify(told, null, 2)}\n`);
    // Looked at once more: it may have come up meanwhile.
    refuse(to, path, force);
    await replace(path, unfinished.path, `${besides}.old`);
    return told;
  } catch (error) {
    throw error instanceof Error && "code" in error && typeof error.code === "string"
      ? storeError("write to", to, error)
      : error;
  }
}

/** Puts a folder into another's place; that of before is gone only when the new one is there. */
async function replace(path: string, by: string, aside: string): Promise<void> {
  const isThere = existsSync(path);
  if (isThere) Deno.renameSync(path, aside);
  try {
    Deno.renameSync(by, path);
  } catch (error) {
    if (isThere) Deno.renameSync(aside, path);
    throw error;
  }
  await folderSync().sync(dirname(path));
  if (isThere) await Deno.remove(aside, { recursive: true });
}

function refuse(to: string, path: string, force: boolean): void {
  if (!existsSync(path)) return;
  if (!Deno.statSync(path).isDirectory) {
    throw new UsageError(`Cannot write to "${to}": it is a file. Name a folder that does not exist yet`);
  }
  const names = [...Deno.readDirSync(path)].map(({ name }) => name);
  if (names.length === 0) return;
  if (!names.includes(EXPORT_NOTE)) {
    throw new UsageError(
      `Cannot write to "${to}": it holds other things, such as "${
        names[0]
      }". Name a folder that does not exist yet`,
    );
  }
  if (!force) {
    throw new UsageError(
      `Cannot write to "${to}": it holds an export already. Name another folder, or replace it with --force`,
    );
  }
}
