import assert from "node:assert/strict";
import { join } from "node:path";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { experiment } from "../testing/experiments.ts";
import { runHere, runProgram } from "../testing/processes.ts";

Deno.test("slurm refuses what a job cannot run, and writes nothing", () =>
  inFolder(async (folder) => {
    const file = join(folder, "e.yaml");
    const refused = async (text: string, ...words: readonly string[]) => {
      await Deno.writeTextFile(file, text);
      const { code, stderr } = await runHere("slurm", file, "--time", "4:00:00", ...words);
      assert.equal(code, 2, stderr);
      assert.deepEqual([...Deno.readDirSync(folder)].map(({ name }) => name), ["e.yaml"]);
      return stderr;
    };
    const [scripted, out] = [experiment("{ adapter: scripted }"), ["--out", join(folder, "run")]] as const;
    assert.match(
      await refused(scripted, "--tasks", "4", ...out),
      /has 3 replicates\. Give --tasks 3 or less/,
    );
    assert.match(
      await refused(scripted, "--tasks", "2", ...out, "--server", "serve"),
      /Cannot use --server: no model of ".*e\.yaml" has a server on this machine/,
    );
    assert.match(
      await refused(experiment("{ adapter: human }"), "--tasks", "2", ...out),
      /one of its models is a person/,
    );
    assert.match(
      await refused(scripted, "--tasks", "2", "--out", "postgres://db/runs"),
      /Name a folder with --out/,
    );
    assert.match(await refused(scripted, "--tasks", "2", ...out, "--", "--array=1-2"), /Give --tasks/);
    const two =
      `{ adapter: openai, baseUrl: "http://localhost:8000/v1", model: a }, n: { adapter: openai, baseUrl:
      "http://127.0.0.1:8001/v1", model: b }`;
    assert.match(
      await refused(
        experiment(two).replace("model: m,", "model: [m, n],"),
        "--tasks",
        "2",
        ...out,
        "--server",
        "serve",
      ),
      /have several on this machine: m at http:\/\/localhost:8000\/v1; n at http:\/\/localhost:8001\/v1/,
    );
  }));

Deno.test("slurm says what to do if Slurm accepts only the tasks, or sbatch prints no number of a job", () =>
  inFolder(async (folder) => {
    const [file, run] = [join(folder, "e.yaml"), join(folder, "run")];
    await Deno.writeTextFile(file, experiment("{ adapter: scripted }"));
    const refused = async (sbatch: string, message: string) => {
      await Deno.writeTextFile(join(folder, "sbatch"), `#!/bin/sh\n${sbatch}\n`, { mode: 0o755 });
      const words = ["slurm", file, "--tasks", "2", "--time", "10", "--out", run, "--submit"];
      const { code, stderr } = await runProgram(words, { env: { PATH: `${folder}:/usr/bin:/bin` } });
      assert.equal(code, 3, stderr);
      assert.ok(stderr.endsWith(`${message}\n`), stderr);
    };
    await refused(
      'case $* in *--dependency*) echo "no dependencies" >&2; exit 1 ;; esac; echo 8',
      "sbatch ended with exit code 1: no dependencies. The tasks are submitted as job 8. " +
        `Submit only the last job by hand: sbatch --dependency=afterany:8 ${run}.slurm/report.sbatch`,
    );
    await refused(
      "echo Welcome; echo 8",
      'sbatch printed "Welcome; 8". Look with squeue which jobs are submitted, and cancel them with scancel. ' +
        "Submit the scripts by hand, on a machine that has sbatch",
    );
  }));
