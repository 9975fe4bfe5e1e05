/**
 * Disturbs workers of a run in a database, and the database itself, again and again. Compares the finished logs with the logs of
 * one undisturbed process. Needs PostgreSQL; with Debian's package faketime, the clocks of the workers are off by up to three days.
 * Usage: [--rounds N] [--seed N] [--workers N]
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { startServer, type TestServer } from "../../adapters/stores/postgres/testing/server.ts";
import { folderRun, runAt } from "../../adapters/stores/mod.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { type Draw, openDraw } from "../../core/random/mod.ts";
import { formatDuration, plural } from "../terminal/numbers.ts";
import { Audit } from "./chaos/audit.ts";
import { CAN_SKEW, Crew, type Worker } from "./chaos/crew.ts";
import { judgedExperiment } from "./experiments.ts";
import { numberOptions, say } from "./number_options.ts";
import { ended, logsOf, runHere, startProgram } from "./processes.ts";

/**
 * How long a worker is frozen: at least and at most, in milliseconds. After this time, the worker counts as
 * dead, and others have its discussions.
 */
const FROZEN_MS = [11_000, 16_000] as const;

/** At most this many workers are frozen at the same time, so that enough workers are left to work. */
const FROZEN_MAX = 2;

/** After a disturbance, the workers have at most this time until the next one, in milliseconds. */
const REST_MS_MAX = 1_500;

/** If no event is added for this time, in milliseconds, the run hangs. */
const HANGING_MS = 90_000;

const LOOK_MS = 200;

/**
 * The disturbances and their weights: a disturbance with a greater weight is drawn more often. First, each
 * comes once.
 */
const DISTURBANCES = {
  /** A worker dies, and another one joins. */
  kills: 12,
  /** A worker is frozen until it counts as dead. Then it wakes up. */
  freezes: 6,
  /** A worker ends cleanly, and another one joins. */
  leaves: 4,
  /** Some connections end. */
  cuts: 6,
  /** All connections of one worker end. */
  partings: 4,
  /** The server stops without an orderly end (`pg_ctl restart -m immediate`), and starts again. */
  restarts: 1,
  /** The server's first process dies (`kill -9`), and the server is started again. */
  crashes: 1,
  /** A process of the server dies, so that the server ends all others and recovers. */
  recoveries: 1,
} as const;

type Disturbance = keyof typeof DISTURBANCES;
const KINDS = Object.keys(DISTURBANCES) as readonly Disturbance[];

/** What was done to runs. */
export type Tally =
  & Record<Disturbance, number>
  & Record<"runs" | "rounds" | "workers" | "events" | "takeOvers" | "zombies", number>;

/** The number of rounds, the seed, the number of workers, and the replications of the experiment in a run. */
export type ChaosOptions = Readonly<{ rounds: number; seed: number; workers: number; replications: number }>;

/**
 * Runs experiments with disturbances, until there were enough rounds.
 *
 * @param folder An empty folder.
 */
export async function chaos(
  folder: string,
  { rounds, seed, workers, replications }: ChaosOptions,
): Promise<Tally> {
  const file = join(folder, "experiment.yaml");
  const model = (latency: string) => `{ adapter: scripted, latencyMs: ${latency}, silence: 0.1 }`;
  await Deno.writeTextFile(file, judgedExperiment(model("[0, 1]"), replications));
  const undisturbed = join(folder, "undisturbed");
  const first = await runHere("run", file, "--out", undisturbed, "--quiet");
  assert.equal(first.code, 0, first.stderr);
  const expected = await logsOf(folderRun(undisturbed));
  await Deno.writeTextFile(file, judgedExperiment(model("[50, 1000]"), replications));
  await using server = await startServer(["max_connections=200"]);
  const kinds = drawKinds(openDraw(String(seed), "disturbances"));
  const draw = openDraw(String(seed), "chaos");
  const tally: Tally = {
    ...Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Record<Disturbance, number>,
    ...{ runs: 0, rounds: 0, workers: 0, events: 0, takeOvers: 0, zombies: 0 },
  };
  while (tally.rounds < rounds) {
    const run = new DisturbedRun({ server, file, folder, kinds, draw, tally, rounds, workers });
    await run.toItsEnd(expected);
    tally.runs++;
  }
  return tally;
}

type Setting = Readonly<{
  server: TestServer;
  file: string;
  folder: string;
  kinds: Iterator<Disturbance, never>;
  draw: Draw;
  tally: Tally;
  rounds: number;
  workers: number;
}>;

class DisturbedRun {
  readonly #setting: Setting;
  readonly #waking: Promise<void>[] = [];

  constructor(setting: Setting) {
    this.#setting = setting;
  }

