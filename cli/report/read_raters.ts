/** Reads the rating logs of people who annotated, and computes the results of their checks. */
import type { RaterFacts } from "../../analysis/report/facts.ts";
import type { DesignFacts } from "../../analysis/projections/mod.ts";
import { RUN_TEXTS, type RunReader } from "../../core/ports/mod.ts";
import { checkResults, openedRatingLog, readRatingLog } from "../../core/rating/mod.ts";
import { HUMAN } from "../../adapters/people/human_adapter.ts";

/** Why ratings cannot be read without their key. */
const NO_KEY = "the rater withdrew, or the key of the ratings is not in the run's folder";

/** The raters of a run's passes. A rater without a log has not begun, and is left out. */
export async function readRaters(
  { readText, store }: Pick<RunReader, "readText" | "store">,
  { passes }: Pick<DesignFacts, "passes">,
): Promise<readonly RaterFacts[]> {
  const raters: RaterFacts[] = [];
  const known = new Set<string>();
  for (const { value: { setting } } of passes.values) {
    const { pass, annotators, models, codebook: { scales }, reparsedFrom } = setting;
    if (known.has(pass) || reparsedFrom !== undefined) continue;
    known.add(pass);
    for (const [index, { name, model }] of annotators.entries()) {
      if (model === undefined || models[model]?.adapter !== HUMAN) continue;
      const log = await readText(RUN_TEXTS.ratings(pass, index + 1));
      if (log === null) continue;
      const opened = await openedRatingLog(log, { rater: name, keys: store.keys });
      raters.push({ pass, rater: name, checks: opened === null ? NO_KEY : checksIn(opened, scales) });
    }
  }
  return raters;
}

function checksIn(log: string, scales: Parameters<typeof checkResults>[1]): RaterFacts["checks"] {
  try {
    return checkResults(readRatingLog(log), scales);
  } catch (error) {
    if (error instanceof RangeError) return "the rating log is damaged";
    throw error;
  }
}
