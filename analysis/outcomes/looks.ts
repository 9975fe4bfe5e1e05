/**
 * Looks at the results of a run before its end, and changes of the run after a look. Both decide what the run's
 * declared tests can show.
 */
import { type AnalysisDesign, readOutcomeName } from "../../core/experiment/analysis_design.ts";
import type { Growth, Look, Repair, RunHistory } from "../../core/run_log/mod.ts";
import { nominalLevel } from "../statistics/group_sequential.ts";

/** The looks at a run, and its size. */
export type RunLooks = Readonly<{
  /** The run's name. */
  run: string;
  history: RunHistory;
  /** How many discussions have ended, and how many are planned. */
  ended: number;
  planned: number;
}>;

/** A look, and the growth of the plan or the repair that came after it. */
export type SeenBeforeChange =
  & Readonly<{ run: string; look: Look }>
  & (Readonly<{ growth: Growth }> | Readonly<{ repair: Repair }>);

/** What looks mean for the tests of a declared outcome. */
export type OutcomeLooks = Readonly<{
  /**
   * The changes of the run after a look: each growth of the plan that the declared looks do not allow, and each
   * repair, with the last look before it. If the list is not empty, the tests are not confirmatory.
   */
  seenBeforeChange: readonly SeenBeforeChange[];
  /**
   * The looks that the tests allow for. `null` if no looks are declared, if `seenBeforeChange` is not empty, or
   * for several runs.
   */
  sequence: LookSequence | null;
}>;

/** The looks so far. The last one is the present look. */
export type LookSequence = Readonly<{
  /** The declared numbers of ended discussions. */
  declared: readonly number[];
  /** The number of ended discussions at each look. */
  ended: readonly number[];
  /** The largest number of discussions that the run can have at its last look. */
  maximum: number;
  /** Each number in `ended`, divided by `maximum`. */
  fractions: readonly number[];
  /** The p value below which a test of the present look finds an effect, before any correction for several tests. */
  nominal: number;
}>;

/**
 * What the looks at some runs mean for the tests of an outcome.
 *
 * @param outcome The name of the outcome. A look at its scale in another pass, or at another label, also counts.
 * @param runs The analysed runs that have a run log.
 */
export function looksAt(
  outcome: string,
  runs: readonly RunLooks[],
  { looks, level }: Pick<AnalysisDesign, "looks" | "level">,
): OutcomeLooks {
  const seenBeforeChange = runs.flatMap(({ run, history }) =>
    changedAfter(outcome, { run, history }, looks?.at(-1) ?? 0)
  );
  const [only, ...others] = runs;
  if (seenBeforeChange.length > 0 || looks === undefined || only === undefined || others.length > 0) {
    return { seenBeforeChange, sequence: null };
  }
  return { seenBeforeChange, sequence: sequenceOf(outcome, only, { looks, level }) };
}

/**
 * The growths of the plan beyond `allowed` discussions, and the repairs, that came after a look at the outcome.
 * Each has the last such look before it.
 */
function changedAfter(
  outcome: string,
  { run, history: { looks, growths, repairs } }: Pick<RunLooks, "run" | "history">,
  allowed: number,
): readonly SeenBeforeChange[] {
  const lastLook = (looksBefore: number) =>
    looks.slice(0, looksBefore).findLast((one) => shows(one, outcome));
  const seenBeforeChange = growths.flatMap((growth) => {
    const look = lastLook(growth.looksBefore);
    return look === undefined || growth.to <= allowed ? [] : [{ run, look, growth }];
  });
  const repaired = repairs.flatMap((repair) => {
    const look = lastLook(repair.looksBefore);
    return look === undefined ? [] : [{ run, look, repair }];
  });
  return [...seenBeforeChange, ...repaired];
}

function sequenceOf(
  outcome: string,
  { history, ended, planned }: RunLooks,
  { looks, level }: Readonly<{ looks: readonly number[]; level: number }>,
): LookSequence | null {
  if (ended === 0) return null;
  // The plan may be larger than the last declared look, if it grew before the first look.
  const maximum = Math.max(looks.at(-1)!, planned, ended);
  const earlier = history.looks.filter((look) => shows(look, outcome) && look.finished < ended);
  const all = [...new Set([...earlier.map(({ finished }) => finished), ended])].sort((a, b) => a - b);
  const fractions = all.map((count) => count / maximum);
  return { declared: looks, ended: all, maximum, fractions, nominal: nominalLevel(fractions, 1 - level) };
}

/** Whether a look showed results of an outcome. */
function shows({ outcomes }: Look, outcome: string): boolean {
  return outcomes === null || outcomes.some((one) => measureOf(one) === measureOf(outcome));
}

/** The scale of an outcome, or the name of a figure of whole discussions. */
function measureOf(outcome: string): string {
  const name = readOutcomeName(outcome);
  return name === null ? outcome : "metric" in name ? name.metric : `scale ${name.scale}`;
}
