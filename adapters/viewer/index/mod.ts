/**
 * The index of the viewer: list, overview and full-text search of runs.
 *
 * @module
 */
export { WorkerIndex } from "./worker_index.ts";
export { type IndexPlace, indexPlace } from "./index_place.ts";
