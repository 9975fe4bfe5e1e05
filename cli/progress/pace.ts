/** How fast something goes, and how long the rest will take. */

/** Models become faster and slower; the pace is that of the last two minutes. */
export const PACE_WINDOW_MS = 120_000;

/** Samples closer than this to the last one are left out, which bounds their number. */
const SAMPLE_GAP_MS = 1_000;

/** Before that much time has passed, a pace says nothing. */
const PACE_AFTER_MS = 1_000;

/** Watches a count grow. */
export class Pace {
  readonly #samples: { atMs: number; count: number }[];

  /** @param atMs Now. @param count What there is already. */
  constructor(atMs: number, count: number) {
    this.#samples = [{ atMs, count }];
  }

  /**
   * The pace by now.
   *
   * @param atMs Now.
   * @param count What there is now.
   * @returns How many a second; `null` while that cannot be said.
   */
  perSecond(atMs: number, count: number): number | null {
    const samples = this.#samples;
    if (atMs - samples.at(-1)!.atMs >= SAMPLE_GAP_MS) samples.push({ atMs, count });
    while (samples.length > 2 && samples[1]!.atMs <= atMs - PACE_WINDOW_MS) samples.shift();
    const [first] = samples;
    const ms = atMs - first!.atMs;
    return ms < PACE_AFTER_MS ? null : (1000 * (count - first!.count)) / ms;
  }
}

/**
 * How long the rest will take.
 *
 * @param left How much is left.
 * @param perSecond The pace, where it is known.
 * @returns Milliseconds; `null` while nobody can say.
 */
export function remainingMs(left: number, perSecond: number | null): number | null {
  if (left <= 0) return 0;
  return perSecond === null || perSecond <= 0 ? null : (1000 * left) / perSecond;
}
