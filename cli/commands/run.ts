/** `run`: runs the discussions of an experiment, or resumes them. */
import { argument, message, object, option, optional } from "../shared/optique.ts";
import { concurrency, missing, path, shard } from "../shared/arguments.ts";
import { watchOptionsOf, workOptions } from "../shared/limits.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, ownCommand, worse } from "../shared/program.ts";
import { displayAnnotation } from "../progress/annotation_progress.ts";
import { styleOf } from "../progress/display.ts";
import { displayRun } from "../progress/run_progress.ts";
import { exitCodeOf, summaryObject, summaryText, writeSummary } from "../progress/summary.ts";
import { listenForStop } from "../shared/stop_signals.ts";
import { neutralise } from "../terminal/neutralise.ts";
import { plannedTotals } from "../plan/estimate.ts";

const parser = object({
  experiment: argument(path("EXPERIMENT", "file"), { description: message`The experiment file.` }),
  out: optional(option("-o", "--out", path("DIR", "directory"), {
    description: message`The run's folder; by default, runs/NAME with the experiment's name.`,
  })),
  concurrency: optional(option("-c", "--concurrency", concurrency(), {
    description:
      message`How many discussions to run at the same time; by default, as many as the models accept.`,
  })),
  shard: optional(option("--shard", shard(), {
    description: message`Run only the i-th of n parts of the discussions.`,
  })),
  ...workOptions,
}, missing("EXPERIMENT", "the experiment file"));

export const command = defineCommand({
  parser,
  description:
    message`Each reply is on disk before the next request is sent. To resume a run that was stopped or killed, give the
same command again: finished discussions are not repeated. Ctrl-C stops the run cleanly.`,
  example: "run experiment.yaml",
  findings: "some discussions failed",
  async run(values, io, { words }) {
    const { experiment, out, concurrency, shard } = values;
    const { load } = await import("../shared/load.ts");
    const { runExperiment } = await import("../../adapters/local/mod.ts");
    const loaded = await load(experiment, { lookForModels: true, trusted: values.trustCode });
    const { plan: { conditions }, experiment: { annotation } } = loaded;
    const totals = plannedTotals(loaded.plan, shard);
    const setups = [
      ...conditions.flatMap(({ variants }) => variants.flatMap(({ models }) => Object.values(models))),
      ...Object.values(annotation?.models ?? {}),
    ];
    const style = styleOf(values, io);
    const discussions = displayRun(style, io, totals);
    const annotations = displayAnnotation(style, io, totals.discussions);
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
    const annotationOutcome = isAnnotated ? outcome.annotation : null;
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
  },
});
