/** `run`: runs the discussions of an experiment, or resumes them. */
import { argument, message, object } from "../shared/optique.ts";
import { missing, path } from "../shared/arguments.ts";
import { runOptions } from "../shared/limits.ts";
import { defineCommand } from "../shared/command.ts";

const parser = object({
  experiment: argument(path("EXPERIMENT", "file"), { description: message`The experiment file.` }),
  ...runOptions,
}, missing("EXPERIMENT", "the experiment file"));

export const command = defineCommand({
  parser,
  description:
    message`Each reply is on disk before the next request is sent. To resume a run that was stopped or killed, give the
same command again: finished discussions are not repeated. Ctrl-C stops the run cleanly.`,
  example: "run experiment.yaml",
  findings: "some discussions failed",
  async run(values, io, { words }) {
    const { load } = await import("../shared/load.ts");
    const loaded = await load(values.experiment, { lookForModels: true, trusted: values.trustCode });
    const { runLoaded } = await import("../run/run_loaded.ts");
    return await runLoaded(loaded, { values, words }, io);
  },
});
