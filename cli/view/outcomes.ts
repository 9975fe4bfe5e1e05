/** The viewer's answers about outcomes and reports, after a look was recorded. */
import type { LookAnswer, Notice } from "../../adapters/viewer/api.ts";
import { Refused } from "../../adapters/viewer/server/refused.ts";
import type { OutcomesPart } from "../../adapters/viewer/server/run_source.ts";
import type { ViewedRun } from "../../adapters/viewer/server/viewed_run.ts";
import type { EventStore } from "../../core/ports/mod.ts";
import { recordLook, type ShownResults } from "../shared/looks.ts";
import { neutralise } from "../terminal/neutralise.ts";
import type { TextSink } from "../terminal/text_sink.ts";
import { AskedWorker } from "./asked_worker.ts";
import type { RunSummary } from "./outcome_worker.ts";

/** What the answers need. */
export type OutcomesOptions = Readonly<{
  runs: readonly ViewedRun[];
  stderr: TextSink;
}>;

const COMMAND = "view";

/** The last look at a run. */
type Look = Readonly<{ answer: LookAnswer; means: RunSummary["means"] }>;

/** Opens the outcomes of runs. Nothing is read before a user asks for a look or a report. */
export function openOutcomes({ runs, stderr }: OutcomesOptions): OutcomesPart & Disposable {
  const worker = new AskedWorker();
  let notify: (notice: Notice) => void = () => {};
  /**
   * Store of the run's discussions → look. If another run takes the place of a run, it has another store, and
   * no look yet.
   */
  const looks = new WeakMap<EventStore, Look>();
  const looking = new Map<EventStore, Promise<LookAnswer>>();
  const readerOf = (name: string) => runs.find((run) => run.name === name)?.reader ?? null;
  const lookOf = (name: string) => {
    const reader = readerOf(name);
    return reader === null ? undefined : looks.get(reader.store);
  };
  const openRun = (name: string) => {
    const reader = readerOf(name);
    if (reader === null) {
      throw new Refused(`Cannot look at the outcomes of "${name}": there is no such run`);
    }
    const { manifest, store, place: folder } = reader;
    return { place: { run: name, folder }, manifest, store };
  };
  const record = async (name: string, shown: Omit<ShownResults, "command">) => {
    const { place: { folder }, manifest } = openRun(name);
    const unrecorded = await recordLook({ place: folder, manifest }, { command: COMMAND, ...shown });
    if (unrecorded !== null) stderr.write(`${neutralise(unrecorded)}\n`);
    return unrecorded;
  };
  const progressOf = (work: "look" | "report", run: string) => (done: number, of: number) =>
    notify({ kind: "progress", work, run, done, of });
  const inTime = async <Value>(asked: Promise<Value>): Promise<Value> => {
    try {
      return await asked;
    } catch (error) {
      throw new Refused(error instanceof Error ? error.message : String(error), { cause: error });
    }
  };
  const readAndRecord = async (name: string): Promise<LookAnswer> => {
    const { place, manifest, store } = openRun(name);
    const { outcomes, seen, means, ...counts } = await inTime(
      worker.ask("read", place, progressOf("look", name)),
    );
    const unrecorded = await record(name, { outcomes: seen, ended: counts.ended });
    await inTime(worker.ask("show", { run: name }));
    const planned = manifest.plan.discussions;
    const answer = { outcomes, ...counts, planned, unrecorded };
    looks.set(store, { answer, means });
    return answer;
  };
  return {
    factsOf: (run) => ({ look: lookOf(run)?.answer ?? null }),
    valueOf: ({ run, discussion }, outcome) => lookOf(run)?.means.get(outcome)?.get(discussion) ?? null,
    async look(name) {
      const { store } = openRun(name);
      // Two tabs that ask at once share one look.
      const look = looking.get(store) ?? readAndRecord(name).finally(() => looking.delete(store));
      looking.set(store, look);
      return await look;
    },
    async outcome(names, question) {
      for (const name of names) {
        if (lookOf(name) === undefined) {
          throw new Refused(
            `Cannot show outcomes of "${name}": no look at them was recorded. Open the page Outcomes`,
          );
        }
      }
      return await inTime(worker.ask("view", { runs: names, question }));
    },
    async report(name) {
      // A report has a worker of its own, so that plots do not wait for it.
      using reporter = new AskedWorker();
      const { html, ended, outcomes, warnings } = await inTime(
        reporter.ask("report", openRun(name).place, progressOf("report", name)),
      );
      for (const line of warnings) stderr.write(`${neutralise(line)}\n`);
      await record(name, { outcomes, ended });
      return html;
    },
    follow: (listener) => {
      notify = listener;
    },
    [Symbol.dispose]: () => worker[Symbol.dispose](),
  };
}
