/**
 * Measures texts and simulates experiments on all cores.
 *
 * @module
 */
export { PowerPool } from "./power_pool.ts";
export { AHEAD_MAX, TextPool } from "./text_pool.ts";
export { type PoolOptions, serve, WorkerPool } from "./worker_pool.ts";
