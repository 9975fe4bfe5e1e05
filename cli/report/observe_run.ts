/** Reads all logs of a run for its report, on all cores if there are many. */
import { TextPool, WorkerPool } from "../../adapters/workers/mod.ts";
import { isAddress } from "../../adapters/stores/mod.ts";
import type { Observation } from "../../analysis/outcomes/mod.ts";
import type { LogCollector } from "../../analysis/projections/mod.ts";
import { measureTexts } from "../../analysis/texts/text_measures.ts";
import { logEndsOf } from "../../core/run_log/mod.ts";
import { readLogs, type RunLogs } from "../shared/logs.ts";
import { type DiscussionPart, ObservationTally } from "./observation_tally.ts";
import type { Batch, BatchRead } from "./read_batch.ts";
import type { RunTallies } from "./run_tallies.ts";

/** A worker takes as long to start as it takes to read some hundred logs. */
const WORTH_WORKERS_MIN = 400;

/** Logs that a worker reads at a time, and batches that are being read or wait, for each worker. */
const BATCH_LOGS = 32;
const BATCHES_AHEAD = 3;

/** How to observe a run. */
export type ObserveOptions = Readonly<{
  /** The name of the run. */
  name: string;
  /** How the run is compared with its declaration. */
  options: Readonly<{ declared?: string | undefined; trusted?: boolean }>;
  /** Whether the run has code of its own, which is loaded only once. */
  hasOwnCode: boolean;
  /** Get the counts of all logs. */
  tallies: RunTallies;
  /** Gets each observation, in the order of the logs. */
  take: (observation: Observation) => void;
  /** Called after each log. */
  read: () => void;
  /** The part of each discussion that is observed; by default, all of it. Functions cannot go to workers. */
  part?: DiscussionPart | undefined;
  /** Further collectors for the logs. They are in this thread, so no worker reads. */
  further?: readonly LogCollector[];
  /** How many workers read. Default: one for each core, or none if this is not worth it. */
  workers?: number;
}>;

/** Observes the discussions of a run. The result does not depend on the number of workers. */
export async function observeRun(logs: RunLogs, options: ObserveOptions): Promise<void> {
  const discussions = await Array.fromAsync(logs.discussions());
  const cores = navigator.hardwareConcurrency;
  const { hasOwnCode, part, further = [], workers = cores } = options;
  const isWorth = discussions.length >= WORTH_WORKERS_MIN && workers > 1 && !hasOwnCode &&
    part === undefined && further.length === 0 &&
    !isAddress(logs.run.place);
  if (isWorth || options.workers !== undefined) {
    return await observeInBatches(logs, { ...options, workers, discussions });
  }
  using pool = new TextPool();
  await observeHere(logs, { ...options, discussions, measure: pool.measure });
}

type Here =
  & ObserveOptions
  & Readonly<{
    discussions: readonly string[];
    measure: ConstructorParameters<typeof ObservationTally>[1];
  }>;

/** Reads logs in this thread. */
async function observeHere(
  { events }: RunLogs,
  { name, discussions, measure, tallies, take, read, part, further = [] }: Here,
): Promise<void> {
  const tally = new ObservationTally(name, measure, take, part);
  const chosen = async function* () {
    yield* discussions;
  };
  await readLogs({ discussions: chosen, events }, [...tallies.collectors, tally, ...further, {
    ended: read,
  }]);
  await tally.allTaken();
}

type InBatches = ObserveOptions & Readonly<{ discussions: readonly string[]; workers: number }>;

/** Reads logs in workers, and adds up their counts in the order of the logs. */
async function observeInBatches(
  logs: RunLogs,
  { discussions, workers, ...options }: InBatches,
): Promise<void> {
  const { tallies, take, read, name: run, options: { declared, trusted = false } } = options;
  const { place, log } = logs.run;
  const ends = log.kind === "kept" ? logEndsOf(log.log) : null;
  const module = new URL("./batch_worker.ts", import.meta.url);
  using pool = new WorkerPool<Batch, BatchRead>({ module, task: "read logs" }, { workers });
  // What a worker cannot read is read again here, where errors have their kind and their place.
  const answerTo = (batch: Batch) => pool.ask(batch).catch(() => null);
  const asked: { batch: Batch; answer: Promise<BatchRead | null> }[] = [];
  let next = 0;
  const ask = () => {
    const part = discussions.slice(next, next += BATCH_LOGS);
    if (part.length === 0) return;
    const own = ends && part.flatMap((name) => ends.has(name) ? [[name, ends.get(name)!] as const] : []);
    const drawn = tallies.fidelity.fewDraws;
    const batch = { place, run, options: { declared, trusted }, discussions: part, ends: own, drawn };
    asked.push({ batch, answer: answerTo(batch) });
  };
  for (let ahead = 0; ahead < workers * BATCHES_AHEAD; ahead++) ask();
  for (let one = asked.shift(); one !== undefined; one = asked.shift()) {
    let answer = await one.answer;
    ask();
    const repeated = answer === null ? [] : tallies.fidelity.repeatedDraws(answer.counted.fidelity);
    // Rare: the discussions of the batches before have made the same draws.
    if (repeated.length > 0) answer = await answerTo({ ...one.batch, drawn: repeated });
    if (answer === null) {
      const { discussions } = one.batch;
      const measure: Here["measure"] = (comments) => Promise.try(() => measureTexts(comments));
      await observeHere(logs, { ...options, discussions, measure });
      continue;
    }
    tallies.append(answer.counted);
    for (const observation of JSON.parse(answer.observations) as Observation[]) take(observation);
    for (const _ of one.batch.discussions) read();
  }
}
