/** `slurm`: writes the batch scripts that run an experiment on a cluster, and submits them. */
import { join, resolve } from "node:path";
import {
  argument,
  type InferValue,
  message,
  multiple,
  object,
  option,
  optional,
  string,
} from "../shared/optique.ts";
import { concurrency, missing, path, trust } from "../shared/arguments.ts";
import { defineCommand } from "../shared/command.ts";
import { EXIT_CODES, shownPath, UsageError } from "../shared/program.ts";
import { tasks, timeLimit } from "../slurm/arguments.ts";
import { type Job, timeText } from "../slurm/job.ts";
import { neutralise, safeJson } from "../terminal/neutralise.ts";
import { plural } from "../terminal/numbers.ts";
import type { LoadedExperiment } from "../../adapters/local/mod.ts";

const parser = object({
  experiment: argument(path("EXPERIMENT"), {
    description: message`The experiment file, or the folder of a run to resume.`,
  }),
  tasks: option("--tasks", tasks(), {
    description:
      message`The number of tasks. Each task runs a part of the replicates. 100%10 means 100 tasks, at most 10 at the same
time.`,
  }),
  time: option("--time", timeLimit(), {
    description:
      message`The time limit of a task, as for sbatch: 4:00:00 are four hours. A part that needs longer is resumed.`,
  }),
  out: optional(option("-o", "--out", path("DIR", "directory"), {
    description:
      message`The run's folder; by default, runs/NAME with the experiment's name, or the folder of the run to resume. It must
be on a disk that all nodes share. The scripts and logs go to DIR.slurm.`,
  })),
  server: optional(option("--server", string({ metavar: "COMMAND" }), {
    description:
      message`The command of a model server, such as "vllm serve MODEL". Each task starts its own server for the models whose
baseUrl is on this machine. Without $PORT in the command, --host 127.0.0.1 --port $PORT is added to it.`,
  })),
  concurrency: optional(option("-c", "--concurrency", concurrency(), {
    description: message`How many discussions each task runs at the same time.`,
  })),
  trust: trust(),
  submit: option("--submit", { description: message`Submit the scripts with sbatch.` }),
  force: option("--force", { description: message`Replace scripts that were edited.` }),
  json: option("--json", { description: message`Write one JSON object.` }),
  options: multiple(argument(string({ metavar: "OPTION" }), {
    description: message`Options for sbatch, after --, such as -- --gres=gpu:1 --partition=long.`,
  })),
}, missing("EXPERIMENT", "the experiment file"));

type Values = InferValue<typeof parser>;

export const command = defineCommand({
  parser,
  description:
    message`Writes two scripts that you can read and edit. The first is an array of tasks: each task runs one part of the run,
and puts itself back into the queue until the part is finished. The second is the last job, which checks the run and writes
its report. Without --submit, nothing is started.`,
  example: "slurm experiment.yaml --tasks 8 --time 4:00:00 --submit -- --gres=gpu:1",
  async run(values, { stdout }) {
    const { load } = await import("../shared/load.ts");
    const { writeJob } = await import("../slurm/write_job.ts");
    const { submit, submitLines, watchLines } = await import("../slurm/submit.ts");
    await refuseDatabase([values.experiment, values.out ?? ""]);
    const loaded = await load(values.experiment, { trusted: values.trust, code: "if-trusted" });
    const job = await jobOf(values, loaded, loaded.resumes);
    const scripts = await writeJob(job, { force: values.force });
    const submitted = values.submit ? await submit(job) : null;
    if (values.json) {
      stdout.write(`${safeJson({ run: job.run, scripts, jobs: submitted })}\n`);
      return EXIT_CODES.ok;
    }
    const { count } = job.tasks;
    stdout.write(
      `Wrote ${shownPath(scripts.tasks)}: ${plural(count, "task")} of at most ${timeText(job.timeLimitS)}\n` +
        `Wrote ${shownPath(scripts.report)}: the last job\n`,
    );
    stdout.write(
      submitted === null
        ? `\nTo submit them (or give the same command with --submit):\n${
          submitLines(job).map((line) => `  ${neutralise(line)}\n`).join("")
        }`
        : watchLines(submitted, job),
    );
    return EXIT_CODES.ok;
  },
});

/**
 * Refuses a run in a database: workers share it without dividing it into parts.
 *
 * @throws {UsageError}
 */
async function refuseDatabase(places: readonly string[]): Promise<void> {
  const { isAddress } = await import("../../adapters/stores/mod.ts");
  const address = places.find(isAddress);
  if (address === undefined) return;
  throw new UsageError(
    `Cannot write tasks for "${address}": tasks are parts of a run in a folder. Name a folder with --out, or start ` +
      `the command worker with this address in a batch script of your own`,
  );
}

/** @throws {UsageError} */
async function jobOf(values: Values, loaded: LoadedExperiment, resumes: string | null): Promise<Job> {
  const { checkSbatchOptions, serverCommand } = await import("../slurm/arguments.ts");
  const { programWords } = await import("../slurm/program_words.ts");
  const { checkLocalServer } = await import("../shared/local_server.ts");
  const { RUNS_FOLDER, usedModelsOf } = await import("../../adapters/local/run_experiment.ts");
  const { isPerson } = await import("../people/people_plan.ts");
  const { calledAs } = await import("../shared/program.ts");
  const { experiment: { name }, plan } = loaded;
  checkSbatchOptions(values.options);
  const replicates = plan.size / plan.conditions.length;
  if (values.tasks.count > replicates) {
    throw new UsageError(
      `Cannot divide the experiment into ${values.tasks.count} tasks: it has ${
        plural(replicates, "replicate")
      }. ` +
        `Give --tasks ${replicates} or less`,
    );
  }
  if (usedModelsOf(loaded).some(([, setup]) => isPerson(loaded, setup.adapter))) {
    throw new UsageError(
      `Cannot run "${values.experiment}" as a job: one of its models is a person, and the nodes of a cluster serve no pages. ` +
        `Use the command run on a machine that the person can reach`,
    );
  }
  if (values.server !== undefined) checkLocalServer("--server", loaded);
  const run = resolve(values.out ?? resumes ?? join(RUNS_FOLDER, name));
  return {
    name,
    experiment: resolve(values.experiment),
    run,
    folder: `${run}.slurm`,
    tasks: values.tasks,
    timeLimitS: values.time,
    server: values.server === undefined ? null : serverCommand(values.server),
    options: values.options,
    runOptions: [
      ...(values.concurrency === undefined ? [] : ["--concurrency", String(values.concurrency)]),
      ...(values.trust ? ["--trust"] : []),
    ],
    program: programWords(),
    calledAs: calledAs(),
  };
}
