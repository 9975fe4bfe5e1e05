/** `run`: runs the discussions of an experiment, or resumes them. */
import { argument, message, object, option, optional } from "../shared/optique.ts";
import { missing, path, place, serverAddress } from "../shared/arguments.ts";
import { runOptions } from "../shared/limits.ts";
import { defineCommand } from "../shared/command.ts";

const parser = object({
  experiment: argument(path("EXPERIMENT"), {
    description: message`The experiment file, or the folder of a run to resume.`,
  }),
  prepare: option("--prepare", {
    description:
      message`Make the run's folder, print the head (the hash of the last event) of the run's log for a preregistration,
and ask no model.`,
  }),
  localServer: optional(option("--local-server", serverAddress(), {
    description:
      message`The address of the model server on this machine. Models whose baseUrl is on this machine use this address
instead.`,
  })),
  store: optional(option("--store", place("ADDRESS"), {
    description:
      message`Keep the run in a database, so that any number of workers can join in: postgres://HOST/DATABASE/NAME, or
postgres://HOST/DATABASE to name the run after the experiment.`,
  })),
  ...runOptions,
}, missing("EXPERIMENT", "the experiment file"));

export const command = defineCommand({
  parser,
  description:
    message`Each reply is on disk before the next request is sent. To resume a run that was stopped or killed, give the
same command again, or name its folder: finished discussions are not repeated. Ctrl-C stops the run cleanly.`,
  example: "run experiment.yaml",
  findings: "some discussions failed",
  async run(values, io, { words }) {
    const { load } = await import("../shared/load.ts");
    const loaded = await load(values.experiment, {
      lookForModels: true,
      trusted: values.trust,
      code: "needed",
    });
    const { rememberCode } = await import("../shared/remember_code.ts");
    rememberCode(loaded, io.stderr);
    if (values.localServer !== undefined) {
      const { checkLocalServer } = await import("../shared/local_server.ts");
      checkLocalServer("--local-server", loaded);
    }
    const { placeOfRun } = await import("../run/place_of_run.ts");
    const { personNames } = await import("../people/people_plan.ts");
    const asksPeople = personNames(loaded).size > 0;
    const out = placeOfRun(values, loaded, asksPeople);
    if (values.prepare) {
      const { prepareLoaded } = await import("../run/prepare_loaded.ts");
      return await prepareLoaded(loaded, { out, json: values.json }, io);
    }
    const { isAddress } = await import("../../adapters/stores/mod.ts");
    // One process serves the pages of all people, so it does not share the run with other processes.
    if (out !== undefined && isAddress(out) && !asksPeople) {
      const { workAt } = await import("../run/work_at.ts");
      return await workAt(out, { values, words, plans: loaded }, io);
    }
    const { runLoaded } = await import("../run/run_loaded.ts");
    return await runLoaded(loaded, { values: { ...values, out }, words }, io);
  },
});
