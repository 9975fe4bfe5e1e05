/** A token bucket: what may be spent by the minute, evenly. */

/** So much of a minute's worth can be spent at once after a rest, in milliseconds. */
export const BURST_MS = 1_000;

const MINUTE_MS = 60_000;

/** What can be spent, and since when. Below 0, it is spent already by those who wait. */
export type TokenBucket = Readonly<{ perMs: number; capacity: number; level: number; atMs: number }>;

/** A full bucket. */
export function fullBucket(perMinute: number, nowMs: number): TokenBucket {
  const perMs = perMinute / MINUTE_MS;
  const capacity = Math.max(1, perMs * BURST_MS);
  return { perMs, capacity, level: capacity, atMs: nowMs };
}

/**
 * Spends an amount, and says how long to wait before it counts as there. An amount that the bucket never holds goes when
 * the bucket is full, and those after it wait the longer.
 *
 * @param bucket The bucket.
 * @param amount How much.
 * @param nowMs Now; a clock that was set back fills nothing.
 */
export function spend(
  bucket: TokenBucket,
  amount: number,
  nowMs: number,
): Readonly<{ bucket: TokenBucket; waitMs: number }> {
  const { perMs, capacity } = bucket;
  const level = Math.min(capacity, bucket.level + Math.max(0, nowMs - bucket.atMs) * perMs);
  const waitMs = Math.max(0, (Math.min(amount, capacity) - level) / perMs);
  return { bucket: { ...bucket, level: level - amount, atMs: nowMs }, waitMs };
}

/** Puts back what was not spent after all; a negative amount is taken out. */
export function putBack(bucket: TokenBucket, amount: number): TokenBucket {
  return { ...bucket, level: Math.min(bucket.capacity, bucket.level + amount) };
}
