/** The workers of a run in a database, as processes that can be killed, frozen and stopped. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import type { Draw } from "../../../core/random/mod.ts";
import { EXIT_CODES } from "../../shared/program.ts";
import { startProgram } from "../processes.ts";

/** Debian's place of the library that shows a process another time (`apt-get install faketime`). */
const FAKE_TIME = `/usr/lib/${Deno.build.arch}-linux-gnu/faketime/libfaketimeMT.so.1`;

/** Whether the clocks of workers can differ. */
export const CAN_SKEW = existsSync(FAKE_TIME);

/** How far the clock of a worker is off at most, in seconds. */
const SKEW_SECONDS_MAX = 3 * 24 * 3600;

/** A worker that starts while the server is down ends with this error. Then another worker joins. */
const NO_SERVER = /^error Cannot open the run "[^"]+": (?:no server answers there|the connection ended)/m;

/** A worker whose connections ended while it was frozen ends with this error. */
const TAKEN_OVER = /^error Cannot continue the run "[^"]+": this process did not answer for a while/m;

/** A worker learns within this time after it has woken up, in milliseconds, that others have taken over. */
const WAKING_MS_MAX = 60_000;

/**
 * When no job is left, the workers end within this time, in milliseconds. They may first have to wait until
 * the share of a dead worker is free.
 */
const END_MS_MAX = 120_000;

/** How the process of a worker ended. */
type Ended = Readonly<{ code: number; signal: string | null; stdout: string; stderr: string }>;

/** A worker. */
export type Worker = Readonly<{ name: string; child: Deno.ChildProcess; end: Promise<Ended> }>;

/** How a worker starts. */
export type CrewOptions = Readonly<{
  /** The folder for the operations logs. */
  cwd: string;
  draw: Draw;
  /** The address of the run for a user of the database. */
  placeFor: (name: string) => Promise<string>;
}>;

/** All workers of a run. */
export class Crew {
  readonly #options: CrewOptions;
  readonly #workers = new Set<Worker>();
  readonly #frozen = new Set<Worker>();
  /** When frozen workers woke up, in milliseconds. */
  readonly #wokeMs = new Map<Worker, number>();
  /** What went wrong with workers. */
  readonly problems: string[] = [];
  started = 0;

  /** Starts no worker yet. */
  constructor(options: CrewOptions) {
    this.#options = options;
  }

  /** The workers that are neither frozen nor ended. */
  get awake(): readonly Worker[] {
    return [...this.#workers].filter((worker) => !this.#frozen.has(worker));
  }

  /** The number of workers that are frozen. */
  get frozen(): number {
    return this.#frozen.size;
  }

  /** Starts a worker, with a clock of its own. */
  async join(): Promise<void> {
    const { cwd, draw, placeFor } = this.#options;
    const name = `w${++this.started}`;
    const skew = draw.below(2 * SKEW_SECONDS_MAX) - SKEW_SECONDS_MAX;
    const env: Record<string, string> = CAN_SKEW
      ? {
        LD_PRELOAD: FAKE_TIME,
        FAKETIME: `${skew < 0 ? "" : "+"}${skew}`,
        FAKETIME_DONT_FAKE_MONOTONIC: "1",
      }
      : {};
    const args = ["worker", await placeFor(name), "--json", "--concurrency", String(1 + draw.below(4))];
    const child = startProgram(args, { cwd, env });
    const worker = { name, child, end: outputOf(child) };
    this.#workers.add(worker);
    void worker.end.then((end) => this.#ended(worker, end));
  }

  /** Kills a worker. */
  async kill(worker: Worker): Promise<void> {
    signal(worker, "SIGKILL");
    await worker.end;
  }

  /** Asks a worker to end. The worker puts its discussions back, so that other workers can take them. */
  leave(worker: Worker): void {
    signal(worker, "SIGTERM");
  }

  /** Freezes a worker. */
  freeze(worker: Worker): void {
    this.#frozen.add(worker);
    signal(worker, "SIGSTOP");
  }

  /** Wakes a frozen worker up. The others count it as dead. */
  wake(worker: Worker): void {
    this.#frozen.delete(worker);
    this.#wokeMs.set(worker, performance.now());
    signal(worker, "SIGCONT");
  }

  /**
   * Waits until all workers have ended.
   *
   * @throws {Error} If this takes too long.
   */
  async end(): Promise<void> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this[Symbol.dispose]();
    }, END_MS_MAX);
    const names = [...this.#workers].map(({ name }) => name);
    for (const worker of this.#workers) await worker.end;
    clearTimeout(timer);
    if (isLate) {
      throw new Error(`Some of these workers do not end, although nothing is left: ${names.join(", ")}`);
    }
  }

  /** Kills all workers. */
  [Symbol.dispose](): void {
    for (const worker of this.#workers) signal(worker, "SIGKILL");
  }

  /**
   * Whether a worker has woken up so recently that it may just have learned that others took over its
   * discussions.
   */
  #hasJustWoken(worker: Worker): boolean {
    return performance.now() - (this.#wokeMs.get(worker) ?? -Infinity) < WAKING_MS_MAX;
  }

  #ended(worker: Worker, { code, signal, stdout, stderr }: Ended): void {
    this.#workers.delete(worker);
    this.#frozen.delete(worker);
    // While a worker starts, it does not handle the signal yet, so the signal ends the process.
    const isExpected = signal === "SIGKILL" || signal === "SIGTERM" || code === EXIT_CODES.ok ||
      code === EXIT_CODES.interrupted ||
      (code === EXIT_CODES.environment &&
        (NO_SERVER.test(stderr) || this.#hasJustWoken(worker) && TAKEN_OVER.test(stderr)));
    if (!isExpected) this.problems.push(`${worker.name} ended with ${code}: ${stderr}${stdout.slice(-2000)}`);
  }
}

/** Collects the output of a process. */
async function outputOf(child: Deno.ChildProcess): Promise<Ended> {
  const { code, signal, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, signal, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
}

function signal({ child }: Worker, name: Deno.Signal): void {
  try {
    child.kill(name);
  } catch (error) {
    assert.ok(error instanceof TypeError || error instanceof Deno.errors.NotFound, String(error));
  }
}
