/**
 * Measures texts on all cores.
 *
 * @module
 */
export { AHEAD_MAX, TextPool } from "./text_pool.ts";
