/** Simulates the engine in a world in which everything follows from one seed. */
import type { Budget, Environment, LimitedModel, Spent } from "../engine/mod.ts";
import { type Sha256 } from "../sha256.ts";
import { memoryEventStore, StoreError } from "../ports/mod.ts";
import {
  type AnswerKind,
  type Ended,
  type Program,
  runAndAnnotate,
  type Scenario,
  scenarioOf,
  SIMULATED_MODELS,
} from "./scenario.ts";
import { BrokenPromise, checkLogs, environmentOf, Ledger, undisturbed } from "./ledger.ts";
import { type FaultCounts, type Reaction, type ReactionCounts, REACTIONS, Weather } from "./faults.ts";
import { budgetOf, guarded, type Guards, guardsOf, spentOn, timersOf } from "./guards.ts";
import { RequestWitness, WorkWitness } from "./witnesses.ts";
import { Scheduler, type SimulatedClock, simulatedClock } from "./simulated_time.ts";
import { SimulationFailure } from "./simulation_failure.ts";
import { checkRecordedEvents, type OpenRecording, openRunLog, wrongEnd } from "./simulated_run.ts";
import { linesIn, SimulatedDisk, SimulatedStore, type StoreParts } from "./simulated_store.ts";
import { SimulatedModel, SimulatedServer } from "./simulated_model.ts";

/** The most processes that have faults. The next process has no faults, and must finish. */
const DISTURBED_MAX = 12;

/** How many appends to the run's log can be in progress at the same time. */
const RECORDINGS_MAX = 1;

/** If a process takes more steps than this, it counts as endless. */
const STEPS_MAX = 20_000;

/** If a process takes longer than this, it counts as endless. All requests take only a few hours. */
const PROCESS_MS_MAX = 24 * 3_600_000;

/**
 * How long a process can take after it was told to end: requests in flight finish first, and the disk can be
 * slow.
 */
const ENDING_MS_MAX = 3_600_000;

/** Matches the program's message after a pause that was too long. */
const GAVE_UP = /did not come back within|asks to wait/;

/** The options of a simulation. */
export type SimulationOptions = Readonly<{
  sha256: Sha256;
  /** Resolves when all work before the next scheduled step is done. A promise of `setImmediate` is enough. */
  settle: () => Promise<void>;
  /** Replaces the simulated store. Tests use this to plant bugs. */
  openStore?: (parts: StoreParts) => SimulatedStore;
  /** Replaces the store that records the ends of logs. Tests use this to plant bugs. */
  openRecording?: OpenRecording;
  /** Changes the program's environment, in disturbed and undisturbed runs. */
  alter?: (environment: Environment) => Environment;
  /** Replaces the program in disturbed runs. */
  program?: Program;
}>;

/** The result of a simulation. */
export type SimulationReport = Readonly<{
  processes: number;
  steps: number;
  simulatedMs: number;
  /** How many events were acknowledged. */
  events: number;
  faults: FaultCounts;
  reactions: ReactionCounts;
  answers: Readonly<Partial<Record<AnswerKind, number>>>;
}>;

/**
 * Runs and annotates discussions in a world with many faults, and restarts the program when it ends too
 * early. Then the faults stop, and the program must finish. At last, the machine loses power.
 *
 * After this, all acknowledged events must still be there. Every log must be valid and replay. It must equal
 * the log of an undisturbed run: the events must have the same `type` and `data` in the same order. Events of
 * failed requests are ignored, because their number depends on the faults.
 *
 * @throws {SimulationFailure} If something happened that must never happen.
 */
export async function simulate(seed: number, options: SimulationOptions): Promise<SimulationReport> {
  try {
    return await new Simulation(seed, options).run();
  } catch (error) {
    throw new SimulationFailure(seed, error);
  }
}

type Death = "kill" | "power-cut";

/** What the simulation knows about one process. */
type Life = Readonly<{
  hasEnded: () => boolean;
  isEnding: () => boolean;
  stop: AbortController;
  abort: AbortController;
  /** The most steps that can be scheduled at the same time. */
  awaitedMax: number;
  breach: () => string | null;
}>;

