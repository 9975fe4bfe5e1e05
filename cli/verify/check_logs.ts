/** Checks the logs of a run: their chains, and what the run's log records about them. Repairs damaged logs if asked. */
import { lineFileOf, runAt } from "../../adapters/stores/mod.ts";
import {
  type LogRepair,
  type LogReport,
  repairLog,
  repairStored,
  verifyLog,
  verifyStored,
} from "../../adapters/stores/verify_log.ts";
import { nativeSha256, systemClock } from "../../adapters/system.ts";
import { headProblems, NO_LOG_ENDS, NO_RUN_LOG, RunHeadTally } from "../../analysis/fidelity/mod.ts";
import { type EventStore, LOGS_PER_EVENT_MAX, readingAhead, type RunWriter } from "../../core/ports/mod.ts";
import type { LogEnd } from "../../core/events/mod.ts";
import { codeWithoutCopies, keptEndsOf, logEndsOf, type RunLog } from "../../core/run_log/mod.ts";
import { type Logs, recordOf } from "../shared/logs.ts";
import { changedInputs, vectorProblems } from "./check_inputs.ts";
import { PeopleTally } from "./people_tally.ts";
import { Findings } from "../terminal/findings.ts";
import { shownPath } from "../shared/program.ts";
import { neutralise, safeJson } from "../terminal/neutralise.ts";
import { formatCount, plural } from "../terminal/numbers.ts";
import type { TextSink } from "../terminal/text_sink.ts";

/** How many logs have each property. */
export type LogCounts = Readonly<
  Record<"planned" | "logs" | "events" | "ended" | "damaged" | "torn" | "repaired" | "unrecorded", number>
>;

/** The result of a check. */
export type VerifiedLogs = Readonly<{
  counts: LogCounts;
  /** The number of damaged logs that were not repaired and of changes to the run's files. */
  problems: number;
  /** Whether a log lacks recorded events. */
  areEventsLost: boolean;
}>;

/** How logs are checked. */
export type VerifyOptions = Readonly<{
  repair: boolean;
  json: boolean;
  stdout: TextSink;
  /** Ends that the logs must contain, besides the ends that the run's log records now: discussion → ends. */
  ends?: ReadonlyMap<string, readonly LogEnd[]>;
}>;

/** Checks logs, and writes the findings and a summary. */
export async function checkLogs(logs: Logs, options: VerifyOptions): Promise<VerifiedLogs> {
  const { repair, json, stdout } = options;
  await using closing = new AsyncDisposableStack();
  // The lease keeps other processes from writing to the logs meanwhile.
  const writer = repair && logs.run !== null ? await (await runAt(logs.run.place)).reopen() : null;
  closing.defer(() => writer?.close());
  const isWhole = logs.run !== null && logs.only === null;
  const runLog = logs.run?.log.kind === "kept" ? logs.run.log.log : null;
  const [kept, latest] = runLog === null ? [NO_ENDS, NO_LATEST] : [keptEndsOf(runLog), logEndsOf(runLog)];
  // The plan counts only when the whole run is checked, not for a single log.
  const planned = isWhole ? logs.run.manifest.plan.discussions : 1;
  const counts = {
    planned,
    logs: 0,
    events: 0,
    ended: 0,
    damaged: 0,
    torn: 0,
    repaired: 0,
    unrecorded: 0,
  };
  const record = logs.run === null ? null : recordOf(logs.run, logs.only);
  const found = new Findings(json, stdout);
  const people = new PeopleTally();
  const heads = new RunHeadTally(record?.log ?? { kind: "none" });
  const repairedEnds = new Map<string, LogEnd>();
  let areEventsLost = false;
  const missing = new Set(isWhole ? kept.keys() : []);
  const discussions = await Array.fromAsync(logs.discussions());
  const store = readingAhead(logs.store, discussions);
  const check = async (discussion: string) => {
    const ends = mergedEnds(options.ends?.get(discussion), kept.get(discussion));
    const { report, setAside } = await checkLog(store, discussion, { repair, ends });
    const { events, lastHash, damage } = report;
    if (damage !== null) repairedEnds.set(discussion, [events, lastHash]);
    const isRepaired = repair && (damage !== null || setAside !== null);
    if (isRepaired) counts.repaired++;
    if (damage !== null) counts.damaged++;
    areEventsLost ||= damage?.kind === "lost-events";
    if (damage !== null || setAside !== null) {
      found.add({ type: "log", ...report, setAside }, logText(report, setAside));
    }
    return report;
  };
  for (const discussion of discussions) {
    missing.delete(discussion);
    const report = await check(discussion);
    people.add(report);
    if (report.events > 0 || report.runLog !== null) heads.add(discussion, report.runLog);
    counts.logs++;
    counts.events += report.events;
    if (report.ended) counts.ended++;
    if (report.bytesTorn > 0) counts.torn++;
    if (latest.get(discussion)?.[1] !== report.lastHash) counts.unrecorded++;
  }
  for (const discussion of missing) await check(discussion);
  if (writer !== null) await recordRepair(writer, repairedEnds);
  const changed = record === null ? [] : [
    ...record.problems,
    ...runLog === null ? [] : await changedInputs(logs.run!, runLog),
    ...headProblems(heads.found()),
    ...await vectorProblems(logs.run!),
  ];
  for (const problem of changed) {
    stdout.write(json ? `${safeJson({ type: "run", problem })}\n` : `${neutralise(problem)}\n`);
  }
  for (const note of runLog === null ? [] : codeWithoutCopies(runLog)) {
    stdout.write(json ? `${safeJson({ type: "note", note })}\n` : `Note: ${neutralise(note)}\n`);
  }
  const notes = logs.run === null ? [] : await people.notes(logs.run);
  for (const note of notes) stdout.write(json ? `${safeJson({ type: "people", note })}\n` : `${note}\n`);
  const kind = record?.log.kind ?? null;
  const isOwn = logs.run !== null && logs.run.experimentText !== null;
  const unprotected = isOwn && changed.length === 0 ? unprotectedBecause(kind, latest) : null;
  if (json) {
    stdout.write(
      `${
        safeJson({
          type: "verified",
          ...counts,
          changed: changed.length,
          runLog: kind,
          protected: !unprotected,
        })
      }\n`,
    );
  } else {
    const before = runLog === null ? 0 : repairedBefore(runLog);
    stdout.write(found.rest() + summary(counts, { before, isProtected: latest.size > 0 }));
    if (unprotected !== null) stdout.write(`${unprotected}\n`);
  }
  return { counts, problems: (repair ? 0 : counts.damaged) + changed.length, areEventsLost };
}

