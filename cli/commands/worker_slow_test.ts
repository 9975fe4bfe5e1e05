/** Workers as real processes, over a real server. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { nativeSha256 } from "../../adapters/system.ts";
import { queueAt } from "../../adapters/queues/mod.ts";
import { runAt } from "../../adapters/stores/mod.ts";
import { databaseTest } from "../../adapters/stores/postgres/testing/database.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { readStream } from "../../core/engine/mod.ts";
import { EXIT_CODES } from "../shared/program.ts";
import { type Ended, ended, runHere, runProgram, startProgram } from "../testing/processes.ts";
import { annotationFile, judgedExperiment, RULE, SMALL } from "../testing/experiments.ts";

const PASS = "annotation/mood";

/** More tries mean that a process hangs, or has failed. */
const TRIES_MAX = 300;

/** The logs of a run: stream → `type` and `data` of its events, as JSON lines. */
async function logsOf(place: string): Promise<ReadonlyMap<string, string>> {
  const { store } = await (await runAt(place)).read();
  const logs = new Map<string, string>();
  for await (const stream of store.streams()) {
    const lines: string[] = [];
    for await (const { type, data } of readStream(store, stream, nativeSha256)) {
      lines.push(JSON.stringify({ type, data }));
    }
    logs.set(stream, lines.join("\n"));
  }
  return new Map([...logs].sort(([a], [b]) => a < b ? -1 : 1));
}

/** How many jobs of a task are in each state. */
async function countsOf(place: string, task: string) {
  const queue = await queueAt(place, () => {});
  try {
    return await queue.counts(task);
  } finally {
    await queue.close();
  }
}

