/** Simulations: the engine in a world of which everything follows from one seed. */
import type { Environment } from "../engine/mod.ts";
import { memoryEventStore, type Sha256, StoreError } from "../ports/mod.ts";
import type { AnswerKind } from "./answers.ts";
import { checkLogs, environmentOf, undisturbed } from "./check_logs.ts";
import { type FaultCounts, Weather } from "./faults.ts";
import { BrokenPromise, Ledger } from "./ledger.ts";
import { type Ended, holdAndJudge } from "./program.ts";
import { type Scenario, scenarioOf } from "./scenario.ts";
import { Scheduler } from "./scheduler.ts";
import { type SimulatedClock, simulatedClock } from "./simulated_clock.ts";
import { linesIn, SimulatedDisk } from "./simulated_disk.ts";
import { SimulatedModel } from "./simulated_model.ts";
import { SimulatedStore, type StoreParts } from "./simulated_store.ts";

/** Processes that are disturbed, one after the other; the next one must come to its end. */
const DISTURBED_MAX = 12;

/** More steps than this in one process are a program that does not end. */
const STEPS_MAX = 20_000;

/** So is more simulated time: all attempts of all requests, with all their waits, take a few hours. */
const PROCESS_MS_MAX = 24 * 3600 * 1000;

/** What a simulation needs from outside. */
export type SimulationOptions = Readonly<{
  sha256: Sha256;
  /** Resolves when nothing is left to be done before the next thing is scheduled to happen, as `setImmediate` does. */
  settle: () => Promise<void>;
  /** Opens another store than the simulation's own, to see what is found. */
  openStore?: (parts: StoreParts) => SimulatedStore;
  /** Changes what the program is given, undisturbed or not, to see what is found. */
  alter?: (environment: Environment) => Environment;
}>;

/** What a simulation came to. */
export type SimulationReport = Readonly<{
  /** How many processes it took. */
  processes: number;
  steps: number;
  simulatedMs: number;
  /** Events that were acknowledged. */
  events: number;
  faults: FaultCounts;
  answers: Readonly<Partial<Record<AnswerKind, number>>>;
}>;

/** A simulation in which something happened that must never happen. */
export class SimulationFailure extends Error {
  /** Tells it from other errors. */
  override readonly name = "SimulationFailure";

  /**
   * Says how to see it again.
   *
   * @param seed The simulation's seed.
   * @param cause What happened.
   */
  constructor(seed: number, cause: unknown) {
    const reason = cause instanceof BrokenPromise ? cause.message : String(cause);
    super(`Seed ${seed}: ${reason}\nTo see it again: deno task simulate --seeds 1 --seed ${seed}`, { cause });
  }
}

/**
 * Holds and judges discussions in a world where whatever can go wrong does, restarting the program as often as it
 * takes. Then the faults end, the program must come to its end by itself, and the machine dies once more.
 *
 * In the end no acknowledged event may be lost, every log must be valid and replay, and must equal that of an
 * undisturbed run: the `type` and `data` of their events are the same, in the same order, leaving out the events that
 * record failed requests. How many of those there are is the faults' doing; nothing else may follow from them.
 *
 * @param seed Everything follows from it.
 * @param options The hash function, and what waits for a quiet moment.
 * @throws {SimulationFailure} When something happened that must never happen.
 */
export async function simulate(seed: number, options: SimulationOptions): Promise<SimulationReport> {
  try {
    return await new Simulation(seed, options).run();
  } catch (error) {
    throw new SimulationFailure(seed, error);
  }
}

type Death = "kill" | "power-cut";

class Simulation {
  readonly #options: SimulationOptions;
  readonly #scenario: Scenario;
  readonly #weather: Weather;
  readonly #scheduler = new Scheduler();
  readonly #disk = new SimulatedDisk();
  readonly #ledger = new Ledger();
  readonly #clock: SimulatedClock;
  readonly #answers: Partial<Record<AnswerKind, number>> = {};
  #steps = 0;
  #processes = 0;

  constructor(seed: number, options: SimulationOptions) {
    this.#options = options;
    this.#scenario = scenarioOf(String(seed));
    this.#weather = new Weather(String(seed));
    this.#clock = simulatedClock(this.#scheduler, this.#weather);
  }

