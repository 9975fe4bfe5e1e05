/**
 * Kills runs of the real program again and again, and compares their logs with the logs of an undisturbed run.
 * Usage: [--kills N] [--seed N]
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import {
  type OpenAiStub,
  startOpenAiStub,
  type StubFault,
} from "../../adapters/models/testing/openai_stub.ts";
import { type Draw, openDraw } from "../../core/random/mod.ts";
import { judgedExperiment } from "./experiments.ts";
import { contentsOfRun, type Ended, ended, runProgram, startProgram } from "./processes.ts";
import { inFolder } from "../../adapters/testing/in_folder.ts";
import { formatDuration, plural } from "../terminal/numbers.ts";
import { numberOptions, say } from "./number_options.ts";

/** One run is killed at most this many times. */
const KILLS_PER_RUN_MAX = 20;

/** If the moment of a kill is drawn by size, the process writes at most this many bytes before. */
const GROWTH_BYTES_MAX = 20_000;

/**
 * If the moment of a kill is drawn by time, the process lives at most this many milliseconds. Some processes
 * have hardly begun by then.
 */
const LIFE_MS_MAX = 900;

/** The size of the logs is checked at this interval, in milliseconds. */
const LOOK_MS = 2;

/** An undisturbed run may need this many starts, because requests can fail after all attempts. */
const STARTS_MAX = 10;

/** On average, the server answers one of this many requests with a fault. */
const FAULT_EVERY = 25;

const FAULTS: readonly StubFault[] = [
  { kind: "answer", status: 500 },
  { kind: "answer", status: 503, body: "<html>overloaded</html>" },
  { kind: "answer", status: 429, headers: { "Retry-After": "0" } },
  { kind: "body", body: '{"choices": [' },
  { kind: "body", body: "null" },
  { kind: "break" },
];

type Answering = "script" | "server";

type Tortured = Readonly<{ runs: number; kills: number; events: number }>;

/**
 * Runs an experiment with an annotation, kills the program at random moments, and starts it again until the run is done.
 * Then compares the logs with the logs of an undisturbed run. Repeats this in new folders until there were enough kills.
 *
 * @param folder An empty folder.
 */
export async function torture(
  folder: string,
  { kills, seed, answering }: Readonly<{ kills: number; seed: number; answering: Answering }>,
): Promise<Tortured> {
  const draw = openDraw(String(seed), "torture", answering);
  await using stub = answering === "server" ? badServer(openDraw(String(seed), "bad moments")) : null;
  const file = join(folder, "experiment.yaml");
  await Deno.writeTextFile(file, judgedExperiment(modelAt(stub)));
  const undisturbed = join(folder, "undisturbed");
  await toItsEnd(file, undisturbed);
  const expected = await contentsOfRun(undisturbed);
  let [runs, killed] = [0, 0];
  while (killed < kills) {
    const out = join(folder, `run-${++runs}`);
    const most = Math.min(KILLS_PER_RUN_MAX, kills - killed);
    killed += await runWithKills(file, out, { draw, kills: most });
    assert.deepEqual(await contentsOfRun(out), expected);
    for (const check of [["verify", out], ["replay", out, "--verify"]]) {
      const { code, stdout, stderr } = await runProgram(check);
      assert.equal(code, 0, stdout + stderr);
      assert.doesNotMatch(stdout, /not in the run's log yet|not protected/);
    }
  }
  const events = [...expected.values()].reduce((sum, text) => sum + text.split("\n").length - 1, 0);
  return { runs, kills: killed, events: events * runs };
}

/** Runs the program and kills it up to `kills` times. Returns the number of kills that hit the program before its end. */
async function runWithKills(
  file: string,
  out: string,
  { draw, kills }: Readonly<{ draw: Draw; kills: number }>,
): Promise<number> {
  for (let killed = 0; killed < kills; killed++) {
    const { code, signal, stderr } = await runUntil(drawnMoment(out, draw), ["run", file, "--out", out]);
    if (signal !== null) continue;
    refuseOther(code, stderr);
    if (code === 0) return killed;
  }
  await toItsEnd(file, out);
  return kills;
}

/**
 * Kills the program as soon as `hasCome()` returns true.
 *
 * @param msMax After this many milliseconds, the program counts as hung; by default, a minute.
 */
export async function runUntil(
  hasCome: () => boolean,
  args: readonly string[],
  msMax?: number,
): Promise<Ended> {
  const child = startProgram(args);
  let isKilled = false;
  const timer = setInterval(() => {
    if (!hasCome()) return;
    clearInterval(timer);
    isKilled = true;
    child.kill("SIGKILL");
  }, LOOK_MS);
  try {
    const outcome = await ended(child, msMax);
    assert.ok(outcome.signal === null || isKilled, `the program hung: ${outcome.stderr}`);
    return outcome;
  } finally {
    clearInterval(timer);
  }
}

/** Starts a run again until it is done. Each start tries discussions with failed requests again. */
async function toItsEnd(file: string, out: string): Promise<void> {
  for (let starts = 0; starts < STARTS_MAX; starts++) {
    const { code, stderr } = await runProgram(["run", file, "--out", out]);
    refuseOther(code, stderr);
    if (code === 0) return;
  }
  assert.fail(`the run is not done after ${STARTS_MAX} undisturbed starts`);
}

function refuseOther(code: number, stderr: string): void {
  assert.ok(code === 0 || code === 1, `the program ended with ${code}: ${stderr}`);
}

/** Draws the moment of a kill: half of the moments by the size of the logs, half by time. */
function drawnMoment(out: string, draw: Draw): () => boolean {
  const isByGrowth = draw.below(2) === 0;
  const moment = draw.uniform();
  const startedMs = performance.now();
  const bytesBefore = logBytes(out);
  return () =>
    isByGrowth
      ? logBytes(out) - bytesBefore >= moment * GROWTH_BYTES_MAX
      : performance.now() - startedMs >= moment * LIFE_MS_MAX;
}

/** The size of a run's logs in bytes; 0 when there are none yet. */
export function logBytes(out: string): number {
  const logs = join(out, "discussions");
  try {
    return [...Deno.readDirSync(logs)].reduce(
      (sum, { name }) => sum + Deno.statSync(join(logs, name)).size,
      0,
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

function badServer(draw: Draw): OpenAiStub {
  return startOpenAiStub({
    latencyMs: 15,
    fault: () => draw.below(FAULT_EVERY) === 0 ? draw.pick(FAULTS) : null,
  });
}

function modelAt(stub: OpenAiStub | null): string {
  return stub === null
    ? "{ adapter: scripted, latencyMs: [2, 30], silence: 0.1 }"
    : `{ adapter: openai, baseUrl: "${stub.baseUrl}", model: stub-model, temperature: 0.7, maxTokens: 60 }`;
}

if (import.meta.main) {
  const { kills, seed } = numberOptions({ kills: 300, seed: 0 });
  const halves = [["script", Math.ceil(kills / 2)], ["server", Math.floor(kills / 2)]] as const;
  for (const [answering, share] of halves) {
    await inFolder(async (folder) => {
      const startedMs = performance.now();
      const { runs, kills, events } = await torture(folder, { kills: share, seed, answering });
      say(
        `${plural(kills, "kill")} of ${plural(runs, "run")}, answered by a ${answering}: all ${
          plural(events, "event")
        } as in an undisturbed run, in ${formatDuration(performance.now() - startedMs)}`,
      );
    });
  }
}
