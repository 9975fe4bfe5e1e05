/** `worker`: works on a run together with other processes. */
import { argument, message, object, option } from "../shared/optique.ts";
import { missing, place } from "../shared/arguments.ts";
import { workerOptions } from "../shared/limits.ts";
import { defineCommand } from "../shared/command.ts";

const parser = object({
  run: argument(place("RUN"), { description: message`The run: postgres://HOST/DATABASE/NAME.` }),
  wait: option("--wait", { description: message`When no job is left, wait for more.` }),
  ...workerOptions,
}, missing("RUN", "the run, as postgres://HOST/DATABASE/NAME"));

export const command = defineCommand({
  parser,
  description:
    message`Runs and annotates discussions of a run in a database until none is left. Make the run with ${"run --store"} first.
Then start any number of workers, on any machines. If a worker dies, the others take over its discussions after about ten
seconds. Ctrl-C stops a worker, and others can take its discussions.`,
  example: "worker postgres://db.example.org/lab/first-experiment",
  findings: "some discussions failed",
  async run(values, io, { words }) {
    const { workAt } = await import("../run/work_at.ts");
    return await workAt(values.run, { values, words, waits: values.wait }, io);
  },
});
