/** Finds the jobs of a run by its place. */
import type { WorkQueue } from "../../core/ports/mod.ts";
import { parseAddress, passwordOf } from "../stores/postgres/mod.ts";
import { runNumber } from "../stores/postgres/run_number.ts";
import { openPostgresQueue, type PostgresQueueOptions } from "./postgres_queue.ts";

type Ssl = PostgresQueueOptions["database"]["ssl"];

/** An encrypted connection to a server of any name. */
const ANY_SERVER: Ssl = { rejectUnauthorized: false };

/** For each `sslmode`, the ways to connect, in the order in which they are tried. `psql` does the same. */
const CONNECTIONS: Readonly<Record<string, readonly Ssl[]>> = {
  disable: [false],
  allow: [false, ANY_SERVER],
  prefer: [ANY_SERVER, false],
  require: [ANY_SERVER],
  "verify-ca": [true],
  "verify-full": [true],
};

/**
 * The jobs of a run in a database. Makes the tables of jobs if there are none.
 *
 * @param place Such as `postgres://ann@db.example.org/lab/pilot`. The run exists.
 * @param warn Called for problems that do not end the work, such as a lost connection.
 * @throws {RunError} If there is no run, or the database refuses.
 */
export async function queueAt(place: string, warn: (message: string) => void): Promise<WorkQueue> {
  const { database: { sslmode = "disable", ...where } } = parseAddress(place);
  const run = String(await runNumber(place));
  const password = await passwordOf(where)();
  const secret = password === "" ? {} : { password };
  const ways = CONNECTIONS[sslmode]!;
  for (const ssl of ways.slice(0, -1)) {
    try {
      return await openPostgresQueue({ database: { ...where, ...secret, ssl }, run, warn });
    } catch {
      // The next way can succeed. If all ways fail, the error of the last one is thrown.
    }
  }
  return await openPostgresQueue({ database: { ...where, ...secret, ssl: ways.at(-1) }, run, warn });
}
