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
    message`Takes discussions of a run in a database, one after the other, until none is left: runs them, then
annotates them. Start any number of workers, on any machines. If one dies, the others have its discussions after about ten
seconds. Ctrl-C puts its discussions back. First, ${"run --store"} makes the run and its jobs.`,
  example: "worker postgres://db.example.org/lab/first-experiment",
  findings: "some discussions failed",
  async run(values, io, { words }) {
    const { workAt } = await import("../run/work_at.ts");
    return await workAt(values.run, { values, words, waits: values.wait }, io);
  },
});