/** Checks one log, and repairs it if asked. */
async function checkLog(
  store: EventStore,
  discussion: string,
  { repair, ends }: Readonly<{ repair: boolean; ends: readonly LogEnd[] }>,
): Promise<LogRepair> {
  const file = lineFileOf(store, discussion);
  if (file !== null) {
    if (repair) return await repairLog(file, nativeSha256, ends);
    return { report: verifyLog(file, nativeSha256, ends), setAside: null };
  }
  const check = { sha256: nativeSha256, recorded: ends };
  if (repair) return await repairStored(store, discussion, check);
  return { report: await verifyStored(store, discussion, check), setAside: null };
}

const NO_ENDS: ReadonlyMap<string, readonly LogEnd[]> = new Map();
const NO_LATEST: ReadonlyMap<string, LogEnd> = new Map();

function unprotectedBecause(runLog: string | null, latest: ReadonlyMap<string, LogEnd>): string | null {
  if (runLog === "none") return NO_RUN_LOG;
  return runLog === "kept" && latest.size === 0 ? NO_LOG_ENDS : null;
}

function mergedEnds(one: readonly LogEnd[] = [], other: readonly LogEnd[] = []): readonly LogEnd[] {
  return [...one, ...other].sort(([a], [b]) => a - b);
}

/** Records that the logs are now shorter. Without this record, the run could not be resumed. */
async function recordRepair(run: RunWriter, ends: ReadonlyMap<string, LogEnd>): Promise<void> {
  const all = [...ends];
  for (let at = 0; at < all.length; at += LOGS_PER_EVENT_MAX) {
    const logs = Object.fromEntries(all.slice(at, at + LOGS_PER_EVENT_MAX));
    await run.record({ type: "LogsRecorded", data: { logs, cause: "repair" } }, systemClock.now());
  }
}

/** How many logs were shortened by an earlier repair. */
function repairedBefore({ entries }: RunLog): number {
  const repaired = entries.flatMap((entry) =>
    entry.type === "LogsRecorded" && entry.data.cause === "repair" ? Object.keys(entry.data.logs) : []
  );
  return new Set(repaired).size;
}

function logText({ file, events, damage, bytesTorn }: LogReport, setAside: LogRepair["setAside"]): string {
  const found = damage === null
    ? `${shownPath(file)}: the last ${plural(bytesTorn, "byte")} are an unfinished line`
    : `${shownPath(file)}:${damage.lineNumber}: byte ${damage.byte}: ${neutralise(damage.message)}; ` +
      `${plural(events, "event")} before it ${events === 1 ? "is" : "are"} good`;
  const moved = setAside === null
    ? ""
    : `\n  moved ${plural(setAside.bytes, "byte")} to ${shownPath(setAside.file)}`;
  return found + moved;
}

function summary(
  { planned, logs, events, ended, damaged, torn, repaired, unrecorded }: LogCounts,
  { before, isProtected }: Readonly<{ before: number; isProtected: boolean }>,
): string {
  const parts = [
    `${plural(logs, "log")} (${formatCount(ended)} of finished discussions), ${plural(events, "event")}: ` +
    `${damaged === 0 ? "all unchanged" : `${formatCount(damaged)} damaged`}`,
    logs >= planned
      ? ""
      : `${formatCount(planned - logs)} of the ${formatCount(planned)} planned discussions ${
        planned - logs === 1 ? "has" : "have"
      } no log`,
    torn === 0 ? "" : `${formatCount(torn)} with an unfinished last line`,
    repaired === 0 ? "" : `${formatCount(repaired)} repaired`,
    before === 0 ? "" : `${formatCount(before)} shortened by an earlier repair`,
    !isProtected || unrecorded === 0
      ? ""
      : `the ends of ${formatCount(unrecorded)} are not in the run's log yet: the next run records them`,
  ];
  return `${parts.filter((part) => part !== "").join("; ")}\n`;
}
