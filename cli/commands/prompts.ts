/** `prompts`: shows the prompts that an experiment will send, or the requests that a log records. */
import { argument, integer, message, object, option, optional } from "../shared/optique.ts";
import { missing, path, trust } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, UsageError } from "../shared/program.ts";
import { safeJson } from "../terminal/neutralise.ts";
import { plural } from "../terminal/numbers.ts";

const parser = object({
  experiment: argument(path("EXPERIMENT"), {
    description: message`The experiment file, or the folder of a run.`,
  }),
  replicate: optional(option("--replicate", integer({ metavar: "N", min: 1 }), {
    description:
      message`Show the prompts of every participant of the N-th replicate, instead of an example for each role.`,
  })),
  trust: trust(),
  json: option("--json", { description: message`Write one JSON object.` }),
}, missing("EXPERIMENT", "the experiment file"));

export const command = defineCommand({
  parser,
  description:
    message`Shows every distinct prompt: of each role, moderator, annotator and scale, in each condition. Marks what differs
between conditions. Asks no model and writes nothing.`,
  example: "prompts experiment.yaml",
  async run({ experiment, replicate, trust, json }, { stdout }) {
    const { load } = await import("../shared/load.ts");
    const loaded = await load(experiment, { trusted: trust, code: "if-trusted" });
    const { replications } = loaded.experiment;
    if (replicate !== undefined && replicate > replications) {
      throw new UsageError(
        `Cannot show replicate "${replicate}": the experiment has ${plural(replications, "replication")}`,
      );
    }
    const { experimentPrompts } = await import("../prompts/distinct_prompts.ts");
    const { promptsText } = await import("../prompts/prompts_text.ts");
    const prompts = experimentPrompts(loaded, replicate ?? null);
    stdout.write(json ? `${safeJson(prompts)}\n` : promptsText(prompts, stdout));
    return EXIT_CODES.ok;
  },
});
