/** Counts the progress of a worker and of the run that it shares with others, and shows both. */
import { passOfTask } from "../../adapters/local/run_jobs.ts";
import type { AnnotationNotice, ModelNotice, RunNotice } from "../../core/engine/mod.ts";
import type { JobCounts, RunHome, WorkQueue } from "../../core/ports/mod.ts";
import { formatCount, formatRate, formatShare, plural } from "../terminal/numbers.ts";
import { bar, styled, truncate } from "../terminal/text.ts";
import type { Io, TextSink } from "../terminal/text_sink.ts";
import { display, type DisplayStyle, Pace, type WorkDisplay } from "./display.ts";

/** The progress of the whole run is read at this interval, in milliseconds. */
const LOOK_MS = 2_000;

const LABEL_COLUMNS = 13;
const BAR_COLUMNS = 30;
/** A narrower terminal shows no bar. */
const COLUMNS_WITH_BAR_MIN = 90;

/** A notice about the work of a worker. Notices about models are not included. */
type WorkerNotice = Exclude<RunNotice | AnnotationNotice, ModelNotice>;

/** What a worker has done. */
export type WorkerTally = {
  /** Discussions that ended, or whose annotation was completed. */
  ended: number;
  open: number;
  setAside: number;
  /** Discussions that other workers have taken over from this one. */
  lost: number;
  /** Events in the logs. */
  events: number;
  /** The progress of the run: the current task, its jobs, and how many processes work. `null` until it is known. */
  run: Readonly<{ task: string; jobs: JobCounts; workers: number }> | null;
};

/** Counts the notices of a worker. */
class WorkerKeeper {
  readonly tally: WorkerTally = { ended: 0, open: 0, setAside: 0, lost: 0, events: 0, run: null };
  readonly #open = new Set<string>();

  count(notice: WorkerNotice): void {
    const { tally } = this;
    if (notice.kind === "opened") this.#opened(notice);
    else if (notice.kind === "recorded") tally.events += notice.events.length;
    else {
      this.#open.delete(notice.discussion);
      if (notice.kind === "ended") tally.ended++;
      if (notice.kind === "set-aside") tally.setAside++;
      if (notice.kind === "lost") tally.lost++;
    }
    tally.open = this.#open.size;
  }

  #opened(notice: Extract<WorkerNotice, { kind: "opened" }>): void {
    const isRun = "state" in notice;
    const isEnded = isRun ? notice.state.phase === "ended" : notice.progress.completed;
    if (!isEnded) this.#open.add(isRun ? notice.state.design.id : notice.discussion);
  }
}

/** Shows the progress of a worker. */
export type WorkerDisplay =
  & WorkDisplay<WorkerNotice, WorkerTally>
  & Readonly<{
    /** Shows the progress of another task of the run from now on. */
    follow: (task: string, queue: Pick<WorkQueue, "counts">) => void;
  }>;

/** Shows the progress of a worker, and of the run at its home. */
export function displayWorker(
  style: DisplayStyle,
  io: Io,
  home: Pick<RunHome, "holders">,
): WorkerDisplay {
  const keeper = new WorkerKeeper();
  const events = new Pace(performance.now(), 0);
  let timer: ReturnType<typeof setInterval> | undefined;
  const shown = display(style, io, {
    keeper,
    progress() {
      const { tally } = keeper;
      const moment = { tally, perSecond: events.perSecond(performance.now(), tally.events) };
      return {
        live: (terminal) => liveLines(terminal, moment),
        plain: () => plainLine(moment),
        json: () => ({ type: "worker-progress", ...tally, eventsPerSecond: moment.perSecond }),
      };
    },
  });
  return {
    ...shown,
    follow(task, queue) {
      clearInterval(timer);
      const look = async () => {
        const [jobs, { length: workers }] = await Promise.all([queue.counts(task), home.holders()]);
        keeper.tally.run = { task, jobs, workers };
      };
      // Errors are ignored: the next read may succeed, and the work itself reports a database that cannot be
      // reached.
      const tryLook = () => void look().catch(() => {});
      tryLook();
      timer = setInterval(tryLook, LOOK_MS);
    },
    end() {
      clearInterval(timer);
      return shown.end();
    },
  };
}

/** The tally, and the events per second; `null` while this is unknown. */
type Moment = Readonly<{ tally: WorkerTally; perSecond: number | null }>;

function liveLines(sink: TextSink, moment: Moment): string[] {
  const columns = Math.max(1, sink.columns() - 1);
  const { run } = moment.tally;
  const own = truncate(`${"this worker".padEnd(LABEL_COLUMNS)}${ownText(moment)}`, columns);
  if (run === null) return [own];
  const { jobs: { done }, task } = run;
  const label = (passOfTask(task) === null ? "discussions" : "annotated").padEnd(LABEL_COLUMNS);
  const drawn = columns < COLUMNS_WITH_BAR_MIN
    ? ""
    : `${styled(sink, "cyan", bar(done, sizeOf(run), BAR_COLUMNS))} `;
  return [`${label}${drawn}${truncate(runText(run), columns - LABEL_COLUMNS - BAR_COLUMNS - 1)}`, own];
}

function plainLine(moment: Moment): string {
  const { run } = moment.tally;
  return [...(run === null ? [] : [`run: ${runText(run)}`]), `this worker: ${ownText(moment)}`].join("; ");
}

type RunProgress = NonNullable<WorkerTally["run"]>;

function sizeOf({ jobs: { waiting, active, done, failed } }: RunProgress): number {
  return waiting + active + done + failed;
}

/** The progress of a run in words, such as `57/100 57 %, 8 in progress, 2 failed, 3 workers`. */
function runText(run: RunProgress): string {
  const { jobs: { active, done, failed }, task, workers } = run;
  const size = sizeOf(run);
  const pass = passOfTask(task);
  return [
    `${formatCount(done)}/${formatCount(size)} ${formatShare(done, size)}${
      pass === null ? "" : ` of the pass ${pass}`
    }`,
    `${formatCount(active)} in progress`,
    ...(failed === 0 ? [] : [`${formatCount(failed)} failed`]),
    plural(workers, "worker"),
  ].join(", ");
}

function ownText({ tally: { ended, open, setAside, lost, events }, perSecond }: Moment): string {
  return [
    `${formatCount(ended)} ended`,
    `${formatCount(open)} open`,
    ...(setAside === 0 ? [] : [`${formatCount(setAside)} failed`]),
    ...(lost === 0 ? [] : [`${formatCount(lost)} taken over by others`]),
    `${formatCount(events)} events${perSecond === null ? "" : ` (${formatRate(perSecond)})`}`,
  ].join(", ");
}
