/** Runs experiments on a real Slurm of one node: arrays with kills, requeues, time limits and model servers. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startOpenAiStub } from "../../adapters/models/testing/openai_stub.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { contentsOfRun, runProgram } from "../testing/processes.ts";
import { unlessLacking } from "../testing/python.ts";
import { type SlurmCluster, slurmLacks, startSlurm } from "../testing/slurm_cluster.ts";

const STUB = fileURLToPath(new URL("../../adapters/models/testing/openai_stub.ts", import.meta.url));
const lack = slurmLacks();

/** Starts a cluster, and gives a folder whose name is hard to quote. */
async function onCluster(use: (cluster: SlurmCluster, folder: string) => Promise<void>): Promise<void> {
  await inFolder(async (folder) => {
    // All users must be able to reach the services.
    await Deno.chmod(folder, 0o755);
    const services = join(folder, "slurm");
    await Deno.mkdir(services);
    const work = join(folder, `a "run's" äöü 50%j $HOME`);
    await Deno.mkdir(work);
    await using cluster = await startSlurm(services);
    await use(cluster, work);
  });
}

type Size = Readonly<{ turns: number; replications: number }>;

function experimentText(talker: string, { turns, replications }: Size): string {
  return `name: rated
seed: 2026
models:
  talker: { ${talker} }
  judge: { adapter: scripted, annotatorReplies: ["1", "2", "no idea"], latencyMs: 20 }
participants: { model: talker, personas: [{ name: Ada }, { name: Ben }, { name: Cleo }] }
discussion: { turns: ${turns} }
design: { replications: ${replications} }
annotation:
  annotators: { model: judge, personas: [{ name: Rita }] }
  scales: { mood: { type: ordinal, min: 1, max: 3, question: How friendly is the last comment? } }
`;
}

const SERVED = "adapter: openai, baseUrl: 'http://localhost:8000/v1', model: stub-model";

/** The number of a process whose command line has this text; `null` if there is none. */
function processWith(text: string): number | null {
  for (const { name } of Deno.readDirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const line = Deno.readTextFileSync(`/proc/${name}/cmdline`).replaceAll("\0", " ");
      if (line.includes(text)) return Number(name);
    } catch {
      // The process has ended.
    }
  }
  return null;
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)/m.exec(Deno.readTextFileSync(`/proc/${pid}/status`))![1]);
}

/** The turns in the log of the discussion that a task runs. */
function turnsOf(run: string, task: number): number {
  const folder = join(run, "discussions");
  const names = existsSync(folder) ? [...Deno.readDirSync(folder)].map(({ name }) => name) : [];
  const log = names.find((name) => name.includes(`.r000${task}.`));
  return log === undefined ? 0 : Deno.readTextFileSync(join(folder, log)).split("TurnTaken").length - 1;
}

async function logText(run: string, name: string): Promise<string> {
  return await Deno.readTextFile(`${run}.slurm/${name}`);
}

async function outputOf(...[words, options]: Parameters<typeof runProgram>): Promise<string> {
  const { code, stdout, stderr } = await runProgram(words, options);
  assert.equal(code, 0, stdout + stderr);
  return stdout;
}

const TASKS = [1, 2, 3, 4, 5, 6, 7, 8];
/** The turns of each discussion. At half a second each, they take longer than the start of any process. */
const TURNS = 80;

Deno.test({
  ...unlessLacking(
    "slurm's tasks make the same logs as one process, despite kills, a cancellation, requeues and a short time limit",
    lack,
  ),
  fn: () =>
    onCluster(async (cluster, folder) => {
      const { env, call } = cluster;
      const [file, run] = [join(folder, "e.yaml"), join(folder, "run")];
      const talker = "adapter: scripted, latencyMs: [400, 600]";
      await Deno.writeTextFile(file, experimentText(talker, { turns: TURNS, replications: TASKS.length }));
      await outputOf(["slurm", file, "--tasks", "8", "--time", "1:00", "--out", run], { env });
      // With this change, Slurm sends SIGTERM at most 30 seconds after the start, so every task needs several
      // starts.
      const script = `${run}.slurm/tasks.sbatch`;
      await Deno.writeTextFile(script, (await Deno.readTextFile(script)).replace("TERM@15", "TERM@50"));
      const submit = async () => {
        const job = (await call("sbatch", "--parsable", script)).trim();
        await call("sbatch", `--dependency=afterany:${job}`, `${run}.slurm/report.sbatch`);
        return job;
      };
      const job = await submit();
      const program = (task: number) => processWith(`--out ${run} --shard ${task}/8`);
      await cluster.waitForJobs(() => TASKS.every((task) => program(task) !== null));
      Deno.kill(program(1)!, "SIGKILL");
      await call("scontrol", "requeue", `${job}_3`);
      await call("scancel", "--signal=TERM", "--batch", `${job}_4`);
      // Task 2 is killed with its script when it has nearly finished. Task 5 is cancelled when it has nearly
      // finished.
      const isLate = (task: number) => program(task) !== null && turnsOf(run, task) > TURNS - 15;
      const killLate = async () => {
        await cluster.waitForJobs(() => isLate(2));
        const killed = program(2)!;
        Deno.kill(parentOf(killed), "SIGKILL");
        Deno.kill(killed, "SIGKILL");
      };
      const cancelLate = async () => {
        await cluster.waitForJobs(() => isLate(5));
        await call("scancel", `${job}_5`);
      };
      // Either task can be the first to get so far.
      await Promise.all([killLate(), cancelLate()]);
      await cluster.waitForJobs();

      // The last job has submitted task 2 again. Task 5 stays cancelled, so there is no report.
      const report = await logText(run, "report.log");
      assert.match(report, /submits tasks again that were killed: 2\n/);
      assert.match(report, /task 5: cancelled/);
      assert.match(report, /the run is not finished, so there is no report/);
      await assert.rejects(Deno.stat(join(run, "report")), { name: "NotFound" });
      for (const task of TASKS) {
        const starts = (await logText(run, `task-${task}.log`)).match(/ starts on /g)!.length;
        // The time limit stops each task, and three tasks were also stopped for another reason.
        assert.ok(starts >= ([1, 3, 4].includes(task) ? 3 : 2), `task ${task}: ${starts} starts`);
      }

      // The cancelled task runs when the scripts are submitted again. Finished parts end at once.
      await submit();
      await cluster.waitForJobs();
      assert.match(await logText(run, "report.log"), /The family-wise false-flag rate/);
      assert.ok((await Deno.stat(join(run, "report", "report.html"))).isFile);
      await outputOf(["verify", run]);
      const quick = experimentText("adapter: scripted", { turns: TURNS, replications: TASKS.length });
      await Deno.writeTextFile(file, quick);
      const undisturbed = join(folder, "undisturbed");
      await outputOf(["run", file, "--out", undisturbed]);
      assert.deepEqual(await contentsOfRun(run), await contentsOfRun(undisturbed));
    }),
});