class Simulation {
  readonly #options: SimulationOptions;
  readonly #scenario: Scenario;
  readonly #weather: Weather;
  readonly #scheduler = new Scheduler();
  readonly #disk = new SimulatedDisk();
  readonly #ledger = new Ledger();
  readonly #clock: SimulatedClock;
  readonly #servers: ReadonlyMap<string, SimulatedServer>;
  readonly #guards: Guards;
  readonly #answers: Partial<Record<AnswerKind, number>> = {};
  readonly #reactions: Record<Reaction, number>;
  #spent: Spent = { cost: 0, tokens: 0 };
  #processes = 0;

  constructor(seed: number, options: SimulationOptions) {
    this.#options = options;
    this.#scenario = scenarioOf(String(seed));
    this.#weather = new Weather(String(seed));
    this.#clock = simulatedClock(this.#scheduler, this.#weather);
    const parts = { scheduler: this.#scheduler, weather: this.#weather };
    this.#servers = new Map(SIMULATED_MODELS.map((name) => [name, new SimulatedServer(parts)]));
    this.#guards = guardsOf(String(seed), this.#scenario.slots);
    this.#reactions = Object.fromEntries(REACTIONS.map((reaction) => [reaction, 0])) as ReactionCounts;
  }

  async run(): Promise<SimulationReport> {
    let hasEnded = false;
    while (!hasEnded && this.#processes < DISTURBED_MAX) hasEnded = await this.#process();
    this.#weather.calm();
    for (const server of this.#servers.values()) server.comeBack();
    if (!await this.#process()) {
      throw new BrokenPromise("without any fault, the program does not finish");
    }
    // When the program reports that it has finished, everything must be durable.
    this.#disk.losePower(this.#weather);
    await this.#checkLogs();
    return {
      processes: this.#processes,
      steps: this.#scheduler.steps,
      simulatedMs: this.#scheduler.nowMs,
      events: this.#ledger.events,
      faults: this.#weather.counts,
      reactions: this.#reactions,
      answers: this.#answers,
    };
  }

  /** Runs one process until it ends or dies. Returns whether it finished its work. */
  async #process(): Promise<boolean> {
    this.#processes++;
    const { openStore = (parts) => new SimulatedStore(parts), alter = unchanged, sha256 } = this.#options;
    const { program = runAndAnnotate, openRecording } = this.#options;
    const parts = { disk: this.#disk, scheduler: this.#scheduler, weather: this.#weather };
    const [clock, guards] = [this.#clock, this.#guards];
    const store = openStore(parts);
    const budget = budgetOf(guards, { ...parts, clock, spent: this.#spent });
    const [stop, abort] = [new AbortController(), new AbortController()];
    const isEnding = () => stop.signal.aborted || abort.signal.aborted || (budget?.signal.aborted ?? false);
    const onReaction = (reaction: Reaction) => this.#reactions[reaction]++;
    // A discussion that waits frees its place. So all discussions can wait at the same time.
    const waitingMax = this.#scenario.designs.length;
    const [witnesses, open] = [new Map<string, RequestWitness>(), new Map<string, LimitedModel>()];
    for (const [name, server] of this.#servers) {
      const witness = new RequestWitness({ ...parts, clock, guards, waitingMax, isEnding, onReaction });
      witnesses.set(name, witness);
      const model = guarded([name, witness.witness(this.#model(server))], guards, {
        clock,
        notify: (notice) => witness.told(notice),
        observe: (attempt) => this.#pay(spentOn(attempt), budget),
      });
      open.set(name, model);
    }
    const { counts } = this.#weather;
    const work = new WorkWitness({ ...parts, scenario: this.#scenario, models: witnesses, counts, isEnding });
    let isAtWork = true;
    const breach = () => {
      for (const witness of witnesses.values()) if (witness.breach !== null) return witness.breach;
      return isAtWork ? work.breach : null;
    };
    const run = async () => {
      const recording = await openRunLog(this.#ledger.witness(store), { clock, sha256, openRecording });
      const limited = (name: string) => open.get(name)!;
      const environment = environmentOf({ store: work.witness(recording), clock, limited, sha256 });
      try {
        return await program(this.#scenario, alter(environment), ends);
      } finally {
        isAtWork = false;
        await recording.recordAll();
      }
    };
    const ends = { stop: stop.signal, abort: abort.signal, ...(budget === null ? {} : { budget }) };
    let ended: Ended | Readonly<{ error: unknown }> | null = null;
    run().then(
      (outcome) => ended = outcome,
      (error) => ended = { error },
    );
    const death = await this.#live({
      hasEnded: () => ended !== null,
      isEnding,
      stop,
      abort,
      awaitedMax: waitingMax + RECORDINGS_MAX + timersOf(guards, budget),
      breach,
    });
    if (death !== null) {
      store.die();
      if (death === "power-cut") this.#disk.losePower(this.#weather);
      this.#scheduler.clear();
    } else if (this.#scheduler.awaited > 0) {
      throw new BrokenPromise("the program ended, but steps that it had begun are still scheduled");
    }
    this.#ledger.check(this.#disk);
    checkRecordedEvents(this.#disk, sha256);
    const isOwnEnd = death === null && !isEnding() && ended !== null && !("error" in ended);
    if (isOwnEnd && work.breachAtEnd !== null) throw new BrokenPromise(work.breachAtEnd);
    return this.#isDone(ended);
  }

  /** Runs a process step by step. Returns how it died; `null` if it ended. */
  async #live({ hasEnded, isEnding, stop, abort, awaitedMax, breach }: Life): Promise<Death | null> {
    const [scheduler, weather] = [this.#scheduler, this.#weather];
    const endMs = scheduler.nowMs + PROCESS_MS_MAX;
    let endingMs = Infinity;
    for (let steps = 0;; steps++) {
      await this.#options.settle();
      const broken = breach();
      if (broken !== null) throw new BrokenPromise(broken);
      if (hasEnded()) return null;
      if (isEnding()) endingMs = Math.min(endingMs, scheduler.nowMs + ENDING_MS_MAX);
      if (steps > STEPS_MAX) throw new BrokenPromise(`the program did not end within ${STEPS_MAX} steps`);
      if (scheduler.nowMs > endMs) throw new BrokenPromise("the program did not end within a day");
      if (scheduler.nowMs > endingMs) {
        throw new BrokenPromise("the program was told to end an hour ago, and still runs");
      }
      if (scheduler.awaited > awaitedMax) {
        throw new BrokenPromise(`more than ${awaitedMax} steps are awaited at the same time`);
      }
      if (weather.strikes("kill")) return "kill";
      if (weather.strikes("power-cut")) return "power-cut";
      this.#clock.mayJump();
      const signal = weather.strikes("stop") ? stop : weather.strikes("abort") ? abort : null;
      if (signal !== null && !signal.signal.aborted) {
        signal.abort();
        continue;
      }
      if (!scheduler.step()) {
        throw new BrokenPromise("the program hangs: it has not ended, and no step is scheduled");
      }
    }
  }

  #model(server: SimulatedServer): SimulatedModel {
    return new SimulatedModel({
      scheduler: this.#scheduler,
      weather: this.#weather,
      server,
      isWatched: this.#guards.requestMsMax !== null,
      onTimeOut: () => this.#reactions["given-up-request"]++,
      onAnswer: (kind) => this.#answers[kind] = (this.#answers[kind] ?? 0) + 1,
    });
  }

  #pay(spent: Spent, budget: Budget | null): void {
    this.#spent = { cost: this.#spent.cost + spent.cost, tokens: this.#spent.tokens + spent.tokens };
    budget?.spend(spent);
  }

  /**
   * Whether the program has finished its work. Throws every error that is a bug: only an error of the store
   * is allowed to end the program.
   */
  #isDone(ended: Ended | Readonly<{ error: unknown }> | null): boolean {
    if (ended === null || ("error" in ended && ended.error instanceof StoreError)) return false;
    if ("error" in ended) throw ended.error;
    const { isDone, cutShort, left } = ended;
    if (left > 0 && cutShort === null) this.#reactions.left++;
    if (cutShort?.by === "budget") this.#reactions[`stopped-by-${cutShort.limit}`]++;
    if (cutShort?.by === "failure" && GAVE_UP.test(cutShort.message)) this.#reactions["gave-up"]++;
    return isDone;
  }

  async #checkLogs(): Promise<void> {
    const [scenario, { sha256, alter = unchanged }] = [this.#scenario, this.#options];
    const store = memoryEventStore();
    for (const stream of this.#disk.streams) {
      const lines = linesIn(this.#disk.file(stream).bytes);
      if (lines.length > 0) await store.append(stream, 0, lines);
    }
    const wrong = await wrongEnd(store, scenario.designs.map(({ id }) => id), sha256);
    if (wrong !== null) throw new BrokenPromise(wrong);
    await checkLogs(store, await undisturbed(scenario, { sha256, alter }), { scenario, sha256 });
  }
}

const unchanged = (environment: Environment) => environment;
