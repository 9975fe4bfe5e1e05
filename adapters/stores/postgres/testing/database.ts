/** One server for all tests of a file, and an empty database for each test. */
import { LACK, needsServer, startServer, type TestServer } from "./server.ts";

/**
 * The server of this file's tests. It starts when this module is loaded. So Deno does not report that a test has left
 * it running.
 */
const server: TestServer | null = LACK === null ? await startServer() : null;

/** The address of a new, empty database. */
export async function newDatabase(): Promise<string> {
  if (server === null) throw new Error(`Cannot make a database: ${LACK}`);
  return await server.makeDatabase();
}

/**
 * The definition of a test of databases. Deno does not look for open connections: they close a moment after their last
 * use.
 */
export function databaseTestOf(
  name: string,
): Pick<Deno.TestDefinition, "name" | "ignore" | "sanitizeOps" | "sanitizeResources"> {
  return { ...needsServer(name), sanitizeOps: false, sanitizeResources: false };
}

/** Defines a test that gets the address of an empty database, such as `postgres://postgres@127.0.0.1:5433/test_1`. */
export function databaseTest(name: string, fn: (address: string) => Promise<void>): void {
  Deno.test({ ...databaseTestOf(name), fn: async () => await fn(await newDatabase()) });
}
