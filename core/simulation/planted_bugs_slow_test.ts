/** Shows that simulations find bugs: they find each of these planted bugs within `SEEDS_MAX` seeds. */
import assert from "node:assert/strict";
import type { Environment, LimitedModel } from "../engine/mod.ts";
import { type StoredLine } from "../events/mod.ts";
import {
  type EventStore,
  type Model,
  ModelError,
  type ModelReply,
  type ModelRequest,
  type Recording,
  RecordingStore,
} from "../ports/mod.ts";
import { SIMULATED_ON } from "../testing/environments.ts";
import { runAndAnnotate } from "./scenario.ts";
import { simulate, SimulatedStore, SimulationFailure, type SimulationOptions } from "./mod.ts";

const SEEDS_MAX = 2000;

/** A simulation distinguishes models only by their names. */
const NO_SPEC = { adapter: "simulated", sampling: {}, options: {} };

class AcknowledgesBeforeTheSync extends SimulatedStore {
  protected override sync(): Promise<void> {
    return Promise.resolve();
  }
}

class KeepsTornTails extends SimulatedStore {
  protected override cutTornTail(): void {}
}

class AppendsTwiceOnRetry extends SimulatedStore {
  override async append(stream: string, seq: number, lines: readonly StoredLine[]): Promise<void> {
    await super.append(stream, seq, lines).catch(() => super.append(stream, seq, lines));
  }
  protected override cutBack(): Promise<void> {
    return Promise.resolve();
  }
}

class CutsTooMuchBack extends SimulatedStore {
  protected override cutBack(file: Parameters<SimulatedStore["cutBack"]>[0], length: number): Promise<void> {
    return super.cutBack(file, Math.max(0, length - 1));
  }
}

class BuildsOnWhatIsNotDurable extends SimulatedStore {
  protected override settle(): Promise<void> {
    return Promise.resolve();
  }
}

/** Notes the end of a log before its last events are durable. If the append fails, the noted end is wrong. */
class NotesEndsTooEarly extends RecordingStore {
  readonly #store: EventStore;
  constructor(store: EventStore, recording: Recording) {
    super({ ...store, append: () => Promise.resolve() }, recording);
    this.#store = store;
  }
  override async append(stream: string, seq: number, lines: readonly StoredLine[]): Promise<void> {
    await super.append(stream, seq, lines);
    await this.#store.append(stream, seq, lines);
  }
}

/** A resumed process does not note the ends of logs that it only reads. */
class ForgetsReads extends RecordingStore {
  readonly #store: EventStore;
  constructor(store: EventStore, recording: Recording) {
    super(store, recording);
    this.#store = store;
  }
  override async *read(stream: string, from?: number): AsyncGenerator<StoredLine> {
    yield* this.#store.read(stream, from);
  }
}

type Asking = (model: Model, request: ModelRequest, signal: AbortSignal) => Promise<ModelReply>;

/** Sends the requests to every model through `ask`. */
function asking(ask: Asking): (environment: Environment) => Environment {
  return (environment) => ({
    ...environment,
    models: (name, spec) => {
      const limited = environment.models(name, spec);
      return { ...limited, model: { generate: (request, signal) => ask(limited.model, request, signal) } };
    },
  });
}

function seedThatDependsOnTheAttempt(environment: Environment): Environment {
  const attempts = new WeakMap<ModelRequest, number>();
  return asking((model, request, signal) => {
    const attempt = attempts.get(request) ?? 0;
    attempts.set(request, attempt + 1);
    return model.generate({ ...request, seed: request.seed + attempt }, signal);
  })(environment);
}

/** Counts the retries in the memory of the process, so that a restart forgets them. */
function retriesCountedInMemory(environment: Environment): Environment {
  const answered = new Map<string, number>();
  return asking(async (model, request, signal) => {
    const question = JSON.stringify([request.origin, request.messages]);
    const before = answered.get(question) ?? 0;
    const seed = request.messages.length + question.length + before;
    const reply = await model.generate({ ...request, seed }, signal);
    answered.set(question, before + 1);
    return reply;
  })(environment);
}

function answersMixedUp(environment: Environment): Environment {
  let last: ModelReply | null = null;
  return asking(async (model, request, signal) => {
    try {
      return last = await model.generate(request, signal);
    } catch (error) {
      if (last === null || signal.aborted) throw error;
      return last;
    }
  })(environment);
}

function waitsThatNeverEnd(environment: Environment): Environment {
  const { clock } = environment;
  const sleep: typeof clock.sleep = (ms, signal) =>
    ms > 60_000 ? new Promise(() => {}) : clock.sleep(ms, signal);
  return { ...environment, clock: { ...clock, sleep } };
}

function waitsByTheTimeOfDay(environment: Environment): Environment {
  const { clock } = environment;
  const sleep: typeof clock.sleep = async (ms, signal) => {
    const untilMs = clock.now() + ms;
    while (clock.now() < untilMs) await clock.sleep(untilMs - clock.now(), signal);
  };
  return { ...environment, clock: { ...clock, sleep } };
}

