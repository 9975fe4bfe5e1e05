/** Watches runs that other processes write to. */
import { type Clock, StoreError } from "../../../core/ports/mod.ts";
import { RunError } from "../../../core/run_log/mod.ts";
import { isMissing } from "../../path_info.ts";
import type { Notice } from "../api.ts";
import { Growth } from "./growth.ts";
import type { RunIndex } from "./run_index.ts";
import type { ViewedRun } from "./viewed_run.ts";

/** How often runs are checked, in milliseconds. */
export type WatchTiming = Readonly<{
  /**
   * The time between two checks of the discussions that pages show. A notice from the store causes an earlier
   * check.
   */
  openMs: number;
  /** The least and the greatest time between two checks of all discussions. */
  allMsMin: number;
  allMsMax: number;
  /** If a run does not answer for this time, pages show this as a problem of the run. Default: 10 seconds. */
  silentMs?: number;
}>;

const TIMING: WatchTiming = { openMs: 2_000, allMsMin: 2_000, allMsMax: 30_000 };

const SILENT_MS = 10_000;

/** Checks of all discussions take at most this share of the time. */
const LOOK_SHARE = 0.05;

/**
 * After a check, notices from the store wait for this time, in milliseconds, so that one check covers many
 * appends.
 */
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

/** Checks the runs again and again, and sends notices of changes. */
export class RunWatch {
  readonly #options: WatchOptions;
  /** Discussions that pages asked for, the latest last. */
  readonly #shown = new Map<string, Readonly<{ run: ViewedRun; discussion: string }>>();

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Checks this discussion often from now on. */
  show(run: ViewedRun, discussion: string): void {
    const name = JSON.stringify([run.name, discussion]);
    this.#shown.delete(name);
    this.#shown.set(name, { run, discussion });
    const [oldest] = this.#shown.keys();
    if (this.#shown.size > SHOWN_MAX) this.#shown.delete(oldest!);
  }

  /** Watches until the signal is aborted. Calls `onFirst` when each run was checked once. */
  async run(signal: AbortSignal, onFirst: () => void = () => {}): Promise<void> {
    const { runs } = this.#options;
    let waiting = runs.length;
    const onLook = () => void (--waiting === 0 && onFirst());
    // A database that does not answer delays only its own run.
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

  /**
   * Checks a run.
   *
   * @param grown Discussions that have grown; `null` for a check of all discussions.
   */
  async #look(run: ViewedRun, grown: ReadonlySet<string> | null): Promise<void> {
    try {
      if (grown === null || run.reader === null) await this.#lookAtAll(run);
      else await this.#lookAtSome(run, grown.union(new Set(this.#shownOf(run))));
      this.#fail(run, null);
    } catch (error) {
      // A disk or a server can come back, so the watch continues.
      if (!isPassing(error)) throw error;
      this.#fail(run, error.message);
    }
  }

  /**
   * Waits for an answer. A database that is down can delay it for minutes. The pages then show why nothing
   * changes.
   */
  async #answered<Value>(run: ViewedRun, asked: Promise<Value>): Promise<Value> {
    const { silentMs = SILENT_MS } = this.#options.timing ?? TIMING;
    const timer = setTimeout(() => this.#fail(run, silenceOf(run, silentMs)), silentMs);
    try {
      return await asked;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sets why the logs of a run cannot be read, and notifies the pages if the reason has changed. */
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

  /**
   * Sends notices of the streams that have changed.
   *
   * @param streams Default: all.
   */
  async #compare(run: ViewedRun, streams?: readonly string[]): Promise<void> {
    if (streams?.length === 0) return;
    const { index, notify } = this.#options;
    const { store } = run.reader!;
    const grown = await index.update(run.name, streams);
    if (grown.length === 0) return;
    // The positions that the store remembers for these streams are no longer right.
    for (const { discussion, events, isShorter } of grown) {
      if (isShorter || events === 0) store.release(discussion);
    }
    const changed = grown.map(({ discussion, events }) => ({ run: run.name, discussion, events }));
    notify({ kind: "discussions", changed });
    notify({ kind: "overview" });
  }
}

/** Whether the next check can succeed after this error. */
function isPassing(error: unknown): error is Error {
  return error instanceof StoreError || error instanceof RunError || isMissing(error);
}

function silenceOf({ home: { place } }: ViewedRun, ms: number): string {
  return `Cannot read the run "${place}": it has not answered for ${ms / 1000} seconds. ` +
    "The page shows what was read before, and follows the run again as soon as it answers";
}
