/** Reads from a run's files how far its raters are. The keys of people are not needed. */
import { RUN_TEXTS, type RunReader } from "../../core/ports/mod.ts";
import { storedRatings } from "../../core/rating/mod.ts";
import { peopleOf } from "../../core/run_log/mod.ts";
import type { AskedRater } from "../people/asked_people.ts";

/** How far a rater is in a pass. */
export type RaterStatus = Readonly<{
  pass: string;
  rater: string;
  /** How many items have a rating, without the quiz; `null` if the rater's log is damaged. */
  rated: number | null;
  /** How many items there are, without the quiz; 0 before the rater begins, `null` if the log is damaged. */
  of: number | null;
  /**
   * When the rater last agreed (`agreed`), and when the rater withdrew (`withdrew`): ISO 8601; `null` if
   * never.
   */
  agreed: string | null;
  withdrew: string | null;
}>;

/** Reads how far raters are. */
export async function readRaterStatus(
  { readText, log }: Pick<RunReader, "readText" | "log">,
  asked: readonly AskedRater[],
): Promise<readonly RaterStatus[]> {
  const people = peopleOf(log.kind === "kept" ? log.log : { entries: [] });
  return await Promise.all(asked.map(async ({ pass, rater, number }) => {
    const stored = await readText(RUN_TEXTS.ratings(pass, number));
    const ratings = stored === null ? { rated: 0, of: 0 } : storedRatings(stored);
    return {
      pass,
      rater,
      rated: ratings?.rated ?? null,
      of: ratings?.of ?? null,
      agreed: people.agreed.get(rater)?.at(-1)?.at ?? null,
      withdrew: people.withdrew.get(rater) ?? null,
    };
  }));
}