/** Changes some of the limits on requests to every model. */
function guarding(
  change: (limited: LimitedModel) => Partial<LimitedModel>,
): (environment: Environment) => Environment {
  return (environment) => {
    const changed = new Map<string, LimitedModel>();
    const models = (name: string) => {
      const limited = environment.models(name, NO_SPEC);
      const known = changed.get(name) ?? { ...limited, ...change(limited) };
      changed.set(name, known);
      return known;
    };
    return { ...environment, models };
  };
}

function pausesThatLetEverybodyThrough({ pauses }: LimitedModel): Partial<LimitedModel> {
  if (pauses === undefined) return {};
  pauses.pass = () => Promise.resolve({ ...pauses.through, probe: true });
  return {};
}

function probesThatDoNotWait({ pauses }: LimitedModel): Partial<LimitedModel> {
  if (pauses === undefined) return {};
  const pass = pauses.pass.bind(pauses);
  let isFirst = true;
  pauses.pass = (inFlight, signals) => {
    if (!isFirst || !pauses.isPaused) return pass(inFlight, signals);
    isFirst = false;
    return Promise.resolve({ ...pauses.through, probe: true });
  };
  return {};
}

/** After one model has failed, requests to the others fail, too. */
function failuresThatSpread(environment: Environment): Environment {
  let failing: string | null = null;
  return {
    ...environment,
    models: (name, spec) => {
      const limited = environment.models(name, spec);
      const generate: Model["generate"] = async (request, signal) => {
        if (failing !== null && failing !== name) throw new ModelError("bad-request", "another model failed");
        try {
          return await limited.model.generate(request, signal);
        } catch (error) {
          failing ??= name;
          throw error;
        }
      };
      return { ...limited, model: { generate } };
    },
  };
}

function pausesThatNeverEnd({ pauses }: LimitedModel): Partial<LimitedModel> {
  if (pauses === undefined) return {};
  const failed = pauses.failed.bind(pauses);
  pauses.failed = (error, attempt) =>
    attempt.passage.probe ? pauses.abandoned(attempt.passage) : failed(error, attempt);
  return {};
}

function triesAgainByItself(environment: Environment): Environment {
  return asking((model, request, signal) =>
    model.generate(request, signal).catch(() => model.generate(request, signal))
  )(environment);
}

const BUGS: Readonly<Record<string, Partial<SimulationOptions>>> = {
  "an append that is acknowledged before it is synced": {
    openStore: (parts) => new AcknowledgesBeforeTheSync(parts),
  },
  "a torn last line that is not cut off": { openStore: (parts) => new KeepsTornTails(parts) },
  "a failed append that is repeated": { openStore: (parts) => new AppendsTwiceOnRetry(parts) },
  "a failed append that removes one byte too many": { openStore: (parts) => new CutsTooMuchBack(parts) },
  "a log that is read before its end is durable": {
    openStore: (parts) => new BuildsOnWhatIsNotDurable(parts),
  },
  "a recorded end whose events are not durable": {
    openRecording: (store, recording) => new NotesEndsTooEarly(store, recording),
  },
  "the end of a log that no process records": {
    openRecording: (store, recording) => new ForgetsReads(store, recording),
  },
  "a sampling seed that depends on the attempt": { alter: seedThatDependsOnTheAttempt },
  "a count of retries that a restart forgets": { alter: retriesCountedInMemory },
  "an answer that goes to another question": { alter: answersMixedUp },
  "a wait that never ends": { alter: waitsThatNeverEnd },
  "a wait that follows the time of day": { alter: waitsByTheTimeOfDay },
  "a pause that lets every request through": { alter: guarding(pausesThatLetEverybodyThrough) },
  "a pause without a time limit": { alter: guarding(pausesThatNeverEnd) },
  "a probe that is sent before its time": { alter: guarding(probesThatDoNotWait) },
  "a failure that spreads to other models": { alter: failuresThatSpread },
  "a run with only one place": {
    program: (scenario, environment, ends) =>
      runAndAnnotate({ ...scenario, concurrency: 1 }, environment, ends),
  },
  "a request without a watchdog": { alter: guarding(() => ({ watchdog: undefined })) },
  "a rate limit that is ignored": { alter: guarding(() => ({ rates: undefined })) },
  "a request that is sent although the program was told to end": { alter: triesAgainByItself },
};

for (const [bug, planted] of Object.entries(BUGS)) {
  Deno.test(`simulate() finds ${bug}`, async () => {
    let seed = 0;
    const search = async () => {
      for (; seed < SEEDS_MAX; seed++) await simulate(seed, { ...SIMULATED_ON, ...planted });
    };
    await assert.rejects(search, (error) => {
      assert.ok(error instanceof SimulationFailure);
      assert.ok(error.message.endsWith(`deno task simulate --seeds 1 --seed ${seed}`));
      return true;
    });
  });
}
