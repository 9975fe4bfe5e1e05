/** Finds the store of a place: a run is in a folder, or in a PostgreSQL database. */
import type { RunHome } from "../../core/ports/mod.ts";
import { isAddress } from "./address.ts";
import { folderRun } from "./folder_run.ts";
import type { FolderRunOptions } from "./run_folder.ts";

/**
 * The home of the run at a place.
 *
 * @param place The path of a folder, or `postgres://[user@]host[:port]/database/run`.
 * @param options How a folder is written.
 * @throws {RunError} If the place is an address that cannot be read, or Deno may not read the variables of PostgreSQL.
 */
export async function runAt(place: string, options: FolderRunOptions = {}): Promise<RunHome> {
  if (!isAddress(place)) return folderRun(place, options);
  // Most runs are in folders, and need no driver of databases.
  const { openingFailure, postgresRun } = await import("./postgres/mod.ts");
  try {
    return postgresRun(place);
  } catch (cause) {
    throw openingFailure(place, cause);
  }
}