Deno.test({
  ...unlessLacking("slurm starts a model server in each task, and ends it with the task", lack),
  fn: () =>
    onCluster(async (cluster, folder) => {
      const { env, call } = cluster;
      const [file, run] = [join(folder, "e.yaml"), join(folder, "run")];
      await Deno.writeTextFile(file, experimentText(SERVED, { turns: 6, replications: 6 }));
      // The server's command starts another process, which must end, too.
      const server = `sleep 3456 & ${Deno.execPath()} run -A ${STUB} 50 $PORT`;
      const words = ["slurm", file, "--tasks", "3", "--time", "10", "--out", run, "--server", server];
      const { jobs } = JSON.parse(await outputOf([...words, "--submit", "--json"], { env }));
      await call("scancel", jobs.report);
      await cluster.waitForJobs();
      const ports = await Promise.all([1, 2, 3].map(async (task) => {
        const log = await logText(run, `task-${task}.log`);
        assert.match(log, /the model server answers after \d+ seconds\n[^]*has finished its part\n/);
        const [, port] = /starts the model server at port (\d+)/.exec(log)!;
        assert.equal(await logText(run, `server-${task}.log`), `http://127.0.0.1:${port}/v1\n`);
        return port;
      }));
      assert.equal(new Set(ports).size, 3);
      assert.equal(processWith(`${STUB} 50`), null);
      assert.equal(processWith("sleep 3456"), null);
      const undisturbed = join(folder, "undisturbed");
      await using stub = startOpenAiStub();
      await outputOf(["run", file, "--out", undisturbed, "--local-server", stub.baseUrl]);
      assert.deepEqual(await contentsOfRun(run), await contentsOfRun(undisturbed));
    }),
});

Deno.test({
  ...unlessLacking("a task of slurm whose server ends too early is not started again for ever", lack),
  fn: () =>
    onCluster(async (cluster, folder) => {
      const { env } = cluster;
      const [file, run] = [join(folder, "e.yaml"), join(folder, "run")];
      await Deno.writeTextFile(file, experimentText(SERVED, { turns: 2, replications: 2 }));
      const server = "echo no graphics card; exit 7 # $PORT";
      const words = ["slurm", file, "--tasks", "1", "--time", "10", "--out", run, "--server", server];
      await outputOf(words, { env });
      const script = `${run}.slurm/tasks.sbatch`;
      const text = await Deno.readTextFile(script);
      await Deno.writeTextFile(script, text.replace("\nSTARTS_MAX=5\n", "\nSTARTS_MAX=1\n"));
      const refused = await runProgram([...words, "--submit"], { env });
      assert.equal(refused.code, 2);
      assert.match(
        refused.stderr,
        /Cannot write ".*tasks\.sbatch": .* it was edited or made with other options/,
      );
      const job = (await cluster.call("sbatch", "--parsable", script)).trim();
      await cluster.call("sbatch", `--dependency=afterany:${job}`, `${run}.slurm/report.sbatch`);
      await cluster.waitForJobs();
      const log = await logText(run, "task-1.log");
      assert.match(log, /the end of .*server-1\.log:\nno graphics card\n/);
      // Slurm can write a line of its own between these two.
      assert.match(log, /the model server ended with exit code 7 before it answered\n/);
      assert.match(log, / goes back into the queue\n/);
      assert.match(log, /failed for good: its last starts \(1\) made no progress; task-1\.log says why\n$/);
      const last = await logText(run, "report.log");
      assert.match(last, /task 1: failed: its last starts \(1\) made no progress; task-1\.log says why\n/);
      assert.match(
        last,
        /no task has begun the run\. Read the logs of the tasks, and submit tasks\.sbatch again\n$/,
      );
    }),
});
