/** The number of a run, which no other run in its database ever has. */
import { parseAddress } from "./address.ts";
import { Connection } from "./connection.ts";
import { unusable } from "./database_errors.ts";
import { existingRun } from "./description.ts";

/**
 * The number of the run at a place.
 *
 * @throws {RunError} If there is none, or the database refuses.
 */
export async function runNumber(place: string): Promise<number> {
  const address = parseAddress(place);
  const connection = new Connection(address, { max: 1, isKept: false });
  try {
    const { id } = await connection.run((sql) => existingRun(sql, { name: address.run ?? "", place }));
    return id;
  } catch (error) {
    throw unusable("find the run", address, error);
  } finally {
    await connection.end();
  }
}
