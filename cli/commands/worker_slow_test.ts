/** Workers as real processes, over a real server. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { loadExperiment, workOnRun } from "../../adapters/local/mod.ts";
import { queueAt } from "../../adapters/queues/mod.ts";
import { runAt } from "../../adapters/stores/mod.ts";
import { databaseTest } from "../../adapters/stores/postgres/testing/database.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import type { WorkQueue } from "../../core/ports/mod.ts";
import { EXIT_CODES } from "../shared/program.ts";
import { type Ended, ended, logsOf, runHere, runProgram, startProgram } from "../testing/processes.ts";
import { annotationFile, judgedExperiment, RULE, SMALL } from "../testing/experiments.ts";

const DISCUSSIONS = "discussions";
const PASS = "annotation/mood";

/**
 * After this many tries, the process hangs or has failed. Fewer tries are not enough: workers wait about 25
 * seconds until they can use the share of a frozen worker.
 */
const TRIES_MAX = 900;

/**
 * Waits until `isTrue()` returns true.
 *
 * @param worker If this process ends first, the test fails.
 */
async function until(isTrue: () => Promise<boolean>, worker?: Promise<Ended>): Promise<void> {
  let end: Ended | null = null;
  void worker?.then((ended) => end = ended);
  for (let tries = 0; !await isTrue(); tries++) {
    assert.equal(end, null, "the worker has ended");
    assert.ok(tries < TRIES_MAX, "nothing happens");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/**
 * Defines a test. It gets an experiment, the logs that one undisturbed process makes of it, and an address
 * for the run in a new database.
 */
function workerTest(
  name: string,
  { latencyMs, replications }: Readonly<{ latencyMs: string; replications: number }>,
  test: (file: string, place: string, undisturbed: ReadonlyMap<string, string>) => Promise<void>,
): void {
  databaseTest(name, (database) =>
    inFolder(async (folder) => {
      const file = join(folder, "experiment.yaml");
      const out = join(folder, "undisturbed");
      // The latency does not change the replies. A frozen worker keeps its share of the limits for as long as
      // a request may take, so this time is short here.
      const model = (latency: string) =>
        `{ adapter: scripted, latencyMs: ${latency}, limits: { requestSeconds: 8 } }`;
      await Deno.writeTextFile(file, judgedExperiment(model("[0, 1]"), replications));
      assert.equal((await runHere("run", file, "--out", out, "--quiet")).code, EXIT_CODES.ok);
      await Deno.writeTextFile(file, judgedExperiment(model(latencyMs), replications));
      await test(file, `${database}/rated`, await logsOf(await runAt(out)));
    }));
}

/** The operations logs of the processes are in this folder. */
const LOGS = Deno.makeTempDirSync();
addEventListener("unload", () => Deno.removeSync(LOGS, { recursive: true }));

function start(...args: readonly string[]): Deno.ChildProcess {
  return startProgram(args, { cwd: LOGS });
}

/** Makes the run and its jobs. */
async function plan(file: string, place: string): Promise<void> {
  const { discussions } = await workOnRun(await runAt(place), await loadExperiment(file), {
    openQueue: () => queueAt(place, () => {}),
    plans: true,
    loadPass: () => Promise.reject(new Error("there is no other pass")),
    stop: AbortSignal.abort(),
  });
  assert.deepEqual(discussions?.cutShort, { by: "caller" });
}

/** Opens the jobs of a run, so that the test can look at them. */
async function looking(place: string): Promise<WorkQueue & AsyncDisposable> {
  const queue = await queueAt(place, () => {});
  return Object.assign(queue, { [Symbol.asyncDispose]: () => queue.close() });
}

/**
 * A worker that takes longer, in milliseconds, is killed. On a busy machine, a worker that waits for more
 * jobs can run for more than a minute. So can workers beside a frozen one, because the frozen worker keeps
 * its share of the limits for a while.
 */
const WORKER_MS_MAX = 180_000;

function work(place: string, ...options: readonly string[]) {
  const child = start("worker", place, "--json", "--concurrency", "4", ...options);
  return { child, output: ended(child, WORKER_MS_MAX) };
}

async function finished(output: Promise<Ended>) {
  const { code, stdout, stderr } = await output;
  const lines = stdout.trimEnd().split("\n");
  return { code, stderr, summary: JSON.parse(lines.at(-1)!) };
}

workerTest(
  "eight processes give the logs of one, and leave nothing open",
  { latencyMs: "[20, 60]", replications: 12 },
  async (file, place, undisturbed) => {
    const planner = ended(start("run", file, "--store", place.replace(/\/rated$/, ""), "--json"));
    const home = await runAt(place);
    await until(async () => (await home.holders().catch(() => [])).length > 0);
    {
      await using queue = await looking(place);
      await until(async () => (await queue.counts(PASS)).waiting > 0);
    }
    const workers = Array.from({ length: 7 }, () => work(place).output);
    for (const output of [planner, ...workers]) {
      const { code, stderr } = await finished(output);
      assert.equal(code, EXIT_CODES.ok, stderr);
    }
    assert.deepEqual(await logsOf(home), undisturbed);
    await using queue = await looking(place);
    assert.deepEqual(await queue.counts(PASS), { waiting: 0, active: 0, done: 24, failed: 0 });
    assert.deepEqual(await home.holders(), []);
  },
);

workerTest(
  "a worker begins a run that was only prepared, and says what is kept when it is stopped early",
  { latencyMs: "[300, 400]", replications: 1 },
  async (file, place, undisturbed) => {
    const prepared = await ended(start("run", file, "--store", place.replace(/\/rated$/, ""), "--prepare"));
    assert.match(prepared.stdout, /^The run postgres:.* is ready for 2 discussions$/m);
    assert.match(prepared.stdout, /^To start: .*worker postgres:/m);
    const early = start("worker", place);
    const output = ended(early, WORKER_MS_MAX);
    const home = await runAt(place);
    await until(async () => (await logsOf(home)).size > 0, output);
    early.kill("SIGINT");
    assert.match((await output).stdout, /this worker {2}no discussion ended; what was said so far is kept/);
    const { code, stderr } = await finished(work(place).output);
    assert.equal(code, EXIT_CODES.ok, stderr);
    assert.deepEqual(await logsOf(home), undisturbed);
  },
);

workerTest(
  "another worker takes over the discussions of killed and frozen workers, and a frozen worker that wakes up writes nothing",
  { latencyMs: "[100, 200]", replications: 3 },
  async (file, place, undisturbed) => {
    await plan(file, place);
    await using queue = await looking(place);
    const zombie = start("worker", place, "--json", "--concurrency", "4");
    const late = ended(zombie, WORKER_MS_MAX);
    await until(async () => (await queue.counts(DISCUSSIONS)).active >= 4);
    const home = await runAt(place);
    await until(async () => /with [1-4] discussions in progress$/.test((await home.holders()).join("\n")));
    zombie.kill("SIGSTOP");
    const killed = start("worker", place, "--json", "--concurrency", "4");
    const end = ended(killed, WORKER_MS_MAX);
    await until(async () => (await queue.counts(DISCUSSIONS)).done > 0, end);
    killed.kill("SIGKILL");
    await end;
    const other = ended(start("worker", place, "--json", "--concurrency", "4"), WORKER_MS_MAX);
    const { code, stderr, summary } = await finished(other);
    assert.equal(code, EXIT_CODES.ok, stderr);
    assert.equal(summary.jobs[DISCUSSIONS].done, 6);
    assert.deepEqual(await logsOf(home), undisturbed);
    zombie.kill("SIGCONT");
    const woken = await finished(late);
    assert.equal(woken.code, EXIT_CODES.ok, woken.stderr);
    assert.ok(woken.summary.lost > 0, JSON.stringify(woken.summary));
    assert.deepEqual(await logsOf(home), undisturbed);
    // The killed worker had not recorded the ends of the discussions that it had finished. The last worker
    // recorded them.
    const { stdout } = await runHere("verify", place);
    assert.match(stdout, /^6 logs \(6 of finished discussions\), [\d,]+ events: all unchanged\n$/);
  },
);

workerTest(
  "SIGTERM puts the discussions of a worker back, and a worker reads the experiment again when the run is extended",
  { latencyMs: "[50, 150]", replications: 4 },
  async (file, place, undisturbed) => {
    const all = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, all.replace("replications: 4", "replications: 2"));
    await plan(file, place);
    await using queue = await looking(place);
    const stopped = work(place);
    await until(async () => (await queue.counts(DISCUSSIONS)).active > 0);
    stopped.child.kill("SIGTERM");
    const { code, summary } = await finished(stopped.output);
    assert.equal(code, EXIT_CODES.interrupted);
    assert.deepEqual(summary.cutShort, { by: "caller" });
    assert.equal((await queue.counts(DISCUSSIONS)).active, 0);
    const worker = work(place);
    await until(async () => (await queue.counts(DISCUSSIONS)).active > 0);
    await Deno.writeTextFile(file, all);
    await plan(file, place);
    const rest = await finished(worker.output);
    assert.equal(rest.code, EXIT_CODES.ok, rest.stderr);
    assert.deepEqual(await logsOf(await runAt(place)), undisturbed);
  },
);

workerTest(
  "`annotate` adds a pass to a run, and a worker that waits joins in",
  { latencyMs: "[0, 1]", replications: 6 },
  async (file, place) => {
    await plan(file, place);
    await using queue = await looking(place);
    const worker = work(place, "--wait");
    await until(async () => (await queue.counts(PASS)).done === 12);
    const annotation = `${file}.annotation.yaml`;
    // The annotators are slow, so that the worker can read the new pass before the command has finished it
    // alone.
    const judge = '{ adapter: scripted, annotatorReplies: ["1", "2"], latencyMs: [10, 20] }';
    await Deno.writeTextFile(annotation, annotationFile(judge));
    const annotate = [
      "annotate",
      place,
      "--with",
      annotation,
      "--pass",
      "calm",
      "--json",
      "--concurrency",
      "1",
    ];
    const command = ended(start(...annotate));
    let most = 0;
    await until(async () => {
      const { active, done } = await queue.counts("annotation/calm");
      most = Math.max(most, active);
      return done === 12;
    }, command);
    const { code, stderr } = await finished(command);
    assert.equal(code, EXIT_CODES.ok, stderr);
    // At most four jobs of the worker and one of the command are taken at the same time.
    assert.ok(most <= 5, `${most} jobs were taken`);
    worker.child.kill("SIGTERM");
    const { summary } = await finished(worker.output);
    // The worker ended twelve discussions, twelve annotations of the experiment's pass, and a part of the new
    // pass.
    assert.ok(summary.ended > 24, JSON.stringify(summary));
    for (const log of (await logsOf(await runAt(place))).values()) {
      assert.match(log, /"AnnotationPassCompleted".*"calm"/);
    }
  },
);

databaseTest(
  "a worker runs the code of a run only if the user agrees",
  (database) =>
    inFolder(async (folder) => {
      const file = join(folder, "experiment.yaml");
      await Deno.writeTextFile(file, `${SMALL}`.replace("turns: 2", "turns: 2, turnTaking: ./rule.ts"));
      await Deno.writeTextFile(join(folder, "rule.ts"), RULE);
      assert.equal((await ended(start("run", file, "--store", database, "--quiet"))).code, EXIT_CODES.ok);
      const place = `${database}/own`;
      const stranger = { env: { XDG_CONFIG_HOME: join(folder, "stranger") }, cwd: folder };
      const refused = await runProgram(["worker", place, "--json"], stranger);
      assert.equal(refused.code, EXIT_CODES.usage);
      assert.match(refused.stderr, /you have not run it before.*--trust/s);
      const trusted = await runProgram(["worker", place, "--json", "--trust"], stranger);
      assert.equal(trusted.code, EXIT_CODES.ok, trusted.stderr);
    }),
);

Deno.test("a worker needs a run in a database", async () => {
  const { code, stderr } = await runHere("worker", "runs/own");
  assert.equal(code, EXIT_CODES.usage);
  assert.match(
    stderr,
    /^error Cannot share the run "runs\/own" among workers: it is a folder\. Give a run in a database/,
  );
  for (
    const [options, message] of [
      [["--out", "o"], /give either --out or --store/],
      [["--shard", "1/2"], /Leave out --shard/],
      [["--people-links", "l.csv"], /no model is a person\. Leave out --people-links/],
    ] as const
  ) {
    const both = [
      "run",
      "fixtures/quickstart/scripted.yaml",
      "--store",
      "postgres://127.0.0.1:1/lab",
      ...options,
    ];
    const refused = await runHere(...both);
    assert.equal(refused.code, EXIT_CODES.usage);
    assert.match(refused.stderr, message);
  }
});