/** Waits until something is true. */
async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; !await isTrue(); tries++) {
    assert.ok(tries < TRIES_MAX, "nothing happens");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Defines a test with an experiment, the logs of one undisturbed process, and the address of a run in a new database. */
function workerTest(
  name: string,
  { latencyMs, replications }: Readonly<{ latencyMs: string; replications: number }>,
  test: (file: string, place: string, undisturbed: ReadonlyMap<string, string>) => Promise<void>,
): void {
  databaseTest(name, (database) =>
    inFolder(async (folder) => {
      const file = join(folder, "experiment.yaml");
      const out = join(folder, "undisturbed");
      // The replies do not depend on how long they take.
      const model = (latency: string) => `{ adapter: scripted, latencyMs: ${latency} }`;
      await Deno.writeTextFile(file, judgedExperiment(model("[0, 1]"), replications));
      assert.equal((await runHere("run", file, "--out", out, "--quiet")).code, EXIT_CODES.ok);
      await Deno.writeTextFile(file, judgedExperiment(model(latencyMs), replications));
      await test(file, `${database}/rated`, await logsOf(out));
    }));
}

/** The operations logs of the processes are in this folder. */
const LOGS = Deno.makeTempDirSync();
addEventListener("unload", () => Deno.removeSync(LOGS, { recursive: true }));

function start(...args: readonly string[]): Deno.ChildProcess {
  return startProgram(args, { cwd: LOGS });
}

/** Makes the run and its jobs by a process that is stopped at once. */
async function planned(file: string, place: string): Promise<void> {
  const child = start("run", file, "--store", place.replace(/\/rated$/, ""), "--json");
  const output = ended(child);
  await until(async () => (await jobsOrNone(place)) > 0);
  child.kill("SIGTERM");
  assert.equal((await output).code, EXIT_CODES.interrupted, (await output).stderr);
}

async function jobsOrNone(place: string): Promise<number> {
  try {
    const { waiting, active, done } = await countsOf(place, PASS);
    return waiting + active + done;
  } catch {
    return 0;
  }
}

function work(place: string): Readonly<{ child: Deno.ChildProcess; output: Promise<Ended> }> {
  const child = start("worker", place, "--json", "--concurrency", "4");
  return { child, output: ended(child) };
}

const isBusy = (place: string, task = "discussions") => async () => (await countsOf(place, task)).active > 0;

workerTest(
  "eight workers give the logs of one undisturbed process, and `run` plans and works, too",
  { latencyMs: "[20, 60]", replications: 12 },
  async (file, place, undisturbed) => {
    const planner = ended(start("run", file, "--store", place.replace(/\/rated$/, ""), "--json"));
    await until(async () => (await jobsOrNone(place)) > 0);
    const workers = Array.from({ length: 7 }, () => work(place).output);
    for (const { code, stderr } of [await planner, ...await Promise.all(workers)]) {
      assert.equal(code, EXIT_CODES.ok, stderr);
    }
    assert.deepEqual(await logsOf(place), undisturbed);
    assert.deepEqual(await countsOf(place, PASS), { waiting: 0, active: 0, done: 24, failed: 0 });
    assert.deepEqual(await (await runAt(place)).holders(), []);
  },
);

workerTest(
  "another worker has the discussions of a worker that was killed",
  { latencyMs: "[100, 300]", replications: 3 },
  async (file, place, undisturbed) => {
    await planned(file, place);
    const killed = work(place);
    await until(isBusy(place));
    killed.child.kill("SIGKILL");
    await killed.output;
    assert.ok((await countsOf(place, "discussions")).active > 0);
    const { code, stderr } = await work(place).output;
    assert.equal(code, EXIT_CODES.ok, stderr);
    assert.deepEqual(await logsOf(place), undisturbed);
  },
);

workerTest(
  "a worker that was frozen until others took over writes nothing when it wakes up, and says why",
  { latencyMs: "[100, 300]", replications: 3 },
  async (file, place, undisturbed) => {
    await planned(file, place);
    const zombie = work(place);
    await until(isBusy(place));
    zombie.child.kill("SIGSTOP");
    const other = await work(place).output;
    assert.equal(other.code, EXIT_CODES.ok, other.stderr);
    const linesBefore = (await (await runAt(place)).read()).log;
    zombie.child.kill("SIGCONT");
    const { code, stdout } = await zombie.output;
    assert.equal(code, EXIT_CODES.ok);
    const summary = JSON.parse(stdout.trimEnd().split("\n").at(-1)!);
    assert.ok(summary.lost > 0, stdout);
    assert.deepEqual(await logsOf(place), undisturbed);
    assert.ok(linesBefore.kind === "kept");
  },
);

workerTest(
  "SIGTERM puts the discussions of a worker back, and ends it",
  { latencyMs: "[20, 60]", replications: 6 },
  async (file, place, undisturbed) => {
    await planned(file, place);
    const stopped = work(place);
    await until(isBusy(place));
    stopped.child.kill("SIGTERM");
    const { code, stdout } = await stopped.output;
    assert.equal(code, EXIT_CODES.interrupted);
    assert.deepEqual(JSON.parse(stdout.trimEnd().split("\n").at(-1)!).cutShort, { by: "caller" });
    assert.equal((await countsOf(place, "discussions")).active, 0);
    assert.equal((await work(place).output).code, EXIT_CODES.ok);
    assert.deepEqual(await logsOf(place), undisturbed);
  },
);

workerTest(
  "`run` extends a run while a worker works, which then reads the experiment again",
  { latencyMs: "[50, 150]", replications: 4 },
  async (file, place, undisturbed) => {
    const all = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, all.replace("replications: 4", "replications: 2"));
    await planned(file, place);
    const worker = work(place);
    await until(isBusy(place));
    await Deno.writeTextFile(file, all);
    const stopped = start("run", file, "--store", place, "--json");
    const output = ended(stopped);
    await until(async () => (await countsOf(place, PASS)).waiting === 8);
    stopped.kill("SIGTERM");
    await output;
    const { code, stderr } = await worker.output;
    assert.equal(code, EXIT_CODES.ok, stderr);
    assert.deepEqual(await logsOf(place), undisturbed);
  },
);

workerTest(
  "`annotate` adds a pass to a run, and a worker that waits joins in",
  { latencyMs: "[0, 1]", replications: 6 },
  async (file, place) => {
    await planned(file, place);
    const child = start("worker", place, "--wait", "--json");
    const output = ended(child);
    await until(async () => (await countsOf(place, PASS)).done === 12);
    const annotation = `${file}.annotation.yaml`;
    const judge = '{ adapter: scripted, annotatorReplies: ["1", "2"], latencyMs: [30, 60] }';
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
    const { code, stderr } = await ended(start(...annotate));
    assert.equal(code, EXIT_CODES.ok, stderr);
    await until(async () => (await countsOf(place, "annotation/calm")).done === 12);
    child.kill("SIGTERM");
    const { jobs, ended: count } = JSON.parse((await output).stdout.trimEnd().split("\n").at(-1)!);
    assert.equal(jobs["annotation/calm"].done, 12);
    // Twelve discussions and twelve annotations of the experiment's own pass, and its part of the new pass.
    assert.ok(count > 24, `${count} jobs`);
    for (const log of (await logsOf(place)).values()) assert.match(log, /"AnnotationPassCompleted".*"calm"/);
  },
);

databaseTest(
  "a worker runs the code of a run only if its user agrees",
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
      [["--people-links", "l.csv"], /people can be asked only by a run in a folder/],
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
