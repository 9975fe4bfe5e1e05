/** Work on many things, some of it at the same time. */

/** Appends that wait for the disk together: syncing each alone costs most of the time. */
const BATCH = 64;

type Result = Readonly<{ error: unknown }> | null;

/**
 * Does something with everything, a batch at a time.
 *
 * @param items What there is.
 * @param work What to do with each.
 * @throws {Error} The first failure of a batch, once all of it has settled.
 */
export async function inBatches<T>(items: AsyncIterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  let batch: Promise<Result>[] = [];
  for await (const item of items) {
    batch.push(work(item).then(() => null, (error) => ({ error })));
    if (batch.length < BATCH) continue;
    await settled(batch);
    batch = [];
  }
  await settled(batch);
}

async function settled(batch: readonly Promise<Result>[]): Promise<void> {
  const failure = (await Promise.all(batch)).find((result) => result !== null);
  if (failure) throw failure.error;
}
