import assert from "node:assert/strict";
import { fileInDirective } from "./directives.ts";
import { directives } from "./directives.ts";
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

Deno.test("taskScript() quotes paths for the shell", () => {
  assert.match(taskScript(JOB), /^EXPERIMENT='\/disk\/ann\/it'\\''s\.yaml'$/m);
});

Deno.test("fileInDirective() doubles % except in the pattern, and directives() refuse what Slurm cannot read", () => {
  assert.equal(fileInDirective('/a 50%j/"b"/task-%a.log', "%a"), '"/a 50%%j/\\"b\\"/task-%a.log"');
  assert.equal(fileInDirective("/a%a/task-%a.log", "%a"), "/a%%a/task-%a.log");
  for (const word of ["a\nb", "a\\b"]) assert.throws(() => directives([word]), { name: "UsageError" });
});
