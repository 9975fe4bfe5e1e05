/** The head of a run's log: prints it for a preregistration or a paper, and checks a head that was printed before. */
import { keptEndsOf, type RunLog, type RunLogEntry } from "../../core/run_log/mod.ts";
import type { LogEnd } from "../../core/events/mod.ts";
import { safeJson } from "../terminal/neutralise.ts";
import { formatCount, plural } from "../terminal/numbers.ts";
import type { LogCounts } from "./check_logs.ts";

/** What a head fixes: the events of the run's log up to it, and the logs whose ends they record. */
export type RunHead = Readonly<{
  hash: string;
  /** When its event was recorded, ISO 8601, UTC. */
  at: string;
  /** Events of the run's log. */
  runEvents: number;
  /** Recorded logs, and their events. */
  logs: number;
  events: number;
}>;

/** The head with this hash, or the current head; `null` if the run's log does not contain it. */
export function headIn({ entries }: RunLog, hash: string | null): RunHead | null {
  const at = hash === null ? entries.length - 1 : entries.findIndex((entry) => entry.hash === hash);
  const entry = entries[at];
  if (entry === undefined) return null;
  const ends = [...keptEndsOf({ entries: entries.slice(0, at + 1) }).values()].map((kept) => kept.at(-1)!);
  return {
    hash: entry.hash,
    at: entry.at,
    runEvents: at + 1,
    logs: ends.length,
    events: ends.reduce((sum, [events]) => sum + events, 0),
  };
}

/**
 * The ends that the logs must contain, so that nothing that a head fixes is missing. Later repairs do not
 * change these ends.
 */
export function endsAt({ entries }: RunLog, { runEvents }: RunHead): ReadonlyMap<string, readonly LogEnd[]> {
  return keptEndsOf({ entries: entries.slice(0, runEvents) });
}

/** The current head, for people or as JSON. */
export function headText(
  head: RunHead,
  { unrecorded }: Pick<LogCounts, "unrecorded">,
  json: boolean,
): string {
  if (json) return `${safeJson({ type: "head", ...head, unrecorded })}\n`;
  const open = unrecorded === 0
    ? ""
    : ` It does not fix the present ends of ${plural(unrecorded, "log")}: the next run records them.`;
  return `\nHead of the run's log, of ${head.at}:\n  ${head.hash}\n${fixedBy(head)}${open}\n`;
}

function fixedBy({ runEvents, logs, events }: RunHead): string {
  return `It fixes ${plural(runEvents, "event")} of the run's log, and ${plural(logs, "log")} with ${
    plural(events, "event")
  }.`;
}

/** A head that was printed before, and what came after it, for people or as JSON. */
export function heldText(head: RunHead, { entries }: RunLog, json: boolean): string {
  const later = entries.slice(head.runEvents);
  const counts = new Map<string, number>();
  for (const { type } of later) counts.set(type, (counts.get(type) ?? 0) + 1);
  if (json) return `${safeJson({ type: "head", ...head, after: Object.fromEntries(counts) })}\n`;
  const told = later.flatMap((entry) => toldOf(entry));
  const shown = told.slice(0, TOLD_MAX);
  if (told.length > shown.length) shown.push(`and ${formatCount(told.length - shown.length)} more`);
  const after = later.length === 0
    ? "Nothing came after it."
    : `After it, the run's log has ${plural(later.length, "more event")}${shown.length > 0 ? ":" : "."}`;
  return `\nThe run's log contains this head, of ${head.at}.\n${fixedBy(head)}\n${after}\n${
    shown.map((line) => `  ${line}\n`).join("")
  }`;
}

const TOLD_MAX = 20;

/** A later event in words, if it matters to the user who checks the head; otherwise nothing. */
function toldOf(entry: RunLogEntry): readonly string[] {
  const text = wordsFor(entry);
  return text === null ? [] : [`${entry.at} ${text}`];
}

function wordsFor(entry: RunLogEntry): string | null {
  switch (entry.type) {
    case "PlanExtended":
      return `the plan grew to ${plural(entry.data.plan.discussions, "discussion")}`;
    case "ResultsViewed":
      return `${entry.data.command} showed results of ${formatCount(entry.data.finished)} of ${
        plural(entry.data.planned, "discussion")
      }`;
    case "LogsRecorded":
      return entry.data.cause === "repair"
        ? `a repair shortened ${plural(Object.keys(entry.data.logs).length, "log")}`
        : null;
    case "RunStarted":
      return `${entry.data.command} started`;
    case "PersonWithdrew":
      return `${entry.data.person} withdrew`;
    default:
      return null;
  }
}
