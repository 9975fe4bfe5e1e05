/** The resamples of a bootstrap: which clusters each of them has. */
import { type Draw, openDraw } from "../../core/random/mod.ts";

/** The resamples of one bootstrap are kept if they have at most this many places together. */
const PLACES_MAX = 2 ** 22;

/**
 * All kept resamples have at most this many places together. Those that were not used for the longest time are
 * dropped first.
 */
const KEPT_MAX = 2 ** 23;

/** Resamples that are not kept are drawn in batches of this many. */
const BATCH = 4;

/**
 * What to draw: how many resamples, with which seed, and the places of the clusters in each stratum, in ascending
 * order.
 */
type Drawing = Readonly<{ seed: string; resamples: number; strata: readonly (readonly number[])[] }>;

/**
 * Draws whole clusters with replacement. Each resample has as many clusters of each stratum as the sample.
 *
 * @param visit Takes the places of the clusters in some resamples, one resample after the other. It must not change
 *   or keep them, because the next resamples overwrite them.
 */
export function drawResamples(drawing: Drawing, visit: (places: Uint32Array) => void): void {
  const { seed, resamples, strata } = drawing;
  const clusters = strata.reduce((sum, { length }) => sum + length, 0);
  if (strata.length === 1 && clusters * resamples <= PLACES_MAX) {
    return visit(keptResamples(seed, resamples, clusters));
  }
  const draw = openDraw(seed, "bootstrap");
  const batch = new Uint32Array(clusters * Math.min(BATCH, resamples));
  for (let from = 0; from < resamples; from += BATCH) {
    const places = batch.subarray(0, clusters * Math.min(BATCH, resamples - from));
    for (let start = 0; start < places.length;) {
      for (const pool of strata) drawFrom(pool, places.subarray(start, start += pool.length), draw);
    }
    visit(places);
  }
}

/**
 * Fills `drawn` with members of the pool, with replacement.
 *
 * @param pool Places in ascending order.
 */
function drawFrom(pool: readonly number[], drawn: Uint32Array, draw: Draw): void {
  const [first, last] = [pool[0]!, pool.at(-1)!];
  if (last - first === pool.length - 1) return draw.fillBelow(pool.length, drawn, first);
  draw.fillBelow(pool.length, drawn);
  for (let at = 0; at < drawn.length; at++) drawn[at] = pool[drawn[at]!]!;
}

/**
 * The resamples that were used last, with the most recent at the end. A report describes many groups of equal size with one seed, so
 * all of them have the same resamples.
 */
const KEPT = new Map<string, Uint32Array>();

function keptResamples(seed: string, resamples: number, clusters: number): Uint32Array {
  const key = JSON.stringify([seed, resamples, clusters]);
  const known = KEPT.get(key);
  const places = known ?? new Uint32Array(resamples * clusters);
  if (known === undefined) openDraw(seed, "bootstrap").fillBelow(clusters, places);
  else KEPT.delete(key);
  KEPT.set(key, places);
  let size = 0;
  for (const { length } of KEPT.values()) size += length;
  for (const [oldest, { length }] of KEPT) {
    if (size <= KEPT_MAX) break;
    KEPT.delete(oldest);
    size -= length;
  }
  return places;
}
