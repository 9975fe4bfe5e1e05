/** Divides logs into batches, so that other work need not wait long for the index. */
import type { StreamSize } from "../../../core/ports/mod.ts";

/** A batch is complete when it has this many bytes, or this many logs. */
const BATCH_BYTES = 4 * 1024 * 1024;
export const BATCH_LOGS = 256;

/** Divides logs into batches. The logs of a batch are written to the index together. */
export function* batchesOf(sizes: readonly StreamSize[]): Generator<readonly StreamSize[]> {
  for (let at = 0; at < sizes.length;) {
    const batch: StreamSize[] = [];
    for (let bytes = 0; at < sizes.length && bytes < BATCH_BYTES && batch.length < BATCH_LOGS; at++) {
      batch.push(sizes[at]!);
      bytes += sizes[at]!.size;
    }
    yield batch;
  }
}
