/** Answers the page's questions about runs that other processes may write to. */
import { type OutcomeLookUp, tooShort } from "../../../analysis/listing/mod.ts";
import { type Clock, StoreError } from "../../../core/ports/mod.ts";
import type { EventsAnswer, Notice, Overview, RunFacts, ViewerSource } from "../api.ts";
import { atMost } from "./at_most.ts";
import { EventReader } from "./read_events.ts";
import { Refused } from "./refused.ts";
import type { RunIndex } from "./run_index.ts";
import type { Tickets } from "./tickets.ts";
import type { ViewedRun } from "./viewed_run.ts";
import { RunWatch, type WatchTiming } from "./watch_runs.ts";

/** The questions about outcomes, and what they add to the facts of a run. */
export type OutcomesPart =
  & Pick<ViewerSource, "look" | "outcome">
  & Readonly<{
    factsOf: (run: string) => Pick<RunFacts, "look">;
    /** Builds the report of a run as HTML, and records in the run's log that the user sees results. */
    report: (run: string) => Promise<string>;
    /** The values that the user has looked at, for sorting the list. */
    valueOf: OutcomeLookUp;
    /** From now on, calls `notify` with the progress of looks and reports. */
    follow: (notify: (notice: Notice) => void) => void;
  }>;

/** What the answers come from. */
export type RunSourceOptions = Readonly<{
  runs: readonly ViewedRun[];
  index: RunIndex;
  outcomes: OutcomesPart;
  /** Keeps each report until the page opens it in a new tab. */
  reports: Tickets<string>;
  clock: Clock;
  timing?: WatchTiming;
}>;

/** A source that watches its runs. */
export type RunSource = ViewerSource & Readonly<{ close: () => Promise<void> }>;

/** The viewer waits this long for the last check of its runs before it ends, in milliseconds. */
const CLOSE_MS_MAX = 5_000;

/** Adds to the overview why a run waits for a model, and until when. */
function withPauses(overview: Overview, runs: readonly ViewedRun[]): Overview {
  const pauseOf = (run: string, name: string) => {
    const paused = runs.find((one) => one.name === run)?.paused.find(({ model }) => model === name);
    if (paused === undefined) return null;
    const { cause, reason, until } = paused;
    return cause === "down" ? `until it answers again: ${reason}` : `until ${until}: ${reason}`;
  };
  return {
    ...overview,
    runs: overview.runs.map((one) => ({
      ...one,
      models: one.models.map((model) => ({ ...model, paused: pauseOf(one.run, model.model) })),
    })),
  };
}

/**
 * Opens a source. Resolves when the watch has checked each run once. The index can still be reading the logs
 * then.
 */
export async function runSource(
  { runs, index, outcomes, reports, clock, timing }: RunSourceOptions,
): Promise<RunSource> {
  const listeners = new Set<(notice: Notice) => void>();
  const notify = (notice: Notice) => {
    for (const listener of listeners) listener(notice);
  };
  const readers = new WeakMap<object, EventReader>();
  const ended = new AbortController();
  const watch = new RunWatch({ runs, index, notify, clock, ...(timing && { timing }) });
  index.follow(notify);
  outcomes.follow(notify);
  const first = Promise.withResolvers<void>();
  const watching = watch.run(ended.signal, first.resolve);
  watching.catch(first.reject);
  await first.promise;
  return {
    isExport: false,
    runs: () =>
      Promise.resolve(
        runs.map((run) => {
          const facts = run.facts({ conditions: index.conditions(run.name), ...outcomes.factsOf(run.name) });
          const note = index.note(run.name);
          return note === null ? facts : { ...facts, problems: [...facts.problems, note] };
        }),
      ),
    overview: async () => withPauses(await index.overview(), runs),
    list: (query) => index.list(query, outcomes.valueOf),
    search: (query, signal) => index.search(query, signal),
    async events(name, discussion, from): Promise<EventsAnswer> {
      const run = runs.find((run) => run.name === name);
      if (run === undefined) throw new Refused(`Cannot read the run "${name}": it is not open here`);
      if (run.reader === null) return { events: [], next: from, isEnd: true, damage: null };
      if (run.isGone) {
        throw new Refused(`Cannot read the discussion: there is no run at "${run.home.place}" now`);
      }
      watch.show(run, discussion);
      const { store } = run.reader;
      let reader = readers.get(store);
      if (reader === undefined) readers.set(store, reader = new EventReader(store));
      try {
        const answer = await reader.read(discussion, from);
        const end = run.recordedEnds().get(discussion);
        if (!answer.isEnd || answer.damage !== null || end === undefined || answer.next >= end[0]) {
          return answer;
        }
        return { ...answer, damage: tooShort(answer.next, end) };
      } catch (error) {
        if (error instanceof StoreError) throw new Refused(error.message, { cause: error });
        throw error;
      }
    },
    look: (run) => outcomes.look(run),
    outcome: (names, question) => outcomes.outcome(names, question),
    report: async (run) => `report/${reports.issue(await outcomes.report(run))}`,
    follow(listener, signal) {
      listeners.add(listener);
      signal.addEventListener("abort", () => listeners.delete(listener), { once: true });
    },
    async close() {
      ended.abort();
      await atMost(CLOSE_MS_MAX, watching);
      await index.close();
    },
  };
}
