/** `run`: runs the discussions of an experiment, or resumes them. */
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import type { InferValue } from "@optique/core/parser";
import { argument, option } from "@optique/core/primitives";
import { concurrency, missing, path, shard, trustCode } from "../shared/arguments.ts";
import { limitOptions, limitWords, watchOptionsOf } from "../shared/limits.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, type ExitCode, ownCommand, worse } from "../shared/program.ts";
import { type AnnotationReport, reportAnnotation } from "../progress/annotation_report.ts";
import { styleOf } from "../progress/display.ts";
import { reportProgress } from "../progress/report.ts";
import {
  annotationObject,
  annotationText,
  exitCodeOf,
  summaryObject,
  summaryText,
} from "../progress/summary.ts";
import { listenForStop } from "../shared/stop_signals.ts";
import { neutralise, safeJson } from "../terminal/neutralise.ts";
import type { Io } from "../terminal/text_sink.ts";
import { plannedTotals } from "../plan/totals.ts";

const parser = object({
  experiment: argument(path("EXPERIMENT", "file"), { description: message`The experiment file.` }),
  out: optional(option("-o", "--out", path("DIR", "directory"), {
    description: message`The run's folder; runs/NAME when left out, where NAME is the experiment's.`,
  })),
  concurrency: optional(option("-c", "--concurrency", concurrency(), {
    description: message`Discussions run at the same time; as many as the models accept when left out.`,
  })),
  shard: optional(option("--shard", shard(), {
    description: message`Run only the i-th of n parts of the discussions.`,
  })),
  ...limitOptions,
  trustCode: trustCode(),
  json: option("--json", { description: message`Write progress and summary as JSON lines.` }),
  quiet: option("-q", "--quiet", { description: message`Report only what goes wrong.` }),
}, missing("EXPERIMENT", "the experiment file"));

type Values = InferValue<typeof parser>;

/** The command. */
export const command = defineCommand({
  parser,
  description:
    message`Each reply is on disk before the next request is sent. To resume a run that was stopped or killed, give the
same command again: finished discussions are not repeated. Ctrl-C stops the run cleanly.`,
  example: "run experiment.yaml",
  findings: "some discussions failed",
  run,
});

async function run(values: Values, io: Io): Promise<ExitCode> {
  const { experiment, out, concurrency, shard } = values;
  const { load } = await import("../shared/load.ts");
  const { runExperiment } = await import("../../adapters/local/mod.ts");
  const loaded = await load(experiment, { lookForModels: true, trusted: values.trustCode });
  const totals = plannedTotals(loaded.plan, shard);
  const report = reportProgress(styleOf(values, io), io, totals);
  let annotation: AnnotationReport | null = null;
  const startedMs = performance.now();
  using signals = listenForStop(report.say);
  const { stop, abort } = signals;
  const { conditions } = loaded.plan;
  const setups = [
    ...conditions.flatMap(({ variants }) => variants.flatMap(({ models }) => Object.values(models))),
    ...Object.values(loaded.experiment.annotation?.models ?? {}),
  ];
  let outcome;
  let ended: ReturnType<typeof report.end> | undefined;
  let judged: ReturnType<AnnotationReport["end"]> | undefined;
  try {
    outcome = await runExperiment(loaded, {
      ...watchOptionsOf(values, report.say, setups),
      out,
      concurrency,
      shard,
      stop,
      abort,
      notify: report.notify,
      notifyAnnotation(notice) {
        // One report at a time: the discussions' has ended when the first comment is judged.
        ended ??= report.end();
        annotation ??= reportAnnotation(styleOf(values, io), io, totals.discussions);
        annotation.notify(notice);
      },
      warn: (text) => report.say(neutralise(text)),
    });
  } finally {
    ended ??= report.end();
    judged = (annotation as AnnotationReport | null)?.end();
  }
  const { folder } = outcome;
  const finished = {
    ...ended,
    outcome,
    cutShort: outcome.cutShort ?? outcome.annotation?.cutShort ?? null,
    folder,
    durationMs: Math.round(performance.now() - startedMs),
    again: ownCommand("run", ...wordsOf(values)),
    next: outcome.setAside > 0 ? [ownCommand("status", folder), ownCommand("verify", folder)] : [
      ownCommand("status", folder),
      ownCommand("replay", folder, "--verify"),
      ownCommand("report", folder),
    ],
  };
  const annotated = outcome.annotation === null || judged === undefined
    ? null
    : { ...judged, outcome: outcome.annotation, pass: loaded.experiment.annotation!.design.pass };
  const exitCode = worse(
    exitCodeOf(outcome),
    annotated === null ? EXIT_CODES.ok : exitCodeOf(annotated.outcome),
  );
  const summary = () =>
    summaryText({ ...finished, exitCode, annotation: annotated && annotationText(annotated) });
  if (values.json) {
    const object = {
      ...summaryObject({ ...finished, exitCode }),
      annotation: annotated && annotationObject(annotated),
    };
    io.stdout.write(`${safeJson(object)}\n`);
  } else if (!values.quiet) io.stdout.write(summary());
  else if (exitCode !== EXIT_CODES.ok) io.stderr.write(summary());
  return exitCode;
}

/** The arguments, as they would be typed again. */
function wordsOf(values: Values): string[] {
  const { experiment, out, concurrency, shard, trustCode, json, quiet } = values;
  return [
    experiment,
    ...(out === undefined ? [] : ["--out", out]),
    ...(concurrency === undefined ? [] : ["--concurrency", String(concurrency)]),
    ...(shard === undefined ? [] : ["--shard", `${shard.index}/${shard.count}`]),
    ...limitWords(values),
    ...(trustCode ? ["--trust-code"] : []),
    ...(json ? ["--json"] : []),
    ...(quiet ? ["--quiet"] : []),
  ];
}
