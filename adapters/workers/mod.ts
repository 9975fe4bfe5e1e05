/**
 * Work on all cores.
 *
 * @module
 */
export { AHEAD_MAX, inOrder } from "./in_order.ts";
export { TextPool, type TextPoolOptions, WORKERS_MAX } from "./text_pool.ts";
