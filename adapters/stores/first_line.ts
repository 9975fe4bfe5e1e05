/** The first line of a log: no two discussions that were held have the same. */
import { DamagedLine } from "../../core/events/codec.ts";
import { lineChunks } from "./line_chunks.ts";
import { decodeLines } from "./line_decoder.ts";
import { storeError } from "./storage_error.ts";

/**
 * Reads the first line of a log.
 *
 * @param path The log.
 * @returns `null` where there is no finished line, or one that is no text.
 * @throws {StoreError} When it cannot be read.
 */
export function firstLineOf(path: string): string | null {
  try {
    using file = Deno.openSync(path);
    for (const { bytes } of lineChunks(file)) {
      for (const line of decodeLines(bytes)) return line;
    }
    return null;
  } catch (cause) {
    if (cause instanceof DamagedLine) return null;
    throw storeError("read", path, cause);
  }
}
