/** The row of a discussion in the list. It gives the length of the log before the whole log is read. */
import type { DiscussionRow } from "../../../../analysis/listing/mod.ts";
import type { RunFacts, ViewerSource } from "../../api.ts";
import { useAnswer } from "../base/answer.ts";
import { useNotices } from "../base/page.ts";
import { useThrottled } from "../base/throttle.ts";

/** The row of a discussion. */
export type FoundRow = Readonly<{
  /** `null` if the list has no such discussion, or has not answered yet. */
  row: DiscussionRow | null;
  /** How many discussions of the run are in the list; `null` before the list answers. */
  listed: number | null;
}>;

/** The shortest time between two questions for a missing row, in milliseconds. */
const AGAIN_MS = 2_000;

/** Finds the row of a discussion, and asks again while it is missing. */
export function useRow(source: ViewerSource, run: string, discussion: string): FoundRow {
  const answer = useAnswer(
    JSON.stringify([run, discussion]),
    () => source.list({ run: [run], around: { run, discussion }, limit: 3 }),
  );
  const row = answer.value?.rows.find((one) => one.run === run && one.discussion === discussion) ?? null;
  const again = useThrottled(answer.again, AGAIN_MS);
  useNotices(({ kind }) => {
    if (row === null && kind !== "connection") again();
  });
  return { row, listed: answer.isLoading || answer.value === null ? null : answer.value.total };
}

const REPLICATE = /\.r(\d{4,})(?:\.|$)/;

/**
 * Says why a discussion without events cannot be shown; `null` before this is known. Names of planned
 * discussions end with their replicate and a hash.
 */
export function missingWords(
  discussion: string,
  { row, listed }: FoundRow,
  plan: RunFacts["plan"] | undefined,
): string | null {
  if (row !== null) return "This discussion has not begun.";
  if (listed === null) return null;
  const replicate = Number(REPLICATE.exec(discussion)?.[1] ?? NaN);
  const canCome = plan !== undefined && listed < plan.discussions && replicate <= plan.replications;
  return canCome ? "This discussion has not begun." : `The run has no discussion "${discussion}".`;
}
