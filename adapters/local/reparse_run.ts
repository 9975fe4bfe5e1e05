/** Reading the stored replies of a run again. */
import { join } from "node:path";
import type { Reparsed } from "../../core/annotation/mod.ts";
import { DamagedStream, reparseDiscussion } from "../../core/engine/mod.ts";
import { openHeldRun, readRunFolder, RUN_FILES, writeRunFile } from "../stores/mod.ts";
import type { LoadedAnnotation } from "./load_annotation.ts";
import { nativeSha256, systemClock } from "../system.ts";

/**
 * What reading one discussion's replies again came to; `null` where the pass is not completed, and the damage where the
 * log cannot be read.
 */
export type ReparsedDiscussion = Readonly<{ discussion: string; reparsed: Reparsed | DamagedStream | null }>;

/**
 * Reads the replies of a pass again, discussion by discussion.
 *
 * @param run The run's folder, and which of its discussions.
 * @param loaded The annotation whose codebook counts.
 * @param options The pass, and the name of the one that is recorded; `null` records nothing.
 * @throws {OtherPass} When a log holds another pass of the new name; nothing was written then.
 * @throws {RangeError} When the pass cannot be read again with this codebook; nothing was written then.
 * @throws {RunFolderError} When there is no run in the folder, or it is in use and something is to be recorded.
 */
export async function* reparseRun(
  { folder, discussions }: Readonly<{ folder: string; discussions: readonly string[] }>,
  { setup: { design: { codebook } }, text }: LoadedAnnotation,
  { pass, as }: Readonly<{ pass: string; as: string | null }>,
): AsyncGenerator<ReparsedDiscussion> {
  await using closing = new AsyncDisposableStack();
  const held = as === null ? null : await openHeldRun(folder);
  const { store } = held ?? readRunFolder(folder);
  closing.defer(() => held === null ? store.close() : held.close());
  const readAgain = async (discussion: string, record: boolean) => {
    const options = { codebook, as: as ?? pass, pass, record };
    const environment = { store, clock: systemClock, sha256: nativeSha256 };
    try {
      return await reparseDiscussion(discussion, options, environment);
    } catch (error) {
      if (error instanceof DamagedStream) return error;
      throw error;
    } finally {
      store.release(discussion);
    }
  };
  // What is refused in one discussion is to be refused before another one is written to.
  if (as !== null) { for (const discussion of discussions) await readAgain(discussion, false); }
  let isKept = as === null;
  for (const discussion of discussions) {
    const reparsed = await readAgain(discussion, as !== null);
    // Only once there is something that it describes: a pass that is refused leaves nothing behind.
    if (!isKept && reparsed !== null && !(reparsed instanceof DamagedStream)) {
      await writeRunFile(join(folder, RUN_FILES.annotations, `${as}.yaml`), text);
      isKept = true;
    }
    yield { discussion, reparsed };
  }
}