  async run(): Promise<SimulationReport> {
    let hasEnded = false;
    while (!hasEnded && this.#processes < DISTURBED_MAX) hasEnded = await this.#process();
    this.#weather.calm();
    if (!await this.#process()) {
      throw new BrokenPromise("without any fault, the program does not come to its end");
    }
    // Whoever is told that all is done relies on all of it.
    this.#disk.losePower(this.#weather);
    await this.#checkLogs();
    return {
      processes: this.#processes,
      steps: this.#steps,
      simulatedMs: this.#scheduler.nowMs,
      events: this.#ledger.events,
      faults: this.#weather.counts,
      answers: this.#answers,
    };
  }

  /** One process from its start to its end, or its death; whether it came to the end of its work. */
  async #process(): Promise<boolean> {
    this.#processes++;
    const { openStore = (parts) => new SimulatedStore(parts), alter = asItIs } = this.#options;
    const parts = { disk: this.#disk, scheduler: this.#scheduler, weather: this.#weather };
    const store = openStore(parts);
    const model = new SimulatedModel({ ...parts, onAnswer: (kind) => this.#count(kind) });
    const stop = new AbortController();
    const abort = new AbortController();
    const environment = environmentOf({
      store: this.#ledger.witness(store),
      clock: this.#clock,
      model,
      slots: this.#scenario.slots,
      sha256: this.#options.sha256,
    });
    const signals = { stop: stop.signal, abort: abort.signal };
    let ended: Ended | Readonly<{ error: unknown }> | null = null;
    holdAndJudge(this.#scenario, alter(environment), signals).then(
      (outcome) => ended = outcome,
      (error) => ended = { error },
    );
    const death = await this.#live(() => ended !== null, { stop, abort });
    if (death !== null) this.#bury(store, death);
    else if (this.#scheduler.awaited > 0) {
      throw new BrokenPromise("the program ended before all that it had begun");
    }
    this.#ledger.check(this.#disk);
    if (model.inFlightMost > this.#scenario.slots) {
      throw new BrokenPromise(
        `${model.inFlightMost} requests were in flight, of ${this.#scenario.slots} at most`,
      );
    }
    return isDone(ended);
  }

  /** Lets things happen until the process has ended, or has died of something. */
  async #live(
    hasEnded: () => boolean,
    { stop, abort }: Readonly<Record<"stop" | "abort", AbortController>>,
  ): Promise<Death | null> {
    const weather = this.#weather;
    const { concurrency } = this.#scenario;
    const endMs = this.#scheduler.nowMs + PROCESS_MS_MAX;
    for (let steps = 0;; steps++) {
      await this.#options.settle();
      if (hasEnded()) return null;
      if (steps > STEPS_MAX) throw new BrokenPromise(`the program does not end: it took ${STEPS_MAX} steps`);
      if (this.#scheduler.nowMs > endMs) throw new BrokenPromise("the program does not end: it took a day");
      if (this.#scheduler.awaited > concurrency) {
        throw new BrokenPromise(`more is under way than ${concurrency} discussions can ask for`);
      }
      if (weather.strikes("kill")) return "kill";
      if (weather.strikes("power-cut")) return "power-cut";
      this.#clock.mayJump();
      const signal = weather.strikes("stop") ? stop : weather.strikes("abort") ? abort : null;
      if (signal !== null && !signal.signal.aborted) {
        signal.abort();
        continue;
      }
      this.#steps++;
      if (!this.#scheduler.step()) {
        throw new BrokenPromise("the program hangs: it waits for nothing that can happen");
      }
    }
  }

  #bury(store: SimulatedStore, death: Death): void {
    store.die();
    if (death === "power-cut") this.#disk.losePower(this.#weather);
    this.#scheduler.clear();
  }

  #count(kind: AnswerKind): void {
    this.#answers[kind] = (this.#answers[kind] ?? 0) + 1;
  }

  async #checkLogs(): Promise<void> {
    const [scenario, { sha256, alter = asItIs }] = [this.#scenario, this.#options];
    const store = memoryEventStore();
    for (const stream of this.#disk.streams) {
      const lines = linesIn(this.#disk.file(stream).bytes);
      if (lines.length > 0) await store.append(stream, 0, lines);
    }
    await checkLogs(store, await undisturbed(scenario, { sha256, alter }), { scenario, sha256 });
  }
}

function asItIs(environment: Environment): Environment {
  return environment;
}

/** A store that could not do what was asked ends the program, as it is to; any other error is a bug. */
function isDone(ended: Ended | Readonly<{ error: unknown }> | null): boolean {
  if (ended === null || ("error" in ended && ended.error instanceof StoreError)) return false;
  if ("error" in ended) throw ended.error;
  return ended.isDone;
}
