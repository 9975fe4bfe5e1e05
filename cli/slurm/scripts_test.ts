import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { directives, fileInDirective } from "./directives.ts";
import type { Job } from "./job.ts";
import { lastScript } from "./last_script.ts";
import { taskScript } from "./task_script.ts";

const JOB: Job = {
  name: "study",
  experiment: "/disk/ann/it's.yaml",
  run: "/disk/ann/runs/study",
  folder: "/disk/ann/runs/study.slurm",
  tasks: { count: 8, atOnce: 2 },
  timeLimitS: 4 * 3600,
  server: null,
  options: ["--gres=gpu:1", "-p", "long queue", "-G", "1", "--mail-type=END"],
  runOptions: ["--concurrency", "4"],
  program: ["/opt/deno", "run", "/opt/main.ts"],
  calledAs: null,
};

/** The lines of a script that Slurm reads. */
function directivesOf(script: string): string[] {
  return script.split("\n").filter((line) => line.startsWith("#SBATCH")).map((line) => line.slice(8));
}

Deno.test("taskScript() gives Slurm the array, the limits and the user's options", () => {
  assert.deepEqual(directivesOf(taskScript(JOB)), [
    "--array=1-8%2",
    "--job-name=study",
    "--time=04:00:00",
    "--output=/disk/ann/runs/study.slurm/task-%a.log",
    "--open-mode=append",
    "--signal=B:TERM@60",
    "--requeue",
    "--gres=gpu:1",
    '-p "long queue"',
    "-G 1",
    "--mail-type=END",
  ]);
});

Deno.test("lastScript() asks for an hour, and for no graphics card", () => {
  assert.deepEqual(directivesOf(lastScript(JOB)), [
    "--job-name=study-report",
    "--time=01:00:00",
    "--output=/disk/ann/runs/study.slurm/report.log",
    "--open-mode=append",
    "--requeue",
    '-p "long queue"',
    "--mail-type=END",
  ]);
});

/** Runs a script in bash, with other programs of Slurm. Returns what it prints. */
async function printed(
  folder: string,
  script: string,
  programs: string,
  ...words: string[]
): Promise<string> {
  const path = join(folder, "script");
  await Deno.writeTextFile(path, `${programs}\n${script}`);
  const env = { SLURM_ARRAY_TASK_ID: "1", SLURM_ARRAY_JOB_ID: "7" };
  const { stdout } = await new Deno.Command("bash", { args: [path, ...words], env, stderr: "null" }).output();
  return new TextDecoder().decode(stdout);
}

Deno.test("a task that was killed again and again is not started for ever", () =>
  inFolder(async (folder) => {
    const job = { ...JOB, folder, run: join(folder, "run"), tasks: { count: 2, atOnce: null } };
    const state = join(folder, "task-1.state");
    await Deno.writeTextFile(state, "running 5 0\n");
    await Deno.writeTextFile(join(folder, "task-2.state"), "finished\n");
    const log = join(folder, "sbatch.log");
    await printed(folder, lastScript(job), `sbatch() { echo "$@" >> '${log}'; echo 8; }`);
    const [first, ...others] = (await Deno.readTextFile(log)).trimEnd().split("\n");
    assert.equal(first, `--parsable --array=1 ${folder}/tasks.sbatch restart`);
    assert.deepEqual(others, [`--dependency=afterany:8 ${folder}/report.sbatch`]);
    const again = { ...job, program: ["true"] };
    assert.match(await printed(folder, taskScript(again), "", "restart"), /its last starts \(5\) made no/);
    // If the user submits the script by hand, the task begins to count from 1 again.
    await Deno.writeTextFile(state, "running 5 0\n");
    assert.match(
      await printed(folder, taskScript(again), ""),
      /for the 1\. time [^]* has finished its part\n$/,
    );
  }));

Deno.test("a task that cannot write its state fails, because it could not count its starts", () =>
  inFolder(async (folder) => {
    // A folder cannot be written like a file.
    await Deno.mkdir(join(folder, "task-1.state"));
    const job = { ...JOB, folder, run: join(folder, "run"), program: ["true"] };
    const text = await printed(folder, taskScript(job), "");
    assert.match(text, /failed for good: cannot write .*task-1\.state; is the disk full\?\n$/);
  }));

Deno.test("taskScript() quotes paths for the shell", () => {
  assert.match(taskScript(JOB), /^EXPERIMENT='\/disk\/ann\/it'\\''s\.yaml'$/m);
});

Deno.test("fileInDirective() doubles % except in the pattern, and directives() refuse what Slurm cannot read", () => {
  assert.equal(fileInDirective('/a 50%j/"b"/task-%a.log', "%a"), '"/a 50%%j/\\"b\\"/task-%a.log"');
  assert.equal(fileInDirective("/a%a/task-%a.log", "%a"), "/a%%a/task-%a.log");
  for (const word of ["a\nb", "a\\b"]) assert.throws(() => directives([word]), { name: "UsageError" });
});
