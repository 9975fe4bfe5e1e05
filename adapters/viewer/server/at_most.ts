/** Waits a limited time, for example for the answer of a server that can be down. */

/**
 * Resolves when the work is over, or after this time in milliseconds.
 *
 * @throws The error of the work.
 */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
