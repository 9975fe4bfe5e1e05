/** Runs of the real program on real files that are killed again and again, and what must have come of them. */
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

/** How often one run is killed before it is let come to its end. */
const KILLS_PER_RUN_MAX = 20;

/** A process that is killed by what it writes has written at most so much before. */
const GROWTH_BYTES_MAX = 20_000;

/** One that is killed by the time it takes is killed before it has taken so long: some have hardly begun. */
const LIFE_MS_MAX = 900;

/** So often it is looked how much has been written, in milliseconds. */
const LOOK_MS = 2;

/** Starts that a run may take once nobody kills it: requests can still fail for good. */
const STARTS_MAX = 10;

/** One of so many requests to the server is answered badly. */
const FAULT_EVERY = 25;

const FAULTS: readonly StubFault[] = [
  { kind: "answer", status: 500 },
  { kind: "answer", status: 503, body: "<html>overloaded</html>" },
  { kind: "answer", status: 429, headers: { "Retry-After": "0" } },
  { kind: "body", body: '{"choices": [' },
  { kind: "body", body: "null" },
  { kind: "break" },
];

/** Who answers: a script within the program, or a server that has bad moments. */
export type Answering = "script" | "server";

/** What was done to runs. */
export type Tortured = Readonly<{ runs: number; kills: number; events: number }>;

/**
 * Runs an experiment with an annotation, kills the program at drawn moments, starts it again until it is done, and
 * compares the logs with those of a run that was let be; then begins anew in another folder, until there were enough
 * kills.
 *
 * @param folder Where everything goes; it is empty.
 * @param options How many kills, the seed of their moments, and who answers.
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
    }
  }
  const events = [...expected.values()].reduce((sum, text) => sum + text.split("\n").length - 1, 0);
  return { runs, kills: killed, events: events * runs };
}

/** Kills the program up to so often; the number of kills that hit it before it had ended. */
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

/** Runs the program, and kills it when the moment has come. */
export async function runUntil(hasCome: () => boolean, args: readonly string[]): Promise<Ended> {
  const child = startProgram(args);
  let isKilled = false;
  const timer = setInterval(() => {
    if (!hasCome()) return;
    clearInterval(timer);
    isKilled = true;
    child.kill("SIGKILL");
  }, LOOK_MS);
  try {
    const outcome = await ended(child);
    assert.ok(outcome.signal === null || isKilled, `the program hung: ${outcome.stderr}`);
    return outcome;
  } finally {
    clearInterval(timer);
  }
}

/** Discussions whose requests failed for good are tried again by the next start. */
async function toItsEnd(file: string, out: string): Promise<void> {
  for (let starts = 0; starts < STARTS_MAX; starts++) {
    const { code, stderr } = await runProgram(["run", file, "--out", out]);
    refuseOther(code, stderr);
    if (code === 0) return;
  }
  assert.fail(`the run is not done after ${STARTS_MAX} starts that nobody disturbed`);
}

function refuseOther(code: number, stderr: string): void {
  assert.ok(code === 0 || code === 1, `the program ended with ${code}: ${stderr}`);
}

/** Half of the moments are told by what has been written meanwhile, half by the time that has passed. */
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

/** How many bytes the logs of a run have; 0 where there is none yet. */
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
