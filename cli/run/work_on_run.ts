/** Works on a run that several processes share, shows the progress, and writes the summary. */
import {
  type LoadedAnnotation,
  type LoadedExperiment,
  type WorkerOptions,
  type WorkerOutcome,
  workOnRun,
} from "../../adapters/local/mod.ts";
import { usedModelsOf } from "../../adapters/local/run_experiment.ts";
import type { LimitBoard, RunHome, WorkQueue } from "../../core/ports/mod.ts";
import { styleOf } from "../progress/display.ts";
import { displayWorker } from "../progress/worker_progress.ts";
import { writeWorkerSummary } from "../progress/worker_summary.ts";
import { watchOptionsOf, type WorkerValues } from "../shared/limits.ts";
import { type ExitCode, ownCommand } from "../shared/program.ts";
import { listenForStop } from "../shared/stop_signals.ts";
import { neutralise } from "../terminal/neutralise.ts";
import type { Io } from "../terminal/text_sink.ts";

/** The options of the command, and the words that start it again. */
export type SharedCommand = Readonly<{ values: WorkerValues; words: readonly string[] }>;

/** What work needs to show its progress, and to be stopped. */
type Shown =
  & Required<Pick<WorkerOptions, "begins" | "stop" | "abort" | "warn">>
  & Readonly<{ say: (text: string) => void }>;

/** Shows the progress of a worker while it works, and then its summary. */
export function whileShown(
  home: RunHome,
  { values, words }: SharedCommand,
  io: Io,
): (work: (shown: Shown) => Promise<readonly WorkerOutcome[]>) => Promise<ExitCode> {
  return async (work) => {
    const style = styleOf(values, io);
    const shown = displayWorker(style, io, home);
    const startedMs = performance.now();
    using signals = listenForStop(shown.say);
    let outcomes;
    let ended;
    try {
      outcomes = await work({
        begins(task, queue) {
          shown.follow(task, queue);
          return shown.notify;
        },
        stop: signals.stop,
        abort: signals.abort,
        say: shown.say,
        warn: (text) => shown.say(neutralise(text)),
      });
    } finally {
      ended = shown.end();
    }
    return writeWorkerSummary(style, io, {
      place: home.place,
      outcomes,
      ...ended,
      durationMs: Math.round(performance.now() - startedMs),
      again: ownCommand(...words),
    });
  };
}

/** What a process does with a run that it shares. */
export type SharedWork = Readonly<{
  home: RunHome;
  openQueue: (warn: (message: string) => void) => Promise<WorkQueue>;
  openBoard: () => LimitBoard;
  /** Reads the experiment of the run, also after it was extended. */
  load: () => Promise<LoadedExperiment>;
  loadPass: (pass: string) => Promise<LoadedAnnotation>;
  /** The experiment to plan before the work; see `WorkerOptions`. */
  plans?: LoadedExperiment;
  waits?: boolean;
}>;

/** Works until nothing is left, or the process is stopped. */
export async function workTogether(
  { home, openQueue, openBoard, load, loadPass, plans, waits }: SharedWork,
  command: SharedCommand,
  io: Io,
): Promise<ExitCode> {
  const { values } = command;
  return await whileShown(home, command, io)(async ({ say, ...shown }) => {
    const outcomes: WorkerOutcome[] = [];
    for (let loaded = plans ?? await load();; loaded = await load()) {
      const outcome = await workOnRun(home, loaded, {
        ...watchOptionsOf(values, say, usedModelsOf(loaded).map(([, setup]) => setup)),
        ...shown,
        concurrency: values.concurrency,
        openQueue: () => openQueue(shown.warn),
        openBoard,
        plans: plans !== undefined && outcomes.length === 0,
        loadPass,
        waits,
      });
      outcomes.push(outcome);
      if (!outcome.hasGrown) return outcomes;
    }
  });
}
