/** Watches runs that other processes write to. */
import { type Clock, StoreError } from "../../../core/ports/mod.ts";
import { RunError } from "../../../core/run_log/mod.ts";
import type { Notice } from "../api.ts";
import { Growth } from "./growth.ts";
import type { RunIndex } from "./run_index.ts";
import type { ViewedRun } from "./viewed_run.ts";

/** How often runs are looked at, in milliseconds. */
export type WatchTiming = Readonly<{
  /** Discussions that pages show. A store can tell earlier that discussions have grown. */
  openMs: number;
  /** All discussions: at least this time between two looks, and at most that time. */
  allMsMin: number;
  allMsMax: number;
  /** A run that does not answer for this time has a problem, which pages show. Default: 10 seconds. */
  silentMs?: number;
}>;

const TIMING: WatchTiming = { openMs: 2_000, allMsMin: 2_000, allMsMax: 30_000 };

const SILENT_MS = 10_000;

/** A look at everything may take this share of the time. */
const LOOK_SHARE = 0.05;

/** After a look, what the store tells waits for this time, in milliseconds, so that one look answers many appends. */
const TOLD_MS = 250;

/** At most this many discussions count as shown. */
const SHOWN_MAX = 32;

/** What a watch needs. */
export type WatchOptions = Readonly<{
  runs: readonly ViewedRun[];
  index: RunIndex;
  notify: (notice: Notice) => void;
  clock: Clock;
  timing?: WatchTiming;
}>;

/** Looks at the runs again and again, and tells what changed. */
export class RunWatch {
  readonly #options: WatchOptions;
  /** Discussions that pages asked for, the latest last. */
  readonly #shown = new Map<string, Readonly<{ run: ViewedRun; discussion: string }>>();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** From now on, looks at this discussion often. */
  show(run: ViewedRun, discussion: string): void {
    const name = JSON.stringify([run.name, discussion]);
    this.#shown.delete(name);
    this.#shown.set(name, { run, discussion });
    const [oldest] = this.#shown.keys();
    if (this.#shown.size > SHOWN_MAX) this.#shown.delete(oldest!);
  }

  /** Watches until the signal is aborted. The first look is over when `onFirst` is called. */
  async run(signal: AbortSignal, onFirst: () => void = () => {}): Promise<void> {
    const { runs } = this.#options;
    let waiting = runs.length;
    const onLook = () => void (--waiting === 0 && onFirst());
    // A database that does not answer holds up only its own run.
    await Promise.all(runs.map((run) => this.#watch(run, signal, onLook)));
  }

  async #watch(run: ViewedRun, signal: AbortSignal, onFirst: () => void): Promise<void> {
    const { runs, clock, timing = TIMING } = this.#options;
    let nextAllMs = -Infinity;
    let earliestAllMs = -Infinity;
    const growth = new Growth();
    for (let isFirst = true; !signal.aborted; isFirst = false) {
      const startMs = clock.now();
      const isAll = startMs >= (growth.isAny ? earliestAllMs : nextAllMs);
      if (isAll) growth.isAny = false;
      await this.#look(run, isAll ? null : growth.take());
      const restMs = (clock.now() - startMs) * runs.length / LOOK_SHARE;
      if (isAll) {
        nextAllMs = startMs + Math.min(timing.allMsMax, Math.max(timing.allMsMin, restMs));
        earliestAllMs = Math.min(nextAllMs, startMs + restMs);
      }
      if (isFirst) onFirst();
      growth.follow(run.reader?.store ?? null);
      const quietMs = Math.min(timing.openMs, Math.max(TOLD_MS, restMs));
      await clock.sleep(quietMs, signal).catch(() => {});
      await clock.sleep(timing.openMs - quietMs, AbortSignal.any([signal, growth.told])).catch(() => {});
    }
    growth.follow(null);
  }

  /** @param grown Discussions that have grown; `null` for a look at all discussions. */
  async #look(run: ViewedRun, grown: ReadonlySet<string> | null): Promise<void> {
    try {
      if (grown === null || run.reader === null) await this.#lookAtAll(run);
      else await this.#lookAtSome(run, grown.union(new Set(this.#shownOf(run))));
      this.#fail(run, null);
    } catch (error) {
      // A disk or a server can come back, so the watch goes on.
      if (!isPassing(error)) throw error;
      this.#fail(run, error.message);
    }
  }

  /** Waits for an answer. A database that is down is asked again for minutes, so the pages learn why nothing moves. */
  async #answered<Value>(run: ViewedRun, asked: Promise<Value>): Promise<Value> {
    const { silentMs = SILENT_MS } = this.#options.timing ?? TIMING;
    const timer = setTimeout(() => this.#fail(run, silenceOf(run, silentMs)), silentMs);
    try {
      return await asked;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sets why the logs of a run cannot be read, and tells the pages if this is news. */
  #fail(run: ViewedRun, failure: string | null): void {
    if (run.failure === failure) return;
    run.failure = failure;
    this.#options.notify({ kind: "overview" });
  }

  async #lookAtSome(run: ViewedRun, discussions: ReadonlySet<string>): Promise<void> {
    if (await this.#answered(run, run.refreshHolders())) {
      this.#options.index.record(run.name, run.recordedEnds());
      this.#options.notify({ kind: "overview" });
    }
    if (!run.isGone) await this.#compare(run, [...discussions]);
  }

  async #lookAtAll(run: ViewedRun): Promise<void> {
    const { index, notify } = this.#options;
    const change = await this.#answered(run, run.refresh());
    if (change === "opened") {
      index.open(run.name, run.reader!).catch((error) => {
        this.#fail(run, error instanceof Error ? error.message : String(error));
      });
      index.record(run.name, run.recordedEnds());
      notify({ kind: "reload" });
      return;
    }
    if (run.reader !== null && !run.isGone) await this.#compare(run);
    if (change === "same") return;
    index.record(run.name, run.recordedEnds());
    notify({ kind: "overview" });
  }

  #shownOf(run: ViewedRun): readonly string[] {
    return [...this.#shown.values()].filter((one) => one.run === run).map(({ discussion }) => discussion);
  }

  /** Tells of the streams that have changed. @param streams Default: all. */
  async #compare(run: ViewedRun, streams?: readonly string[]): Promise<void> {
    if (streams?.length === 0) return;
    const { index, notify } = this.#options;
    const { store } = run.reader!;
    const grown = await index.update(run.name, streams);
    if (grown.length === 0) return;
    // What the store remembers of these streams is wrong.
    for (const { discussion, events, isShorter } of grown) {
      if (isShorter || events === 0) store.release(discussion);
    }
    const changed = grown.map(({ discussion, events }) => ({ run: run.name, discussion, events }));
    notify({ kind: "discussions", changed });
    notify({ kind: "overview" });
  }
}

/** Whether the next look can succeed. */
function isPassing(error: unknown): error is Error {
  return error instanceof StoreError || error instanceof RunError || error instanceof Deno.errors.NotFound;
}

function silenceOf({ home: { place } }: ViewedRun, ms: number): string {
  return `Cannot read the run "${place}": it has not answered for ${ms / 1000} seconds. ` +
    "The page shows what was read before, and follows the run again as soon as it answers";
}
