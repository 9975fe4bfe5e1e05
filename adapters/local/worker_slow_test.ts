import assert from "node:assert/strict";
import { join } from "node:path";
import {
  ClaimLost,
  type EventStore,
  memoryWorkQueues,
  type ModelAdapter,
  type RunHome,
} from "../../core/ports/mod.ts";
import { memoryRun } from "../../core/ports/memory_run.ts";
import { memoryLimitBoard } from "../../core/sharing/mod.ts";
import { eventsOf } from "../../core/testing/mod.ts";
import { folderRun } from "../stores/mod.ts";
import { nativeSha256 } from "../system.ts";
import { annotateTogether } from "./annotate_together.ts";
import { readExperiment } from "./load_experiment.ts";
import { runExperiment } from "./run_experiment.ts";
import { addPassJobs, DISCUSSIONS_TASK, passTask } from "./run_jobs.ts";
import { type WorkerOptions, workOnRun } from "./worker.ts";

const EXPERIMENT = `
name: shared
seed: 2026
models:
  talker: { adapter: scripted }
  judge: { adapter: scripted, annotatorReplies: ["1", "2", "3", "no idea"] }
participants: { model: talker, personas: [{ name: Ada }, { name: Ben }, { name: Cleo }] }
discussion: { turns: 5 }
moderators:
  host: { model: talker, instructions: Keep the peace., schedule: { every: 2 } }
design: { factors: { moderator: [none, host] }, replications: 8 }
annotation:
  pass: mood
  annotators: { model: judge, personas: [{ name: Rita }, { name: Sam }] }
  scales: { mood: { type: ordinal, min: 1, max: 3, question: How friendly is the last comment? } }
`;

const load = () => readExperiment({ path: "shared.yaml", text: EXPERIMENT, folder: "." });

const rules = { sha256: nativeSha256 } as Parameters<typeof eventsOf>[0]["rules"];

/** The events of all discussions, by name. */
async function logsOf(store: EventStore) {
  const streams = (await Array.fromAsync(store.streams())).sort();
  return Object.fromEntries(
    await Promise.all(streams.map(async (stream) => [stream, await eventsOf({ store, rules }, stream)])),
  );
}

