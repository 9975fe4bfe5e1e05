/** Simulates many workers on one database and one model, and prints what limits them. */
import {
  type DatabaseCosts,
  type ManyWorkersOptions,
  simulateManyWorkers,
} from "../../core/simulation/mod.ts";
import { SIMULATED_ON } from "../../core/testing/environments.ts";
import { table } from "../terminal/table.ts";
import { say } from "./number_options.ts";

/** The summary is plain text, so that it can be saved in a file. */
const PLAIN = { isTerminal: false, colours: false, columns: () => Infinity };

/** The costs of a database on two cores, as measured; see docs/explanation/many_workers.md. */
const COSTS: DatabaseCosts = {
  parallel: 2,
  append: 0.2,
  appendedEvent: 0.05,
  job: 1.5,
  exchange: 0.3,
  network: 0.2,
};

const WORLD = { latencyMs: 2_000, turnsPerJob: 20, settle: SIMULATED_ON.settle };
const WORKERS = [1, 2, 4, 8, 100, 500, 1_000];

type Series = Readonly<{
  title: string;
  workers?: readonly number[];
  of: (
    workers: number,
  ) => Omit<ManyWorkersOptions, "workers" | "costs" | keyof typeof WORLD> & { costs?: DatabaseCosts };
}>;

const SERIES: readonly Series[] = [
  {
    title: "One model that answers 64 requests at a time",
    of: () => ({ slots: 64, discussions: 64, countedMs: 60_000 }),
  },
  {
    title: "A model that answers 16 requests at a time for each worker",
    of: (workers) => ({ slots: 16 * workers, discussions: 16, countedMs: 20_000 }),
  },
  {
    title: "The same, on a database with eight cores",
    workers: [1_000],
    of: (workers) => ({
      slots: 16 * workers,
      discussions: 16,
      countedMs: 20_000,
      costs: { ...COSTS, parallel: 8 },
    }),
  },
  {
    title:
      "A model that refuses more than 64 requests at a time, while 256 are allowed: the workers learn it",
    of: () => ({ slots: 256, capacity: 64, isAdaptive: true, discussions: 64, countedMs: 120_000 }),
  },
];

const right = (title: string) => ({ title, align: "right" as const });
const COLUMNS = [
  "workers",
  "turns/s",
  "of what the model can give",
  "most in flight",
  "refused",
  "exchanges/s",
  "one takes",
  "database busy",
  "board busy",
  "turns of a worker",
].map(right);

const percent = (part: number) => `${Math.round(100 * part)} %`;

for (const { title, of, workers: counts = WORKERS } of SERIES) {
  const rows: string[][] = [];
  for (const workers of counts) {
    const options = of(workers);
    const report = await simulateManyWorkers({ costs: COSTS, ...WORLD, ...options, workers });
    rows.push([
      String(workers),
      report.turns.toFixed(1),
      percent(report.turns / report.turnsMax),
      `${report.inFlightMax} of ${options.slots}`,
      percent(report.refused),
      String(Math.round(report.exchanges)),
      `${report.exchangeMs.toFixed(1)} ms`,
      percent(report.databaseBusy),
      percent(report.boardBusy),
      `${report.fewest} to ${report.most}`,
    ]);
  }
  say(`${title}\n${table(PLAIN, COLUMNS, rows)}`);
}