  /** Runs the experiment with disturbances until it has ended. Then compares its logs with the expected ones. */
  async toItsEnd(expected: ReadonlyMap<string, string>): Promise<void> {
    const { server, file, folder, draw, tally, rounds, workers } = this.#setting;
    const database = await server.makeDatabase();
    await using audit = new Audit(database);
    const place = `${database}/rated`;
    await plan(file, { place, audit, cwd: folder });
    await audit.begin();
    using crew = new Crew({
      cwd: folder,
      draw,
      async placeFor(name) {
        await audit.addUser(name);
        return place.replace("//postgres@", `//${name}@`);
      },
    });
    for (let count = 0; count < workers; count++) await crew.join();
    let [events, grewMs] = [0, performance.now()];
    while (!isFinished(await audit.jobs())) {
      if (crew.problems.length > 0) break;
      const now = await audit.events();
      if (now > events) [events, grewMs] = [now, performance.now()];
      assert.ok(performance.now() - grewMs < HANGING_MS, `nothing happens: ${await stateOf(audit, crew)}`);
      while (crew.awake.length + crew.frozen < workers) await crew.join();
      if (tally.rounds < rounds && events > 0) await this.#disturb(audit, crew);
      await pause(tally.rounds < rounds ? draw.below(REST_MS_MAX) : LOOK_MS);
    }
    await Promise.all(this.#waking);
    await crew.end();
    tally.workers += crew.started;
    assert.deepEqual(crew.problems, []);
    const { stray, takeOvers, appends } = await audit.findings();
    assert.deepEqual(stray, []);
    assert.ok(appends > 0);
    tally.takeOvers += takeOvers;
    tally.events += await audit.events();
    const home = await runAt(place);
    assert.deepEqual(await logsOf(home), expected);
    assert.deepEqual(await home.holders(), []);
    for (const check of [["verify", place], ["replay", place, "--verify"]]) {
      const { code, stdout, stderr } = await runHere(...check);
      assert.equal(code, 0, stdout + stderr);
      assert.doesNotMatch(stdout, /not in the run's log yet|not protected/);
    }
  }

  async #disturb(audit: Audit, crew: Crew): Promise<void> {
    const { server, kinds, draw, tally } = this.#setting;
    const { awake } = crew;
    if (awake.length === 0) return;
    const kind = kinds.next().value;
    if (kind === "freezes" && crew.frozen >= FROZEN_MAX) return;
    const worker = draw.pick(awake);
    tally.rounds++;
    tally[kind]++;
    switch (kind) {
      case "kills":
        return await crew.kill(worker);
      case "freezes":
        this.#waking.push(this.#freeze(worker, audit, crew));
        return;
      case "leaves":
        return crew.leave(worker);
      case "cuts": {
        const backends = await audit.backends();
        return await audit.cut(draw.sample(backends, draw.below(backends.length + 1)).map(({ pid }) => pid));
      }
      case "partings":
        return await audit.cut(
          (await audit.backends()).filter((one) => one.worker === worker.name).map(({ pid }) => pid),
        );
      case "restarts":
        await server.stop("SIGQUIT");
        return await server.start();
      case "crashes":
        await server.stop("SIGKILL");
        return await server.start();
      case "recoveries": {
        const backends = await audit.backends();
        if (backends.length > 0) Deno.kill(draw.pick(backends).pid, "SIGKILL");
        return;
      }
    }
  }

  async #freeze(worker: Worker, audit: Audit, crew: Crew): Promise<void> {
    const [least, most] = FROZEN_MS;
    const ms = least + this.#setting.draw.below(most - least);
    crew.freeze(worker);
    const from = await audit.now();
    await pause(ms);
    const until = await audit.now();
    if (await audit.takenFrom({ worker: worker.name, from, until }) > 0) this.#setting.tally.zombies++;
    crew.wake(worker);
  }
}

function* drawKinds(draw: Draw): Generator<Disturbance, never> {
  yield* draw.sample(KINDS, KINDS.length);
  for (;;) yield KINDS[draw.weighted(Object.values(DISTURBANCES))]!;
}

/** Starts a process that makes the run and its jobs, and stops it as soon as there are jobs. */
async function plan(
  file: string,
  { place, audit, cwd }: Readonly<{ place: string; audit: Audit; cwd: string }>,
): Promise<void> {
  const child = startProgram(["run", file, "--store", place, "--json"], { cwd });
  let isRunning = true;
  const output = ended(child, HANGING_MS).finally(() => isRunning = false);
  while (isRunning && await audit.passJobs() === 0) await pause(LOOK_MS);
  if (isRunning) child.kill("SIGTERM");
  const { stderr } = await output;
  assert.ok(await audit.passJobs() > 0, stderr);
}

function isFinished(jobs: ReadonlyMap<string, number>): boolean {
  return [...jobs.keys()].every((state) => state === "completed");
}

async function stateOf(audit: Audit, crew: Crew): Promise<string> {
  return JSON.stringify({
    jobs: Object.fromEntries(await audit.jobs()),
    awake: crew.awake.map(({ name }) => name),
    frozen: crew.frozen,
    backends: await audit.backends(),
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

if (import.meta.main) {
  const options = numberOptions({ rounds: 100, seed: 0, workers: 8, replications: 40 });
  await inFolder(async (folder) => {
    const startedMs = performance.now();
    const { runs, events, workers, rounds, ...counts } = await chaos(folder, options);
    const details = Object.entries(counts).map(([name, count]) => `${name}: ${count}`).join(", ");
    say(
      `${plural(rounds, "round")} in ${plural(runs, "run")} with ${plural(workers, "worker")}${
        CAN_SKEW ? ", whose clocks differ" : ""
      }: all ${plural(events, "event")} as in an undisturbed run, in ${
        formatDuration(performance.now() - startedMs)
      } (${details})`,
    );
  });
}
