/**
 * Named, seeded random streams.
 *
 * @module
 */
export { type Draw, openDraw, SAMPLING_SEED_MAX } from "./streams.ts";
