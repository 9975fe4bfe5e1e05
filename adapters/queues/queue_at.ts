/** Finds the jobs of a run by its place. */
import type { WorkQueue } from "../../core/ports/mod.ts";
import { parseAddress, passwordOf } from "../stores/postgres/mod.ts";
import { runNumber } from "../stores/postgres/run_number.ts";
import { openPostgresQueue } from "./postgres_queue.ts";

/**
 * The jobs of a run in a database. Makes the tables of jobs if there are none.
 *
 * @param place Such as `postgres://ann@db.example.org/lab/pilot`. The run exists.
 * @param warn Called for problems that do not end the work, such as a lost connection.
 * @throws {RunError} If there is no run, or the database refuses.
 */
export async function queueAt(place: string, warn: (message: string) => void): Promise<WorkQueue> {
  const { database: { sslmode, ...where } } = parseAddress(place);
  const password = await passwordOf(where)();
  return await openPostgresQueue({
    database: {
      ...where,
      ...(password === "" ? {} : { password }),
      ...(sslmode === undefined ? {} : { ssl: sslOf(sslmode) }),
    },
    run: String(await runNumber(place)),
    warn,
  });
}

/** Whether and how the connection is encrypted, as the driver of the jobs wants to know it. */
function sslOf(mode: string): boolean | Readonly<{ rejectUnauthorized: boolean }> {
  if (mode === "disable" || mode === "allow") return false;
  return { rejectUnauthorized: mode.startsWith("verify-") };
}
