/** Watches runs that other processes write to. */
import { type Clock, StoreError } from "../../../core/ports/mod.ts";
import type { Notice } from "../api.ts";
import type { RunIndex } from "./run_index.ts";
import type { ViewedRun } from "./viewed_run.ts";

/** How often runs are looked at, in milliseconds. */
export type WatchTiming = Readonly<{
  /** Discussions that pages show. */
  openMs: number;
  /** All discussions: at least this time between two looks, and at most that time. */
  allMsMin: number;
  allMsMax: number;
}>;

const TIMING: WatchTiming = { openMs: 2_000, allMsMin: 2_000, allMsMax: 30_000 };

/** A look at everything may take this share of the time. */
const LOOK_SHARE = 0.05;

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
    const { runs, clock, timing = TIMING } = this.#options;
    let nextAllMs = -Infinity;
    while (!signal.aborted) {
      const startMs = clock.now();
      const isAll = startMs >= nextAllMs;
      for (const run of runs) await this.#look(run, isAll);
      if (isAll) {
        const tookMs = clock.now() - startMs;
        nextAllMs = startMs + Math.min(timing.allMsMax, Math.max(timing.allMsMin, tookMs / LOOK_SHARE));
      }
      onFirst();
      await clock.sleep(timing.openMs, signal).catch(() => {});
    }
  }

  async #look(run: ViewedRun, isAll: boolean): Promise<void> {
    try {
      if (isAll || run.reader === null) await this.#lookAtAll(run);
      else await this.#lookAtShown(run);
      run.failure = null;
    } catch (error) {
      // A disk can come back, so the watch goes on.
      if (!(error instanceof StoreError)) throw error;
      run.failure = error.message;
    }
  }

  async #lookAtShown(run: ViewedRun): Promise<void> {
    if (await run.refreshHolders()) {
      this.#options.index.record(run.name, run.recordedEnds());
      this.#options.notify({ kind: "overview" });
    }
    if (!run.isGone) await this.#compare(run, this.#shownOf(run));
  }

  async #lookAtAll(run: ViewedRun): Promise<void> {
    const { index, notify } = this.#options;
    const change = await run.refresh();
    if (change === "opened") {
      index.open(run.name, run.reader!).catch((error) => {
        run.failure = error instanceof Error ? error.message : String(error);
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
