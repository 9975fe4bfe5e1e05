/**
 * Work on all cores.
 *
 * @module
 */
export { AHEAD_MAX, TextPool, type TextPoolOptions } from "./text_pool.ts";
