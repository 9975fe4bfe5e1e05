/** `annotate`: annotates the comments of finished discussions, or resumes an annotation pass. */
import { argument, message, object, option, optional } from "../shared/optique.ts";
import { annotationObject, annotationText, writeResumable } from "../progress/summary.ts";
import { concurrency, missing, passName, path, place, runOrLogPlace } from "../shared/arguments.ts";
import { peopleOptions } from "../shared/people_links.ts";
import { watchOptionsOf, workOptions } from "../shared/limits.ts";
import { defineCommand } from "../shared/command.ts";
import { ownCommand } from "../shared/program.ts";
import type { RaterProgress } from "../../adapters/people/rater_progress.ts";
import { displayAnnotation } from "../progress/annotation_progress.ts";
import { styleOf } from "../progress/display.ts";
import { listenForStop } from "../shared/stop_signals.ts";
import { neutralise } from "../terminal/neutralise.ts";

const parser = object({
  log: argument(place("RUN_OR_LOG", "any"), { description: runOrLogPlace }),
  with: option("-w", "--with", path("FILE", "file"), {
    description: message`The annotation file, or an experiment file with a section annotation.`,
  }),
  pass: optional(option("--pass", passName(), {
    description:
      message`The name of the annotation pass; by default, the name in the file. A pass can annotate a discussion only once.`,
  })),
  concurrency: optional(option("-c", "--concurrency", concurrency(), {
    description:
      message`How many discussions to annotate at the same time; by default, as many as the models accept.`,
  })),
  ...workOptions,
}, missing("RUN_OR_LOG", "a run's folder, or one of its logs"));

export const command = defineCommand({
  parser,
  description:
    message`Appends annotations to the discussions' own logs. Each annotation is on disk before the next question is sent. To
resume a pass that was stopped or killed, give the same command again. Unfinished discussions are skipped.`,
  example: "annotate runs/first-experiment --with annotation.yaml",
  findings: "some discussions failed",
  async run(values, io, { words }) {
    const { openTarget } = await import("../shared/logs.ts");
    const { loadAnnotationFile } = await import("../shared/load.ts");
    const { annotateRun } = await import("../../adapters/local/mod.ts");
    const target = await openTarget(values.log);
    const loaded = await loadAnnotationFile(values.with, {
      seed: target.seed,
      pass: values.pass,
      trusted: values.trust,
      code: "needed",
    });
    const { rememberCode } = await import("../shared/remember_code.ts");
    rememberCode(loaded, io.stderr);
    const { isAddress, readRun } = await import("../../adapters/stores/mod.ts");
    const { isPerson } = await import("../people/people_plan.ts");
    const asksPeople = Object.values(loaded.setup.models).some(({ adapter }) => isPerson(loaded, adapter));
    const isShared = isAddress(target.place) && !asksPeople;
    if (isShared && (await readRun(target.place)).experimentText !== null) {
      const { annotateAt } = await import("../run/annotate_at.ts");
      return await annotateAt(loaded, { ...target, values, words }, io);
    }
    const { design: { pass } } = loaded.setup;
    const style = styleOf(values, io);
    let raters: () => readonly RaterProgress[] = () => [];
    const display = displayAnnotation(style, io, {
      planned: target.discussions.length,
      raters: () => raters(),
    });
    using signals = listenForStop(display.say);
    let outcome;
    let ended;
    try {
      outcome = await annotateRun(target.place, loaded, {
        ...watchOptionsOf(values, display.say, Object.values(loaded.setup.models)),
        discussions: target.discussions,
        concurrency: values.concurrency,
        people: {
          ...peopleOptions(values.peopleLinks, display.say),
          raters: (look) => void (raters = look),
        },
        stop: signals.stop,
        abort: signals.abort,
        notify: display.notify,
        warn: (text) => display.say(neutralise(text)),
      });
    } finally {
      ended = display.end();
    }
    const finished = { pass, outcome, ...ended };
    return writeResumable(style, io, {
      outcome,
      again: ownCommand(...words),
      object: { type: "annotated", ...annotationObject(finished) },
      text: annotationText(finished),
    });
  },
});
