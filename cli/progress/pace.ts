/** The speed of work, and how long the rest will take. */

/** The speed of models varies, so the pace is measured over the last two minutes. */
export const PACE_WINDOW_MS = 120_000;

/** The time between samples, which limits their number. */
const SAMPLE_GAP_MS = 1_000;

/** An earlier pace would be meaningless. */
const PACE_AFTER_MS = 1_000;

/** Measures how fast a count grows. */
export class Pace {
  readonly #samples: { atMs: number; count: number }[];

  /** @param atMs Now. @param count The count now. */
  constructor(atMs: number, count: number) {
    this.#samples = [{ atMs, count }];
  }

  /** The growth per second up to now; `null` while it is unknown. */
  perSecond(atMs: number, count: number): number | null {
    const samples = this.#samples;
    if (atMs - samples.at(-1)!.atMs >= SAMPLE_GAP_MS) samples.push({ atMs, count });
    while (samples.length > 2 && samples[1]!.atMs <= atMs - PACE_WINDOW_MS) samples.shift();
    const [first] = samples;
    const ms = atMs - first!.atMs;
    return ms < PACE_AFTER_MS ? null : (1000 * (count - first!.count)) / ms;
  }
}

/** How long the rest of a count will take, in milliseconds; `null` while it is unknown. */
export function remainingMs(left: number, perSecond: number | null): number | null {
  if (left <= 0) return 0;
  return perSecond === null || perSecond <= 0 ? null : (1000 * left) / perSecond;
}
