/**
 * Runs in PostgreSQL databases, which several machines can share.
 *
 * @module
 */
export { type Address, addressOfRun, type Database, parseAddress } from "./address.ts";
export { openingFailure } from "./database_errors.ts";
export { postgresLimitBoard } from "./limit_board.ts";
export { passwordOf } from "./password.ts";
export { postgresRun } from "./postgres_run.ts";
