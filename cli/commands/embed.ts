/** `embed`: makes vectors of a run's comments, or resumes this work. */
import { argument, message, object, option, optional, string } from "../shared/optique.ts";
import { concurrency, missing, path, place, runOrLogPlace } from "../shared/arguments.ts";
import { watchOptionsOf, workerOptions } from "../shared/limits.ts";
import { defineCommand } from "../shared/command.ts";
import { ownCommand, UsageError } from "../shared/program.ts";
import { writeResumable } from "../progress/summary.ts";
import { displayEmbedding, embeddingObject, embeddingText } from "../progress/embedding_progress.ts";
import { styleOf } from "../progress/display.ts";
import { listenForStop } from "../shared/stop_signals.ts";
import { neutralise } from "../terminal/neutralise.ts";

// No log records what earlier starts spent on vectors. So limits on cost and tokens could not count it, and
// are left out.
const { maxCost: _, maxTokens: _tokens, concurrency: _concurrency, ...options } = workerOptions;

const parser = object({
  log: argument(place("RUN_OR_LOG", "any"), { description: runOrLogPlace }),
  with: option("-w", "--with", path("FILE", "file"), {
    description: message`A file with the section models, such as an experiment file.`,
  }),
  model: optional(option("-m", "--model", string({ metavar: "NAME" }), {
    description: message`The model's name in the file; by default, its only model.`,
  })),
  again: option("--again", {
    description: message`Remove the vectors of this model first, and make all of them again.`,
  }),
  concurrency: optional(option("-c", "--concurrency", concurrency(), {
    description:
      message`How many discussions to work on at the same time; by default, as many as the model accepts.`,
  })),
  ...options,
}, missing("RUN_OR_LOG", "a run's folder, or one of its logs"));

export const command = defineCommand({
  parser,
  description:
    message`Asks an embedding model for a vector of each comment of participants and moderators, and keeps the vectors in the
run. report --human compares them. To resume after a stop, give the same command again. Unfinished discussions are skipped.`,
  example: "embed runs/first-experiment --with models.yaml",
  findings: "some discussions failed",
  async run(values, io, { words }) {
    const { openTarget } = await import("../shared/logs.ts");
    const { loadModels } = await import("../shared/load.ts");
    const { embedRun } = await import("../../adapters/local/mod.ts");
    const target = await openTarget(values.log);
    const loaded = await loadModels(values.with, { trusted: values.trust, code: "needed" });
    const { rememberCode } = await import("../shared/remember_code.ts");
    rememberCode(loaded, io.stderr);
    const model = chosenModel(Object.keys(loaded.models), values);
    const style = styleOf(values, io);
    const display = displayEmbedding(style, io, target.discussions.length);
    using signals = listenForStop(display.say);
    let outcome;
    let ended;
    try {
      outcome = await embedRun(target.place, loaded, {
        ...watchOptionsOf({ ...values, maxCost: undefined, maxTokens: undefined }, display.say, []),
        model,
        again: values.again,
        discussions: target.discussions,
        concurrency: values.concurrency,
        stop: signals.stop,
        abort: signals.abort,
        notify: display.notify,
        warn: (text) => display.say(neutralise(text)),
      });
    } finally {
      ended = display.end();
    }
    const finished = { model, outcome, ...ended };
    return writeResumable(style, io, {
      outcome,
      again: ownCommand(...words.filter((word) => word !== "--again")),
      object: { type: "embedded", ...embeddingObject(finished) },
      text: embeddingText(finished),
    });
  },
});

function chosenModel(
  names: readonly string[],
  { model, with: file }: Readonly<{ model?: string | undefined; with: string }>,
): string {
  if (model === undefined && names.length === 1) return names[0]!;
  if (model !== undefined && names.includes(model)) return model;
  const which = model === undefined ? "" : ` "${model}"`;
  throw new UsageError(
    `Cannot choose the model${which} of "${file}": name one of its models with --model: ${names.join(", ")}`,
  );
}