/** The logs of one undisturbed process in a folder. */
async function undisturbed() {
  const folder = await Deno.makeTempDir();
  try {
    const out = join(folder, "run");
    await runExperiment(await load(), { out });
    return await logsOf((await folderRun(out).read()).store);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** A run that workers share, in memory. */
function shared(): Readonly<
  { home: RunHome; options: WorkerOptions; queues: ReturnType<typeof memoryWorkQueues> }
> {
  const queues = memoryWorkQueues();
  return {
    home: memoryRun({ sha256: nativeSha256 }),
    queues,
    options: {
      openQueue: () => Promise.resolve(queues.open()),
      plans: false,
      loadPass: () => Promise.reject(new Error("the run has no other pass")),
    },
  };
}

async function startedBy(home: RunHome): Promise<readonly string[]> {
  const { log } = await home.read();
  assert.ok(log.kind === "kept");
  return log.log.entries.flatMap(({ type, data }) => type === "RunStarted" ? [data.command] : []);
}

Deno.test("workOnRun() with several workers writes the same logs as one undisturbed process", async () => {
  const { home, options } = shared();
  const loaded = await load();
  const planner = await workOnRun(home, loaded, { ...options, plans: true, stop: AbortSignal.abort() });
  assert.deepEqual(planner.discussions?.cutShort, { by: "caller" });
  const workers = await Promise.all([1, 2, 3].map(() => workOnRun(home, loaded, options)));
  assert.deepEqual(await logsOf((await home.read()).store), await undisturbed());
  assert.equal(
    workers.reduce((sum, { discussions }) => sum + (discussions?.ended ?? 0), 0),
    loaded.plan.size,
  );
  assert.deepEqual(workers.map(({ annotations }) => [...annotations.keys()]), Array(3).fill(["mood"]));
  assert.deepEqual(await startedBy(home), ["run", "worker", "worker", "worker"]);
});

Deno.test("workOnRun() ends at a discussion that it does not know, and reports that the run has grown", async () => {
  const { home, options, queues } = shared();
  const loaded = await load();
  await workOnRun(home, loaded, { ...options, plans: true });
  await queues.open().add(DISCUSSIONS_TASK, [{ stream: "of another size", lane: "calm" }]);
  const { hasGrown, discussions } = await workOnRun(home, loaded, options);
  assert.deepEqual([hasGrown, discussions?.cutShort], [true, null]);
  assert.deepEqual(await queues.open().counts(DISCUSSIONS_TASK), {
    waiting: 1,
    active: 0,
    done: loaded.plan.size,
    failed: 0,
  });
});

Deno.test("workOnRun() annotates in a pass that another command has added", async () => {
  const { home, options, queues } = shared();
  const loaded = await load();
  await workOnRun(home, loaded, { ...options, plans: true });
  const { annotation } = loaded.experiment;
  const design = { ...annotation!.design, pass: "second" };
  const [first] = loaded.plan;
  await addPassJobs(queues.open(), design, [first!.id]);
  const { annotations } = await workOnRun(home, loaded, {
    ...options,
    loadPass: () => Promise.resolve({ ...loaded, setup: { ...annotation!, design } }),
  });
  assert.deepEqual([...annotations].map(([pass, { ended }]) => [pass, ended]), [["second", 1]]);
  assert.equal((await queues.open().counts(passTask("second"))).done, 1);
});

Deno.test("workOnRun() keeps the limit on requests in flight over all workers together", async () => {
  const { home, options } = shared();
  const text = EXPERIMENT.replace("adapter: scripted }", "adapter: counted, limits: { concurrency: 3 } }");
  const counted = { inFlight: 0, most: 0, asked: 0 };
  const scripted = (await load()).adapters.get("scripted")!;
  const adapter: ModelAdapter = {
    ...scripted,
    async create(...made) {
      const model = await scripted.create(...made);
      return {
        async generate(...request) {
          counted.asked++;
          counted.most = Math.max(counted.most, ++counted.inFlight);
          await new Promise((resolve) => setTimeout(resolve, 5));
          return await model.generate(...request).finally(() => counted.inFlight--);
        },
      };
    },
  };
  const own = { adapters: { counted: adapter } };
  const limited = await readExperiment({ path: "shared.yaml", text, folder: "." }, own);
  const board = memoryLimitBoard({ now: () => performance.now() });
  const sharing = { ...options, openBoard: () => board };
  await workOnRun(home, limited, { ...sharing, plans: true, stop: AbortSignal.abort() });
  await Promise.all([1, 2, 3].map(() => workOnRun(home, limited, sharing)));
  assert.ok(counted.asked > 40);
  assert.equal(counted.most, 3);
});

Deno.test("annotateTogether() leaves out discussions that have not ended, and leaves their jobs to other workers", async () => {
  const { home, options, queues } = shared();
  const loaded = await load();
  const stop = new AbortController();
  await workOnRun(home, loaded, {
    ...options,
    plans: true,
    concurrency: 2,
    stop: stop.signal,
    begins: () => ({ kind }) => void (kind === "ended" && stop.abort()),
  });
  const annotation = loaded.experiment.annotation!;
  const setup = { ...annotation, design: { ...annotation.design, pass: "second" } };
  const discussions = (await Array.fromAsync((await home.read()).store.streams())).sort();
  const warnings: string[] = [];
  const { jobs } = await annotateTogether(home, { ...loaded, setup }, {
    ...options,
    discussions,
    warn: (message) => void warnings.push(message),
  });
  const left = loaded.plan.size - 1;
  assert.equal(discussions.length, 2);
  assert.deepEqual(jobs.get(DISCUSSIONS_TASK), { waiting: left, active: 0, done: 1, failed: 0 });
  assert.deepEqual(await queues.open().counts(passTask("second")), {
    waiting: 0,
    active: 0,
    done: 1,
    failed: 0,
  });
  assert.match(warnings.join("\n"), new RegExp(`^${left} of the planned discussions have not ended`));
});

Deno.test("workOnRun() does not annotate an unfinished discussion that was added meanwhile", async () => {
  const { home, options, queues } = shared();
  const loaded = await load();
  await workOnRun(home, loaded, { ...options, plans: true });
  await addPassJobs(queues.open(), loaded.experiment.annotation!.design, ["of another size"]);
  const { hasGrown, jobs } = await workOnRun(home, loaded, options);
  const counts = { waiting: 1, active: 0, done: loaded.plan.size, failed: 0 };
  assert.deepEqual([hasGrown, jobs.get(passTask("mood"))], [true, counts]);
});

Deno.test("annotateTogether() leaves the jobs of unfinished discussions to the experiment's workers", async () => {
  const { home, options, queues } = shared();
  const loaded = await load();
  await workOnRun(home, loaded, { ...options, plans: true, stop: AbortSignal.abort() });
  const setup = loaded.experiment.annotation!;
  const warnings: string[] = [];
  const annotating = { ...options, discussions: [], warn: (message: string) => void warnings.push(message) };
  await annotateTogether(home, { ...loaded, setup }, annotating);
  const counts = await queues.open().counts(passTask("mood"));
  assert.deepEqual(counts, { waiting: loaded.plan.size, active: 0, done: 0, failed: 0 });
  assert.match(
    warnings.join(),
    /^16 of the planned discussions have not ended, so .* only the discussions before the first of these: .* "mood" belongs to/,
  );
});

Deno.test("workOnRun() and annotateTogether() report that other processes have taken over, even if closing fails", async () => {
  const { home, options } = shared();
  const loaded = await load();
  await workOnRun(home, loaded, { ...options, plans: true, stop: AbortSignal.abort() });
  const frozen: RunHome = {
    ...home,
    async join(joining) {
      const run = await home.join(joining);
      const close = () => run.close().then(() => Promise.reject(new Error("the connection has ended")));
      const lost = () => Promise.reject(new ClaimLost("another process has the run"));
      return { ...run, writeText: lost, close };
    },
  };
  const message = /this process did not answer for a while, so other processes have taken over/;
  await assert.rejects(workOnRun(frozen, loaded, { ...options, plans: true }), message);
  const annotating = { ...loaded, setup: loaded.experiment.annotation! };
  await assert.rejects(annotateTogether(frozen, annotating, { ...options, discussions: [] }), message);
});
