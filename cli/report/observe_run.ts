/** Reads all logs of a run for its report, on all cores if there are many. */
import { TextPool } from "../../adapters/workers/text_pool.ts";
import { WorkerPool } from "../../adapters/workers/worker_pool.ts";
import type { RunPrices } from "../../adapters/local/price_look_up.ts";
import { isAddress } from "../../adapters/stores/mod.ts";
import type { Observation } from "../../analysis/outcomes/mod.ts";
import type { LogCollector } from "../../analysis/projections/mod.ts";
import type { MeasureTexts } from "../../analysis/texts/text_measures.ts";
import { logEndsOf } from "../../core/run_log/mod.ts";
import type { HeldAgainst } from "../fidelity/check_run.ts";
import type { RunLogs } from "../shared/logs.ts";
import { readLogs } from "../shared/read_logs.ts";
import { type DiscussionPart, measureHere, ObservationTally } from "./observation_tally.ts";
import type { Batch, BatchRead, RunToRead } from "./read_batch.ts";
import type { RunTallies } from "./run_tallies.ts";
import { plural } from "../terminal/numbers.ts";

/** A worker takes as long to start as it takes to read some hundred logs. */
const WORTH_WORKERS_MIN = 400;

/** Logs that a worker reads at a time, and batches that are being read or wait, for each worker. */
const BATCH_LOGS = 32;
const BATCHES_AHEAD = 3;

/** What a run is compared with, and the prices of its models. */
export type HeldRun =
  & Pick<HeldAgainst, "declared" | "hasOwnCode">
  & Readonly<{
    /** The source of the declaration, for people. */
    source: string;
    prices: RunPrices;
  }>;

/** How to observe a run. */
export type ObserveOptions = Readonly<{
  /** The name of the run. */
  name: string;
  held: HeldRun;
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
  /** How many workers read. Default: as many as a pool has, or none if this is not worth it. */
  workers?: number;
  /** Gets one line, without a line break, if workers failed and this thread has done their work. */
  warn?: (line: string) => void;
}>;

/** Observes the discussions of a run. The result does not depend on the number of workers. */
export async function observeRun(logs: RunLogs, options: ObserveOptions): Promise<void> {
  const discussions = await Array.fromAsync(logs.discussions());
  const { held, part, further = [], warn } = options;
  // A run's own code is loaded only once, so in this thread.
  const isWorth = discussions.length >= WORTH_WORKERS_MIN && navigator.hardwareConcurrency > 1 &&
    !held.hasOwnCode && part === undefined && further.length === 0 && !isAddress(logs.run.place);
  if (isWorth || options.workers !== undefined) {
    return await observeInBatches(logs, { ...options, discussions });
  }
  using pool = new TextPool();
  let failure: Error | null = null;
  const measure: MeasureTexts = (comments) =>
    pool.measure(comments).catch((error: Error) => {
      failure ??= error;
      return measureHere(comments);
    });
  await observeHere(logs, { ...options, discussions, measure });
  if (failure !== null) warn?.(withoutWorkers(`Measured texts of "${options.name}"`, failure));
}

function withoutWorkers(done: string, { message }: Error): string {
  const reason = message.replaceAll(/\s+/g, " ");
  return `${done} without workers, which takes longer and loses nothing, because workers failed: ${reason}`;
}

type Here = ObserveOptions & Readonly<{ discussions: readonly string[]; measure: MeasureTexts }>;

/** Reads logs in this thread. */
async function observeHere(
  { pieces }: RunLogs,
  { name, discussions, measure, tallies, take, read, part, further = [] }: Here,
): Promise<void> {
  const tally = new ObservationTally(name, measure, take, part);
  await readLogs({ discussions: () => discussions, pieces }, [...tallies.collectors, tally, ...further, {
    ended: read,
  }]);
  await tally.allTaken();
}

type InBatches = ObserveOptions & Readonly<{ discussions: readonly string[] }>;

/** Reads logs in workers, and adds up their counts in the order of the logs. */
async function observeInBatches(
  logs: RunLogs,
  { discussions, warn, ...options }: InBatches,
): Promise<void> {
  const { tallies, take, read, name, held: { declared, source, prices } } = options;
  const { place, log, manifest } = logs.run;
  const ends = log.kind === "kept" ? logEndsOf(log.log) : null;
  const module = new URL("./batch_worker.ts", import.meta.url);
  const first: RunToRead = { place, name, shards: manifest.shards, declared, source, prices };
  using pool = new WorkerPool<Batch, BatchRead, RunToRead>({ module, task: "read logs", first }, options);
  // What a worker cannot read is read again here, where errors have their kind and their place.
  const answerTo = (batch: Batch) => pool.ask(batch).catch((error: Error) => error);
  const asked: { batch: Batch; answer: Promise<BatchRead | Error> }[] = [];
  let [failure, logsHere]: [Error | null, number] = [null, 0];
  let next = 0;
  const ask = () => {
    const part = discussions.slice(next, next += BATCH_LOGS);
    if (part.length === 0) return;
    const own = ends && part.flatMap((name) => ends.has(name) ? [[name, ends.get(name)!] as const] : []);
    const drawn = tallies.fidelity.fewDraws;
    const batch = { discussions: part, ends: own, drawn };
    asked.push({ batch, answer: answerTo(batch) });
  };
  for (let ahead = 0; ahead < pool.workersMax * BATCHES_AHEAD; ahead++) ask();
  for (let one = asked.shift(); one !== undefined; one = asked.shift()) {
    let answer = await one.answer;
    ask();
    if (!(answer instanceof Error)) {
      const drawn = tallies.fidelity.drawsToCountAgain(answer.counted.fidelity, one.batch.drawn);
      // Rare: the discussions of the batches before have made the same draws.
      if (drawn.length > 0) answer = await answerTo({ ...one.batch, drawn });
    }
    if (answer instanceof Error) {
      const { discussions } = one.batch;
      await observeHere(logs, { ...options, discussions, measure: measureHere });
      failure ??= answer;
      logsHere += discussions.length;
      continue;
    }
    tallies.append(answer.counted);
    for (const observation of JSON.parse(answer.observations) as Observation[]) take(observation);
    for (const _ of one.batch.discussions) read();
  }
  if (failure !== null) warn?.(withoutWorkers(`Read ${plural(logsHere, "log")} of "${name}"`, failure));
}
