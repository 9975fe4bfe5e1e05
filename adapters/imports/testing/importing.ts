/** Imports files with default options, and collects the problems. */
import { readConditionRule } from "../../formats/condition_rule.ts";
import type { ImportProblem } from "../../formats/format_error.ts";
import { nativeSha256 } from "../../system.ts";
import { folderRun } from "../../stores/mod.ts";
import { verifyLog } from "../../stores/verify_log.ts";
import { readStream } from "../../../core/engine/mod.ts";
import { type DiscussionEvent, eventOf } from "../../../core/events/mod.ts";
import { importDiscussions, type ImportOptions, type ImportOutcome } from "../import_discussions.ts";

export function collector(): { problems: ImportProblem[]; found: (problem: ImportProblem) => void } {
  const problems: ImportProblem[] = [];
  return { problems, found: (problem) => problems.push(problem) };
}

export async function imported(
  paths: readonly string[],
  out: string,
  options: Partial<ImportOptions> = {},
): Promise<Readonly<{ outcome: ImportOutcome; problems: readonly ImportProblem[] }>> {
  const { problems, found } = collector();
  const outcome = await importDiscussions(paths, {
    out,
    columns: {},
    condition: readConditionRule(),
    roles: [],
    strict: false,
    found,
    ...options,
  });
  return { outcome, problems };
}

/** The events of every discussion of a run, each log verified: shapes, order, chain. */
export async function eventsOfRun(folder: string): Promise<ReadonlyMap<string, readonly DiscussionEvent[]>> {
  const { store } = await folderRun(folder).read();
  const discussions = new Map<string, readonly DiscussionEvent[]>();
  for (const stream of (await Array.fromAsync(store.streams())).sort()) {
    const { damage, bytesTorn } = verifyLog(store.locate!(stream), nativeSha256);
    if (damage !== null || bytesTorn > 0) throw new Error(`${stream} is damaged: ${damage?.message}`);
    const events = await Array.fromAsync(readStream(store, stream, nativeSha256), eventOf);
    discussions.set(stream, events);
  }
  return discussions;
}
