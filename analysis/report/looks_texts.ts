/** Texts about looks at the results of a run that was not complete. */
import type { LookSequence, OutcomeLooks, RunLooks, SeenBeforeChange } from "../outcomes/mod.ts";
import type { Growth, Repair } from "../../core/run_log/mod.ts";
import { formatCount, plural } from "./numbers.ts";
import { joined, named, timeText } from "./words.ts";

/** The text for a declared test if, after its results were seen, the plan grew or logs were repaired. */
export const SAMPLE_CHANGED = "declared, but the sample changed after results were seen";

/** What a result means after the sample changed. */
export const SAMPLE_CHANGED_MEANING =
  "If results decide which discussions a run has, tests find effects too often. So these tests are not confirmatory.";

/** What means and intervals can show after the sample changed. It applies even if nothing is tested. */
export const DESCRIBED_MEANING =
  "If results decide which discussions a run has, its means and intervals can mislead.";

/** A text for each growth of the plan or repair of logs: the outcomes that had been seen before it, and when. */
export function seenBeforeTexts(looks: ReadonlyMap<string, OutcomeLooks>): readonly string[] {
  const outcomes = new Map<string, string[]>();
  const runs = new Set(
    [...looks.values()].flatMap(({ seenBeforeChange }) => seenBeforeChange.map(({ run }) => run)),
  );
  for (const [outcome, { seenBeforeChange }] of looks) {
    for (const text of seenBeforeChange.map((one) => seenBeforeText(one, runs.size > 1))) {
      outcomes.set(text, [...outcomes.get(text) ?? [], outcome]);
    }
  }
  return [...outcomes].map(([text, names]) => `${named(names)} (${text})`);
}

/**
 * Such as `last seen by report on 2026-01-02 03:04 UTC, when 4 of 8 planned discussions had ended; the plan
 * grew from …`.
 */
function seenBeforeText({ run, look, ...change }: SeenBeforeChange, isNamed: boolean): string {
  const ended = `${formatCount(look.finished)} of ${plural(look.planned, "planned discussion")}`;
  return `last seen by ${look.command}${isNamed ? ` of the run ${run}` : ""} on ${
    timeText(look.at)
  }, when ${ended} had ended; ${changeText(change)}`;
}

function changeText(change: Readonly<{ growth: Growth }> | Readonly<{ repair: Repair }>): string {
  if ("repair" in change) {
    const { at, discussions } = change.repair;
    return `a repair shortened ${plural(discussions.length, "log")} on ${timeText(at)}: ${
      named(discussions)
    }`;
  }
  const { at, from, to } = change.growth;
  return `the plan grew from ${formatCount(from)} to ${formatCount(to)} discussions on ${timeText(at)}`;
}

/** Says how many discussions of each unfinished run have ended. Empty if all runs are complete. */
export function unfinishedText(runs: readonly (RunLooks | null)[]): string {
  const unfinished = runs.filter((run) => run !== null && run.ended < run.planned) as readonly RunLooks[];
  return unfinished.map(({ run, ended, planned }) =>
    `${runs.length > 1 ? `The run ${run}` : "The run"} is not complete: ${formatCount(ended)} of ${
      plural(planned, "planned discussion")
    } ${ended === 1 ? "has" : "have"} ended.`
  ).join(" ");
}

/** The different sequences of looks of declared outcomes. Each has the outcomes to which it applies. */
export function sequencesOf(
  looks: ReadonlyMap<string, OutcomeLooks>,
): readonly Readonly<{ sequence: LookSequence; outcomes: readonly string[] }>[] {
  const found = new Map<string, { sequence: LookSequence; outcomes: string[] }>();
  for (const [outcome, { sequence }] of looks) {
    if (sequence === null) continue;
    const key = sequence.ended.join();
    const same = found.get(key);
    if (same === undefined) found.set(key, { sequence, outcomes: [outcome] });
    else same.outcomes.push(outcome);
  }
  return [...found.values()];
}

/**
 * Names the looks that happened, the planned looks, and deviations, such as `results seen when 53 of at most
 * 100 …`.
 */
export function sequenceText({ declared, ended, maximum }: LookSequence): string {
  const counts = (numbers: readonly number[]) => joined(numbers.map(formatCount));
  const [now] = ended.slice(-1) as [number];
  const unplanned = ended.filter((count) => !declared.includes(count));
  const omitted = declared.filter((count) => count < now && !ended.includes(count));
  const deviations = [
    ...unplanned.length === 0
      ? []
      : [`${counts(unplanned)} ${unplanned.length === 1 ? "was" : "were"} not planned`],
    ...omitted.length === 0 ? [] : [`there was no look at ${counts(omitted)}`],
  ];
  return `results seen when ${counts(ended)} of at most ${
    plural(maximum, "discussion")
  } had ended; planned were looks at ` +
    `${counts(declared)}${deviations.length === 0 ? "" : ` (${deviations.join("; ")})`}`;
}

/** A note that explains how tests and intervals allow for several looks. */
export const SPENDING =
  "The tests spend the error rate over the looks by Lan and DeMets' method with a spending function of O'Brien and " +
  "Fleming's type, two-sided. The information of a look is its share of the maximum number of discussions. " +
  "A repeated p is p adjusted for all looks so far. Repeated intervals hold at all looks together. Looks at other times than " +
  "planned are allowed, unless the results chose these times.";
