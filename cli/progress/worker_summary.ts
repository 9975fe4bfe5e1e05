/** The summary and the exit code of a worker. */
import type { WorkerOutcome } from "../../adapters/local/mod.ts";
import { passOfTask } from "../../adapters/local/run_jobs.ts";
import type { RunOutcome } from "../../core/engine/mod.ts";
import type { JobCounts } from "../../core/ports/mod.ts";
import { toResume } from "../shared/limits.ts";
import { EXIT_CODES, type ExitCode, ownCommand, shownPath, worse } from "../shared/program.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { formatCount, formatDuration, plural } from "../terminal/numbers.ts";
import type { Io } from "../terminal/text_sink.ts";
import type { DisplayStyle, FailedDiscussion } from "./display.ts";
import { exitCodeOf, writeSummary } from "./summary.ts";
import type { WorkerTally } from "./worker_progress.ts";

/** A worker that has ended. */
export type FinishedWorker = Readonly<{
  place: string;
  /** One outcome; one more for each time that the run was extended while the worker ran. */
  outcomes: readonly WorkerOutcome[];
  tally: WorkerTally;
  /** The first discussions that failed. */
  setAside: readonly FailedDiscussion[];
  durationMs: number;
  /** The command that starts the worker again. */
  again: string;
}>;

/** Writes the summary of a worker. Returns its exit code. */
export function writeWorkerSummary(style: DisplayStyle, io: Io, finished: FinishedWorker): ExitCode {
  const parts = partsOf(finished);
  const jobs = finished.outcomes.at(-1)!.jobs;
  // Only the jobs of this worker count. If all of them were done, the exit code is 0, even if jobs of other
  // workers failed.
  const exitCode = parts.map(exitCodeOf).reduce(worse, EXIT_CODES.ok);
  const { place, tally, setAside, durationMs, again } = finished;
  const cutShort = cutShortOf(parts);
  return writeSummary(style, io, {
    exitCode,
    object: {
      type: "worker-finished",
      exitCode,
      cutShort,
      stopped: parts.flatMap(({ stopped }) => stopped),
      run: place,
      jobs: Object.fromEntries(jobs),
      durationMs,
      ended: tally.ended,
      setAside: tally.setAside,
      lost: tally.lost,
      firstSetAside: setAside,
      again,
    },
    text: textOf(finished, exitCode),
  });
}

function partsOf({ outcomes }: FinishedWorker): readonly RunOutcome[] {
  return outcomes.flatMap(({ discussions, annotations }) => [
    ...(discussions === null ? [] : [discussions]),
    ...annotations.values(),
  ]);
}

function cutShortOf(parts: readonly RunOutcome[]): RunOutcome["cutShort"] {
  return parts.find(({ cutShort }) => cutShort !== null)?.cutShort ?? null;
}

function textOf(finished: FinishedWorker, exitCode: ExitCode): string {
  const { place, outcomes, tally, setAside, durationMs, again } = finished;
  const parts = partsOf(finished);
  const cutShort = cutShortOf(parts);
  const stopped = parts.flatMap(({ stopped }) => stopped.map(({ message }) => message));
  const notNamed = tally.setAside - setAside.length;
  const lines = [
    `${headline(cutShort)} after ${formatDuration(durationMs)}`,
    `  this worker  ${ownText(finished)}`,
    ...[...outcomes.at(-1)!.jobs].map(([task, jobs]) => `  ${taskLine(task, jobs)}`),
    `  run          ${shownPath(place)}`,
    ...(tally.lost === 0 ? [] : [
      "",
      "This worker did not answer for a while, so others have taken over discussions from it. Nothing is lost.",
    ]),
    ...(setAside.length === 0 ? [] : ["", "Failed:"]),
    ...setAside.map(({ discussion, reason }) => `  ${neutralise(discussion)}: ${neutralise(reason)}`),
    ...(notNamed > 0 ? [`  … and ${formatCount(notNamed)} more`] : []),
    ...(stopped.length === 0
      ? []
      : ["", "Not done by this worker:", ...stopped.map((line) => `  ${neutralise(line)}`)]),
    ...(cutShort !== null && "message" in cutShort ? ["", neutralise(cutShort.message)] : []),
    ...(exitCode === EXIT_CODES.ok
      ? []
      : ["", `${cutShort === null ? "To try again" : toResume(cutShort)}:`, `  ${again}`]),
    "",
    "To look closer:",
    `  ${ownCommand("status", place)}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** What this worker has done, such as `12 discussions ended, 9 annotated, 1 failed`. */
function ownText(finished: FinishedWorker): string {
  const { outcomes, tally } = finished;
  const sum = (ended: readonly RunOutcome[]) =>
    ended.reduce((total, { ended, endedBefore }) => total + ended - endedBefore, 0);
  const run = sum(outcomes.flatMap(({ discussions }) => discussions ?? []));
  const annotated = sum(outcomes.flatMap(({ annotations }) => [...annotations.values()]));
  const parts = [
    [run, `${plural(run, "discussion")} ended`],
    [annotated, `${formatCount(annotated)} annotated`],
    [tally.setAside, `${formatCount(tally.setAside)} failed`],
    [tally.lost, `${formatCount(tally.lost)} taken over by others`],
  ] as const;
  const said = parts.filter(([count]) => count > 0).map(([, text]) => text);
  if (said.length > 0) return said.join(", ");
  return cutShortOf(partsOf(finished)) === null
    ? "nothing to do"
    : "no discussion ended; what was said so far is kept, and any worker can go on";
}

function headline(cutShort: RunOutcome["cutShort"]): string {
  if (cutShort?.by === "budget") return "Stopped at a limit";
  if (cutShort?.by === "caller") return "Stopped";
  return cutShort?.by === "failure" ? "Failed" : "No job is left";
}

/** The jobs of a task, such as `discussions  96 of 100 ended, 1 failed, 3 waiting`. */
function taskLine(task: string, { waiting, active, done, failed }: JobCounts): string {
  const pass = passOfTask(task);
  const label = pass === null ? "discussions" : "annotation";
  const more = [[active, "in progress"], [failed, "failed"], [waiting, "waiting"]] as const;
  return `${label.padEnd(13)}${pass === null ? "" : `${neutralise(pass)}: `}${formatCount(done)} of ${
    formatCount(waiting + active + done + failed)
  } ended${
    more.filter(([count]) => count > 0).map(([count, what]) => `, ${formatCount(count)} ${what}`).join("")
  }`;
}
