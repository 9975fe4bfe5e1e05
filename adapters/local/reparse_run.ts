/** Reading the stored replies of a run again. */
import { join } from "node:path";
import type { Reparsed } from "../../core/annotation/mod.ts";
import { reparseDiscussion } from "../../core/engine/mod.ts";
import { openHeldRun, readRunFolder, RUN_FILES, writeRunFile } from "../stores/mod.ts";
import type { LoadedAnnotation } from "./load_annotation.ts";
import { nativeSha256 } from "./native_sha256.ts";
import { systemClock } from "./system_clock.ts";

/** What reading one discussion's replies again came to; `null` where the pass is not completed. */
export type ReparsedDiscussion = Readonly<{ discussion: string; reparsed: Reparsed | null }>;

/**
 * Reads the replies of a pass again, discussion by discussion.
 *
 * @param run The run's folder, and which of its discussions.
 * @param loaded The annotation whose codebook counts.
 * @param options The pass, and the name of the one that is recorded; `null` records nothing.
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
  let isKept = as === null;
  for (const discussion of discussions) {
    const options = { codebook, as: as ?? pass, pass, record: as !== null };
    const reparsed = await reparseDiscussion(discussion, options, {
      store,
      clock: systemClock,
      sha256: nativeSha256,
    });
    store.release(discussion);
    // Only once there is something that it describes: a pass that is refused leaves nothing behind.
    if (reparsed !== null && !isKept) {
      await writeRunFile(join(folder, RUN_FILES.annotations, `${as}.yaml`), text);
      isKept = true;
    }
    yield { discussion, reparsed };
  }
}
