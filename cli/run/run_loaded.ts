/** Runs a loaded experiment, shows the progress, and writes the summary. */
import { type LoadedExperiment, runExperiment } from "../../adapters/local/mod.ts";
import type { RaterProgress } from "../../adapters/people/rater_progress.ts";
import type { RunValues } from "../shared/limits.ts";
import { peopleOptions } from "../shared/people_links.ts";
import { watchOptionsOf } from "../shared/limits.ts";
import { EXIT_CODES, type ExitCode, ownCommand, worse } from "../shared/program.ts";
import { displayAnnotation } from "../progress/annotation_progress.ts";
import { styleOf } from "../progress/display.ts";
import { displayRun } from "../progress/run_progress.ts";
import { exitCodeOf, summaryObject, summaryText, writeSummary } from "../progress/summary.ts";
import { listenForStop } from "../shared/stop_signals.ts";
import { neutralise } from "../terminal/neutralise.ts";
import type { Io } from "../terminal/text_sink.ts";
import { plannedTotals } from "../plan/estimate.ts";

/** The options of a command that runs discussions, and the words that start the command again. */
export type RunCommand = Readonly<
  { values: RunValues & Readonly<{ localServer?: string | undefined }>; words: readonly string[] }
>;

/** Runs a loaded experiment, or resumes its run. */
export async function runLoaded(
  loaded: LoadedExperiment,
  { values, words }: RunCommand,
  io: Io,
): Promise<ExitCode> {
  const { out, concurrency, shard, localServer } = values;
  const { plan: { conditions }, experiment: { annotation } } = loaded;
  const totals = plannedTotals(loaded.plan, shard);
  const setups = [
    ...conditions.flatMap(({ variants }) => variants.flatMap(({ models }) => Object.values(models))),
    ...Object.values(annotation?.models ?? {}),
  ];
  const style = styleOf(values, io);
  const discussions = displayRun(style, io, totals);
  let raters: () => readonly RaterProgress[] = () => [];
  const annotations = displayAnnotation(style, io, {
    planned: totals.discussions,
    raters: () => raters(),
  });
  const startedMs = performance.now();
  using signals = listenForStop(discussions.say);
  let outcome;
  let ended: ReturnType<typeof discussions.end> | undefined;
  let annotated: ReturnType<typeof annotations.end>;
  let isAnnotated = false;
  try {
    outcome = await runExperiment(loaded, {
      ...watchOptionsOf(values, discussions.say, setups),
      out,
      concurrency,
      shard,
      localServer,
      people: {
        ...peopleOptions(values.peopleLinks, discussions.say),
        raters: (look) => void (raters = look),
      },
      stop: signals.stop,
      abort: signals.abort,
      notify: discussions.notify,
      notifyAnnotation(notice) {
        // The discussions have ended when the first comment is annotated, so their display ends.
        ended ??= discussions.end();
        isAnnotated = true;
        annotations.notify(notice);
      },
      warn: (text) => discussions.say(neutralise(text)),
    });
  } finally {
    ended ??= discussions.end();
    annotated = annotations.end();
  }
  const { folder } = outcome;
  // An annotation that had nothing to do is not shown. If it was stopped before its first notice, it had something to do.
  const isShown = isAnnotated || (outcome.annotation !== null && outcome.annotation.cutShort !== null);
  const annotationOutcome = isShown ? outcome.annotation : null;
  const exitCode = worse(
    exitCodeOf(outcome),
    annotationOutcome === null ? EXIT_CODES.ok : exitCodeOf(annotationOutcome),
  );
  const finished = {
    ...ended,
    outcome,
    folder,
    durationMs: Math.round(performance.now() - startedMs),
    again: ownCommand(...words),
    next: [
      ownCommand("status", folder),
      ownCommand("view", folder),
      ...(outcome.setAside > 0
        ? [ownCommand("verify", folder)]
        : [ownCommand("replay", folder, "--verify"), ownCommand("report", folder)]),
    ],
    annotation: annotationOutcome && {
      ...annotated,
      outcome: annotationOutcome,
      pass: annotation!.design.pass,
    },
    exitCode,
  };
  return writeSummary(style, io, {
    exitCode,
    object: summaryObject(finished),
    text: summaryText(finished),
  });
}
